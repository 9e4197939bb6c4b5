noinst_LIBRARIES += %D%/libscreen.a

%C%_libscreen_a_SOURCES = \
	%D%/actions.c \
	%D%/engine.c \
	%D%/engine.h \
	%D%/frame.c \
	%D%/frame.h \
	%D%/history.c \
	%D%/history.h \
	%D%/keys.c \
	%D%/keys.h \
	%D%/line.c \
	%D%/line.h \
	%D%/mouse.c \
	%D%/pager.c \
	%D%/pager.h \
	%D%/prompt.c \
	%D%/prompt.h \
	%D%/redirect.c \
	%D%/redirect.h \
	%D%/rescue.c \
	%D%/rescue.h \
	%D%/screen.c \
	%D%/screen.h \
	%D%/scrollback.c \
	%D%/scrollback.h \
	%D%/search.c \
	%D%/signals.c \
	%D%/signals.h \
	%D%/state.h \
	%D%/terminal.c \
	%D%/terminal.h \
	%D%/workbench.c \
	%D%/workbench.h
%C%_libscreen_a_CPPFLAGS = $(AM_CPPFLAGS) $(READLINE_CFLAGS) $(NCURSESW_CFLAGS)
