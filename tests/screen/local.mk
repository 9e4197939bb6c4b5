# The workbench on a terminal that libvterm draws; skipped with a message where that is missing.
if HAVE_VTERM
check_PROGRAMS += %D%/vt
%C%_vt_SOURCES = %D%/vt.c tests/terminal.c tests/terminal.h
%C%_vt_CPPFLAGS = $(AM_CPPFLAGS) $(VTERM_CFLAGS)
%C%_vt_LDADD = $(VTERM_LIBS)
endif

TESTS += %D%/screen.sh %D%/features.sh
EXTRA_DIST += %D%/screen.sh %D%/features.sh %D%/latency.sh
