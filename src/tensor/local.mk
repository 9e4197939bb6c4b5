noinst_LIBRARIES += %D%/libtensor.a

%C%_libtensor_a_SOURCES = \
	%D%/tensor.c \
	%D%/tensor.h \
	%D%/dtype.c \
	%D%/blas.c \
	%D%/blas.h
%C%_libtensor_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENBLAS_CFLAGS)
