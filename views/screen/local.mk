noinst_LIBRARIES += %D%/libscreen.a

%C%_libscreen_a_SOURCES = \
	%D%/history.c \
	%D%/history.h \
	%D%/prompt.c \
	%D%/prompt.h \
	%D%/signals.c \
	%D%/signals.h \
	%D%/terminal.c \
	%D%/terminal.h \
	%D%/xdg.c \
	%D%/xdg.h
%C%_libscreen_a_CPPFLAGS = $(AM_CPPFLAGS) $(READLINE_CFLAGS) $(NCURSESW_CFLAGS)
