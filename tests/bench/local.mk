# make bench: never part of make check.
EXTRA_DIST += %D%/run.sh %D%/compare.py %D%/models.tcl %D%/peer_ort.py %D%/peer_torch.py

.PHONY: bench
bench: retort$(EXEEXT)
	RETORT='$(abs_top_builddir)/retort' $(SHELL) $(srcdir)/tests/bench/run.sh

# The kernels of convolution and of matrix products alone: make tests/bench/conv_bench, then run it.
EXTRA_PROGRAMS += %D%/blocked_bench %D%/conv_bench %D%/gemm_bench %D%/sparse_bench
%C%_blocked_bench_SOURCES = %D%/blocked_bench.c
%C%_blocked_bench_LDADD = $(RT_L2)
%C%_conv_bench_SOURCES = %D%/conv_bench.c
%C%_conv_bench_LDADD = $(RT_L2)
%C%_gemm_bench_SOURCES = %D%/gemm_bench.c
%C%_gemm_bench_LDADD = $(RT_L2)
%C%_sparse_bench_SOURCES = %D%/sparse_bench.c
%C%_sparse_bench_LDADD = $(RT_L2)
CLEANFILES += %D%/blocked_bench %D%/conv_bench %D%/gemm_bench %D%/sparse_bench
