# Readers under bytes of a fuzzer's making; see README.  The programs that end in -file take files, as
# `make check` does with the corpus, or standard input, as AFL++ does.
check_PROGRAMS += %D%/onnx-file %D%/arrays-file
%C%_onnx_file_SOURCES = %D%/main.c %D%/onnx.c %D%/target.h $(RT_TRY)
%C%_onnx_file_LDADD = $(RT_L6)
%C%_arrays_file_SOURCES = %D%/main.c %D%/arrays.c %D%/target.h $(RT_TRY)
%C%_arrays_file_LDADD = $(RT_L6)
TESTS += %D%/corpus.sh
EXTRA_DIST += %D%/corpus.sh %D%/README %D%/make.py %D%/ignore.txt %D%/corpus

# With libFuzzer's own main: clang only.
EXTRA_PROGRAMS += %D%/onnx-fuzz %D%/arrays-fuzz
%C%_onnx_fuzz_SOURCES = %D%/onnx.c %D%/target.h $(RT_TRY)
%C%_onnx_fuzz_LDADD = $(RT_L6)
%C%_onnx_fuzz_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
%C%_arrays_fuzz_SOURCES = %D%/arrays.c %D%/target.h $(RT_TRY)
%C%_arrays_fuzz_LDADD = $(RT_L6)
%C%_arrays_fuzz_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
CLEANFILES += %D%/onnx-fuzz %D%/arrays-fuzz

# make fuzz FUZZ=arrays FUZZ_SECONDS=60: the program once more, in a folder of its own.
FUZZ = onnx
FUZZ_SECONDS = 300
.PHONY: fuzz
fuzz:
	$(MKDIR_P) fuzz/found/$(FUZZ)
	cd fuzz && { test -f Makefile || $(abs_top_srcdir)/configure --quiet CC='$(FUZZ_CC)' \
		--enable-sanitizers=address,undefined CFLAGS='$(FUZZ_CFLAGS)'; }
	cd fuzz && $(MAKE) $(AM_MAKEFLAGS) tests/fuzz/$(FUZZ)-fuzz
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 fuzz/tests/fuzz/$(FUZZ)-fuzz \
		-max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
		-artifact_prefix=fuzz/found/ fuzz/found/$(FUZZ) $(srcdir)/tests/fuzz/corpus/$(FUZZ)
FUZZ_CC = clang
FUZZ_IGNORE = $(abs_top_srcdir)/tests/fuzz/ignore.txt
FUZZ_CFLAGS = -O1 -g -fsanitize=fuzzer-no-link -fsanitize-ignorelist=$(FUZZ_IGNORE) \
	-fsanitize-coverage-ignorelist=$(FUZZ_IGNORE)
