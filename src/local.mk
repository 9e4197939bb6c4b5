# The layers, lowest first; a layer links only with those above it in this list.
include %D%/base/local.mk
include %D%/tensor/local.mk
include %D%/graph/local.mk
include %D%/ops/local.mk
include %D%/io/local.mk
include %D%/exec/local.mk
include %D%/train/local.mk
include %D%/explain/local.mk
include %D%/distill/local.mk
include %D%/compress/local.mk
include %D%/session/local.mk
include %D%/shell/local.mk
include %D%/cmd/local.mk

EXTRA_DIST += %D%/README %D%/m4/retort.m4

bin_PROGRAMS += retort
retort_SOURCES = %D%/main.c
retort_LDADD = \
	views/screen/libscreen.a \
	src/cmd/libcmd.a \
	src/shell/libshell.a \
	views/libviews.a \
	src/session/libsession.a \
	src/compress/libcompress.a \
	src/distill/libdistill.a \
	src/explain/libexplain.a \
	src/train/libtrain.a \
	src/exec/libexec.a \
	src/io/libio.a \
	src/ops/libops.a \
	src/graph/libgraph.a \
	src/tensor/libtensor.a \
	src/base/libbase.a \
	$(TCL_LIBS) $(READLINE_LIBS) $(NCURSESW_LIBS) \
	$(PROTOBUF_C_LIBS) $(LIBPNG_LIBS) $(ZLIB_LIBS) $(OPENBLAS_LIBS) -lm
