noinst_LIBRARIES += %D%/libbase.a

%C%_libbase_a_SOURCES = \
	%D%/big.c \
	%D%/big.h \
	%D%/err.c \
	%D%/err.h \
	%D%/file.c \
	%D%/file.h \
	%D%/mem.c \
	%D%/mem.h \
	%D%/params.c \
	%D%/rng.c \
	%D%/rng.h \
	%D%/row.c \
	%D%/row.h \
	%D%/str.c \
	%D%/str.h \
	%D%/sys.c \
	%D%/threads.c \
	%D%/sys.h \
	%D%/val.c \
	%D%/val.h \
	%D%/xdg.c \
	%D%/xdg.h

# Where the program finds its own files; see rt_home_find().
%C%_libbase_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DRT_PKGDATADIR='"$(pkgdatadir)"' \
	-DRT_SOURCE_HOME='"$(abs_top_srcdir)/examples"' \
	-DRT_BUILD_DIR='"$(abs_top_builddir)"'
