noinst_LIBRARIES += %D%/libops.a

%C%_libops_a_SOURCES = \
	%D%/list.c \
	%D%/list.h \
	%D%/ops.h \
	%D%/fused_conv.c \
	%D%/fused_conv.h \
	%D%/identity.c \
	%D%/average_pool.c \
	%D%/batch_normalization.c \
	%D%/conv.c \
	%D%/dropout.c \
	%D%/gather.c \
	%D%/gemm.c \
	%D%/global_average_pool.c \
	%D%/global_max_pool.c \
	%D%/layer_normalization.c \
	%D%/line.c \
	%D%/line.h \
	%D%/log_softmax.c \
	%D%/mat_mul.c \
	%D%/max_pool.c \
	%D%/plane.c \
	%D%/plane.h \
	%D%/softmax.c \
	%D%/want.c \
	%D%/want.h \
	%D%/window.c \
	%D%/window.h
