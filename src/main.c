/* main.c - the program: options, then a script, commands, or the prompt. */
#include "config.h"

#include "base/big.h"
#include "base/sys.h"
#include "cmd/cmds.h"
#include "session/session.h"
#include "shell/shell.h"
#include "views/layout.h"
#include "views/screen/prompt.h"
#include "views/screen/screen.h"
#include "views/screen/signals.h"
#include "views/screen/terminal.h"
#include "views/screen/workbench.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

enum { PAGE_RETORT, PAGE_COMMANDS };	/* --man */

/* What only prints: --help, --version, --man, --bash-completion; false when there is more to do. */
static bool printed(const struct rt_options *o, struct rt_shell *sh)
{
	struct rt_str out = {0};

	if (o->help)
		rt_program_usage(&out);
	else if (o->version)
		rt_str_addf(&out, "retort %s\n", PACKAGE_VERSION);
	else if (o->man == PAGE_RETORT)
		rt_man_program(sh, &out);
	else if (o->man == PAGE_COMMANDS)
		rt_man_commands(sh, &out);
	else if (o->bash_completion)
		rt_bash_completion(sh, &out);
	else
		return false;
	rt_shell_print(sh, rt_str_text(&out));
	rt_str_release(&out);
	return true;
}

static int run_commands(struct rt_shell *sh, const struct rt_options *o)
{
	int code = 0, ignored;

	for (int i = 0; i < o->commands.n; i++) {
		int one = rt_batch_text(sh, "-e", o->commands.v[i], o->keep_going);

		code = code ? code : one;
		if (rt_shell_quitting(sh, &ignored) || one == 130)
			return one;
		if (one && !o->keep_going)
			break;
	}
	return code;
}

static int run(struct rt_shell *sh, struct rt_session *session, const struct rt_options *o,
	       struct rt_terminal *term, int argc, char **argv)
{
	const char *file = o->commands.n == 0 && argc > 0 ? argv[0] : NULL;
	int skip = file ? 1 : 0;

	if (printed(o, sh))
		return rt_shell_flush(sh) ? 0 : 1;
	rt_shell_quiet(sh, o->quiet);
	rt_shell_args(sh, file ? file : "retort", argc - skip, (const char *const *)argv + skip);
	if (!file && o->commands.n == 0 && rt_terminal_both()) {
		struct rt_prompt prompt = {sh, term, o->quiet, o->no_rc, session};

		if (o->plain)
			term->plain = "--plain was asked for";
		else if (rt_screen_capable(&term->plain))
			return rt_workbench_run(&prompt, session);
		return rt_prompt_run(&prompt);
	}
	term->plain = "a script, or input or output is no terminal";
	rt_signals_batch();
	if (o->commands.n > 0)
		return run_commands(sh, o);
	if (file && rt_batch_is_command(sh, file))
		return rt_batch_command(sh, argc, (const char *const *)argv);
	if (file && strcmp(file, "-") != 0)
		return rt_batch_file(sh, file, o->keep_going);
	return rt_batch_stdin(sh, o->keep_going);
}

/* Threads wait for each other by spinning.  Where other programs want the cores, too, the default
 * of the OpenMP libraries costs up to ten times the work itself, so waiting is kept short: some
 * tens of microseconds, about what waking a thread costs, and what the small operators between two
 * large ones take for one sample.  They read their settings before main() runs: the program starts
 * itself once more with them.  Whoever has set one of them is left alone. */
static void keep_waits_short(char **argv)
{
	static const char *const spin[] = {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "KMP_BLOCKTIME"};

	for (size_t i = 0; i < RT_COUNT(spin); i++)
		if (getenv(spin[i]))
			return;
	setenv("GOMP_SPINCOUNT", "5000", 1);
	setenv("KMP_BLOCKTIME", "0", 1);
	execv("/proc/self/exe", argv);
	/* without /proc it runs as it is */
}

int main(int argc, char **argv)
{
	struct rt_options options;
	struct rt_terminal term;
	struct rt_session *session;
	struct rt_shell *sh;
	struct rt_err err;
	int next, code;

	keep_waits_short(argv);
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	if (rt_options_parse(&options, argc, argv, &next, &err) != RT_OK) {
		fprintf(stderr, "retort: %s\n", err.msg);
		rt_params_release(&rt_program, &options);
		return EXIT_USAGE;
	}
	if (options.threads != RT_UNSET_INT)
		rt_threads_set((int)options.threads);
	if (options.memory != RT_UNSET_INT)
		rt_big_limit_set((size_t)options.memory << 20);
	rt_terminal_detect(&term, (enum rt_color_when)options.color, options.ascii);
	session = rt_session_new((uint64_t)options.seed);
	sh = rt_shell_new(&rt_commands, session, &term);
	for (int i = 0; rt_topics[i]; i++)
		rt_shell_add_list(sh, rt_topics[i]);
	rt_shell_add_names(sh, rt_layouts.noun, rt_layout_names);
	code = run(sh, session, &options, &term, argc - next, argv + next);
	rt_shell_free(sh);
	rt_session_free(session);
	rt_params_release(&rt_program, &options);
	return code;
}
