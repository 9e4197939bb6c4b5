# The pages and the completion are written from the rows by the program itself and kept in the tree, so
# that a tarball builds without running it; tests/cli/manual.sh fails when they are out of date.
dist_man_MANS += %D%/retort.1 %D%/retort-commands.7

bashcompdir = $(datarootdir)/bash-completion/completions
dist_bashcomp_DATA = %D%/bash/retort

.PHONY: man
man: retort$(EXEEXT)
	./retort --man retort >$(srcdir)/%D%/retort.1
	./retort --man retort-commands >$(srcdir)/%D%/retort-commands.7
	./retort --bash-completion >$(srcdir)/%D%/bash/retort
