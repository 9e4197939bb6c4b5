/* line.c - one line of the prompt: commands, `?name`, `!command of the system`. */
#include "config.h"

#include "base/mem.h"
#include "shell/state.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

bool rt_shell_whole(const char *text)
{
	const char *start = text + strspn(text, " \t\n");

	return *start == '!' || *start == '?' || rt_interp_whole(text);
}

static enum rt_status tell(struct rt_shell *sh, const struct rt_err *err)
{
	rt_progress_clear(sh);
	rt_shell_flush(sh);
	if (!sh->quitting)
		fprintf(stderr, "%s\n", err->msg);
	return err->status;
}

/* The child starts with the signals that the prompt has taken for itself, on the terminal fds. */
static enum rt_status spawn(pid_t *pid, const char *command, const int fds[3], struct rt_err *err)
{
	char shell[] = "sh", option[] = "-c", *copy = rt_strdup(command);
	char *argv[] = {shell, option, copy, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int failed;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&files);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&files, fds[i], i);
	failed = posix_spawn(pid, "/bin/sh", &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	free(copy);
	if (failed)
		return rt_fail(err, RT_EIO, "cannot run /bin/sh: %s", strerror(failed));
	return RT_OK;
}

/* The screen would cover what the program has written: it comes back when that has been read. */
static void wait_for_enter(const int fds[3])
{
	static const char text[] = "\n[Enter returns to the workbench] ";
	char c = 0;

	if (write(fds[1], text, sizeof(text) - 1) < 0)
		return;
	while (c != '\n' && read(fds[0], &c, 1) == 1)
		;
}

static enum rt_status run_system(struct rt_shell *sh, const char *command, struct rt_err *err)
{
	const struct rt_screen *screen = sh->screen;
	int fds[3] = {0, 1, 2}, status = 0;
	bool covered;
	pid_t pid;
	enum rt_status spawned;

	rt_shell_flush(sh);
	covered = screen && screen->lend(screen->self, true, fds);
	spawned = spawn(&pid, command, fds, err);
	while (spawned == RT_OK && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (covered && spawned == RT_OK)
		wait_for_enter(fds);
	if (screen)
		screen->lend(screen->self, false, fds);
	RT_TRY(spawned);
	if (WIFSIGNALED(status))
		return rt_fail(err, RT_EIO, "ended by signal %d (%s)", WTERMSIG(status),
			       strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return rt_fail(err, RT_EIO, "exit status %d", WEXITSTATUS(status));
	return RT_OK;
}

static enum rt_status explain(struct rt_shell *sh, const char *text, struct rt_err *err)
{
	struct rt_str out = {0};
	char *copy = rt_strdup(text), *rest = copy, *word;
	const char *words[4];
	int n = 0;
	enum rt_status status;

	while (n < 4 && (word = strtok_r(rest, " \t\n", &rest)))
		words[n++] = word;
	status = rt_help(sh, n, words, &out, err);
	sh->interactive = true;
	if (status == RT_OK)
		rt_shell_print(sh, rt_str_text(&out));
	sh->interactive = false;
	free(copy);
	rt_str_release(&out);
	return status;
}

static enum rt_status run_tcl(struct rt_shell *sh, const char *text, struct rt_err *err)
{
	struct rt_script s = {.text = text, .line = 1};
	enum rt_status status = RT_OK;

	sh->interactive = true;
	while (status == RT_OK && !s.done) {
		status = rt_interp_step(sh->interp, &s, err);
		if (status == RT_OK && !s.ours && s.len > 0)
			rt_shell_print(sh, rt_interp_result(sh->interp));
		rt_record_command(sh, text + s.from, s.len, status != RT_OK ? err->msg : NULL);
		if (status != RT_OK)
			rt_str_add(&sh->log.reply, err->msg);
		rt_log_command(sh, text + s.from, s.len, status != RT_OK);
		rt_tutorial_after(sh, text + s.from, s.len, status != RT_OK);
	}
	sh->interactive = false;
	return status;
}

enum rt_status rt_shell_line(struct rt_shell *sh, const char *text)
{
	const char *start = text + strspn(text, " \t\n");
	struct rt_err err = {0};
	enum rt_status status;

	if (*start == '!')
		status = run_system(sh, start + 1, &err);
	else if (*start == '?')
		status = explain(sh, start + 1, &err);
	else
		status = run_tcl(sh, text, &err);
	if (status != RT_OK)
		return tell(sh, &err);
	rt_shell_flush(sh);
	return RT_OK;
}
