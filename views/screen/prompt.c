/* prompt.c - the plain prompt: readline's callback interface in one poll loop with the signals. */
#include "config.h"

#include "base/str.h"
#include "base/sys.h"
#include "base/xdg.h"
#include "views/screen/history.h"
#include "views/screen/line.h"
#include "views/screen/pager.h"
#include "views/screen/prompt.h"
#include "views/screen/rescue.h"
#include "views/screen/signals.h"
#include "views/screen/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <readline/readline.h>

static const char first_prompt[] = "retort> ";
static const char next_prompt[] = "   ...> ";

/* Readline has one line under way in a process, and its callbacks take no argument. */
static struct {
	const struct rt_prompt *p;
	struct rt_str pending;		/* the lines of a command that is not whole yet */
	bool leaving;
	int code;
} now;

/* --- lines --------------------------------------------------------------------------------- */

static void leave(int code)
{
	now.leaving = true;
	now.code = code;
	rl_callback_handler_remove();
}

static void run_pending(void)
{
	char *text = rt_str_take(&now.pending);
	int code;

	if (text[strspn(text, " \t\n")]) {
		size_t n = strlen(text);

		text[n - 1] = '\0';	/* the newline of the last line */
		rt_history_add(text);
		rt_signals_busy_begin(text);
		rt_shell_line(now.p->shell, text);
		rt_signals_busy_end();
	}
	free(text);
	if (rt_shell_quitting(now.p->shell, &code))
		leave(code);
}

static void on_line(char *line)
{
	if (!line) {
		printf("\n");
		leave(0);
		return;
	}
	rt_str_add(&now.pending, line);
	rt_str_addc(&now.pending, '\n');
	free(line);
	if (!rt_shell_whole(now.pending.text)) {
		rl_set_prompt(next_prompt);
		return;
	}
	rl_set_prompt(first_prompt);
	run_pending();
}

/* --- signals ------------------------------------------------------------------------------- */

static void restart(void)
{
	rl_callback_handler_remove();
	rl_callback_handler_install(first_prompt, on_line);
}

static void discard_line(void)
{
	rl_callback_sigcleanup();
	tcflush(STDIN_FILENO, TCIFLUSH);
	rt_str_clear(&now.pending);
	rt_cancel_clear();
	printf("^C\n");
	fflush(stdout);
	restart();
}

static void suspend(void)
{
	rl_deprep_terminal();
	rt_signals_suspend();
	rt_line_prepare(1);
	rl_forced_update_display();
}

static void on_signal(int sig)
{
	if (sig == SIGINT)
		discard_line();
	else if (sig == SIGTSTP)
		suspend();
	else if (sig == SIGTERM || sig == SIGHUP)
		leave(128 + sig);
	if (sig == SIGWINCH || sig == SIGTSTP) {
		rt_terminal_resize(now.p->term);
		rl_resize_terminal();
	}
}

static void handle_signals(void)
{
	int sig;

	while (!now.leaving && (sig = rt_signals_next()) != 0)
		on_signal(sig);
}

/* --- the prompt ---------------------------------------------------------------------------- */

static void run_rc(void)
{
	char *path = rt_xdg_path("XDG_CONFIG_HOME", ".config", "retortrc");
	int code;

	if (path && access(path, F_OK) == 0) {
		rt_signals_busy_begin(path);
		rt_batch_file(now.p->shell, path, false);
		rt_signals_busy_end();
	}
	free(path);
	if (rt_shell_quitting(now.p->shell, &code))
		leave(code);
}

static void loop(void)
{
	struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
			       {.fd = rt_signals_fd(), .events = POLLIN}};

	while (!now.leaving) {
		int n = poll(fds, 2, -1);

		if (n < 0 && errno != EINTR)
			leave(1);
		if (n > 0 && fds[1].revents)
			handle_signals();
		if (n > 0 && !now.leaving && fds[0].revents)
			rl_callback_read_char();
	}
}

int rt_prompt_run(const struct rt_prompt *p)
{
	now.p = p;
	now.leaving = false;
	now.code = 0;
	rt_signals_prompt();
	rt_rescue_ready(p->session);
	rt_shell_pager_set(p->shell, rt_pager_show);
	rt_line_set_up(p->shell, &now.pending);
	rt_history_load();
	if (!p->quiet)
		printf("retort %s   help lists the commands, Tab completes, Ctrl-D leaves\n",
		       PACKAGE_VERSION);
	fflush(stdout);
	if (!p->no_rc)
		run_rc();
	if (!now.leaving)
		rl_callback_handler_install(first_prompt, on_line);
	loop();
	rt_history_save();
	rt_shell_pager_set(p->shell, NULL);
	rt_str_release(&now.pending);
	return now.code;
}
