noinst_LIBRARIES += %D%/libio.a

%C%_libio_a_SOURCES = \
	%D%/bytes.h \
	%D%/csv.c \
	%D%/csv.h \
	%D%/gz.c \
	%D%/gz.h \
	%D%/idx.c \
	%D%/idx.h \
	%D%/image.c \
	%D%/npy.c \
	%D%/npy.h \
	%D%/png.c \
	%D%/png.h \
	%D%/zip.c \
	%D%/zip.h
