noinst_LIBRARIES += %D%/libshell.a

%C%_libshell_a_SOURCES = \
	%D%/batch.c \
	%D%/cmd.h \
	%D%/complete.c \
	%D%/dispatch.c \
	%D%/help.c \
	%D%/html.c \
	%D%/html.h \
	%D%/interp.c \
	%D%/interp.h \
	%D%/line.c \
	%D%/lesson.c \
	%D%/lesson.h \
	%D%/locate.c \
	%D%/log.c \
	%D%/man.c \
	%D%/names.c \
	%D%/options.c \
	%D%/page.c \
	%D%/place.c \
	%D%/progress.c \
	%D%/record.c \
	%D%/shell.c \
	%D%/shell.h \
	%D%/state.h \
	%D%/text.c \
	%D%/tutorial.c \
	%D%/zoo.c \
	%D%/zoo_scale.c
%C%_libshell_a_CPPFLAGS = $(AM_CPPFLAGS) $(TCL_CFLAGS)
