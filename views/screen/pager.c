/* pager.c - long output through the user's pager, at a plain prompt. */
#include "config.h"

#include "views/screen/pager.h"

#include "base/sys.h"
#include "views/screen/signals.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { NOT_FOUND = 127 };

/* Rows that text takes on a terminal w columns wide, counting bytes that begin a character. */
static int rows(const char *text, int w)
{
	int n = 0, column = 0;

	for (; *text; text++) {
		if (*text == '\n') {
			n++;
			column = 0;
		} else if ((*text & 0xc0) != 0x80 && ++column > w) {
			n++;
			column = 1;
		}
	}
	return n + (column > 0);
}

/* The text lies in a file, so that a pager that is left early breaks no pipe. */
static bool run(const char *command, FILE *text)
{
	char shell[] = "sh", option[] = "-c", *copy = strdup(command);
	char *argv[] = {shell, option, copy, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all;
	int status = 0, failed;
	pid_t pid;

	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, fileno(text), STDIN_FILENO);
	failed = posix_spawn(&pid, "/bin/sh", &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	free(copy);
	if (failed)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return !WIFEXITED(status) || WEXITSTATUS(status) != NOT_FOUND;
}

bool rt_pager_show(const struct rt_terminal *term, const char *text)
{
	const char *pager = getenv("PAGER"), *name = getenv("TERM");
	FILE *file;
	bool shown;

	if (!name || !*name || strcmp(name, "dumb") == 0 || (pager && !*pager) ||
	    rows(text, term->width) < term->height)
		return false;
	file = tmpfile();
	if (!file)
		return false;
	fputs(text, file);
	fflush(file);
	rewind(file);
	/* less: leave where all fits, keep colours, keep the screen */
	setenv("LESS", "FRX", 0);
	rt_signals_lend(true);
	shown = run(pager ? pager : "less", file);
	rt_signals_lend(false);
	fclose(file);
	return shown;
}
