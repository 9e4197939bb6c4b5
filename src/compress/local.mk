noinst_LIBRARIES += %D%/libcompress.a

%C%_libcompress_a_SOURCES = \
	%D%/compress.c
