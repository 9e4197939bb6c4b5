noinst_LIBRARIES += %D%/libexec.a

%C%_libexec_a_SOURCES = \
	%D%/plan.c \
	%D%/plan.h
