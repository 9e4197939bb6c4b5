noinst_LIBRARIES += %D%/libtensor.a

%C%_libtensor_a_SOURCES = \
	%D%/recurrent_impl.h \
	%D%/recurrent.h \
	%D%/recurrent.c \
	%D%/rnn.c \
	%D%/lstm.c \
	%D%/gru.c \
	%D%/tensor.c \
	%D%/tensor.h \
	%D%/dtype.c \
	%D%/peak.c \
	%D%/peak.h \
	%D%/blas.c \
	%D%/blas.h \
	%D%/binary.c \
	%D%/binary.h \
	%D%/binary_line.c \
	%D%/compare.c \
	%D%/compare.h \
	%D%/fmath.h \
	%D%/isa.h \
	%D%/layout.c \
	%D%/layout.h \
	%D%/nest.c \
	%D%/nest.h \
	%D%/order.c \
	%D%/order.h \
	%D%/pointwise.c \
	%D%/pointwise.h \
	%D%/pointwise_avx2.c \
	%D%/pointwise_avx512.c \
	%D%/pointwise_base.c \
	%D%/pointwise_isa.h \
	%D%/pointwise_table.h \
	%D%/pointwise_wide.c \
	%D%/quant.c \
	%D%/quant.h \
	%D%/reduce.c \
	%D%/reduce.h \
	%D%/reduce_grad.c \
	%D%/conv.c \
	%D%/conv.h \
	%D%/conv_depthwise.c \
	%D%/conv_gemm.c \
	%D%/conv_kernel.h \
	%D%/norm.c \
	%D%/norm.h \
	%D%/parallel.h \
	%D%/pool.c \
	%D%/pool.h \
	%D%/softmax.c \
	%D%/softmax.h \
	%D%/window.h
%C%_libtensor_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENBLAS_CFLAGS)
