# make bench: never part of make check.
EXTRA_DIST += %D%/run.sh %D%/compare.py %D%/peer_torch.py

.PHONY: bench
bench: retort$(EXEEXT)
	RETORT='$(abs_top_builddir)/retort' $(SHELL) $(srcdir)/tests/bench/run.sh
