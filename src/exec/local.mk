noinst_LIBRARIES += %D%/libexec.a

%C%_libexec_a_SOURCES = \
	%D%/arena.c \
	%D%/blocked.c \
	%D%/blocked.h \
	%D%/blocked_choose.c \
	%D%/blocked_match.c \
	%D%/blocked_times.c \
	%D%/constant.c \
	%D%/control.c \
	%D%/control.h \
	%D%/eager.c \
	%D%/eager.h \
	%D%/fuse.c \
	%D%/fuse_gelu.c \
	%D%/fuse_pool.c \
	%D%/fuse_product.c \
	%D%/fuse_training.c \
	%D%/gradients.c \
	%D%/impl.h \
	%D%/int8.c \
	%D%/int8.h \
	%D%/int8_match.c \
	%D%/int8_move.c \
	%D%/kept.c \
	%D%/memory.c \
	%D%/plan.c \
	%D%/plan.h \
	%D%/product_loops.c \
	%D%/product_loops.h \
	%D%/run.c \
	%D%/slices.c \
	%D%/sparse.c \
	%D%/strides.c \
	%D%/strides.h
