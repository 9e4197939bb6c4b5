noinst_LIBRARIES += %D%/libdistill.a

%C%_libdistill_a_SOURCES = \
	%D%/bench.c \
	%D%/bench.h \
	%D%/bench_growth.c \
	%D%/bench_impl.h \
	%D%/bench_kernels.c \
	%D%/distill.c \
	%D%/distill.h \
	%D%/logit_regression.c \
	%D%/methods.c \
	%D%/methods.h \
	%D%/soft_targets.c \
	%D%/teacher.c \
	%D%/teacher.h
