noinst_LIBRARIES += %D%/libio.a

%C%_libio_a_SOURCES = \
	%D%/io.c
