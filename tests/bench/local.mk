# make bench: never part of make check.
EXTRA_DIST += %D%/run.sh %D%/compare.py %D%/peer_torch.py

.PHONY: bench
bench: retort$(EXEEXT)
	RETORT='$(abs_top_builddir)/retort' $(SHELL) $(srcdir)/tests/bench/run.sh

# The convolution kernels alone: make tests/bench/conv_bench, then run it.
EXTRA_PROGRAMS = %D%/conv_bench
%C%_conv_bench_SOURCES = %D%/conv_bench.c
%C%_conv_bench_LDADD = $(RT_L2)
CLEANFILES += %D%/conv_bench
