# The program as a whole: shell scripts that print TAP, some of them through a terminal.
TEST_EXTENSIONS = .sh
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = $(SHELL)

check_PROGRAMS += %D%/pty
%C%_pty_SOURCES = %D%/pty.c tests/terminal.c tests/terminal.h

RT_CLI = \
	%D%/batch.sh \
	%D%/bench.sh \
	%D%/checkpoint.sh \
	%D%/errors.sh \
	%D%/examples.sh \
	%D%/exported.sh \
	%D%/lessons.sh \
	%D%/manual.sh \
	%D%/models.sh \
	%D%/patterns.sh \
	%D%/prompt.sh \
	%D%/published.sh \
	%D%/report.sh \
	%D%/readme.sh \
	%D%/roundtrip.sh \
	%D%/session.sh \
	%D%/zoo.sh
TESTS += $(RT_CLI)
EXTRA_DIST += $(RT_CLI) %D%/lib.sh %D%/check.tcl %D%/exported.tcl %D%/published.tcl %D%/session.tcl
