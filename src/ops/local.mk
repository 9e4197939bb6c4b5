noinst_LIBRARIES += %D%/libops.a

%C%_libops_a_SOURCES = \
	%D%/list.c \
	%D%/list.h \
	%D%/ops.h \
	%D%/identity.c
