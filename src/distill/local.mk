noinst_LIBRARIES += %D%/libdistill.a

%C%_libdistill_a_SOURCES = \
	%D%/distill.c
