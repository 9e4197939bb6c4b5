/* shell.c - the commands about the shell itself: help, apropos, log, quit. */
#include "config.h"

#include "cmd/cmds.h"
#include "shell/shell.h"

#include <stddef.h>

/* --- help, apropos ------------------------------------------------------------------------- */

struct help_params {
	struct rt_strings words;
};

static const struct rt_opt help_opts[] = {
	{.name = "topic", .summary = "a command, or a kind of thing and the name of one",
	 .type = RT_STRINGS, .offset = offsetof(struct help_params, words), .of = "topic",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REST},
	{0},
};

static enum rt_status run_help(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct help_params *p = params;

	return rt_help(ctx->shell, p->words.n, (const char *const *)p->words.v, &reply->text, err);
}

const struct rt_cmd rt_cmd_help = {
	.row = {"help", "explain a command, an option's choices, or everything there is", help_opts,
		sizeof(struct help_params)},
	.help = "Without a topic it lists all commands.  A topic is a command (model new), a\n"
		"noun (model), a kind of thing (optimizer) or one of them (optimizer sgd). At\n"
		"the prompt ?name is short for help name.",
	.examples = "help\nhelp help",
	.see = "apropos",
	.run = run_help,
};

struct apropos_params {
	char *word;
};

static const struct rt_opt apropos_opts[] = {
	{.name = "word", .summary = "what to look for; upper and lower case are the same",
	 .type = RT_STRING, .offset = offsetof(struct apropos_params, word),
	 .example = "temperature",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_apropos(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				  struct rt_err *err)
{
	const struct apropos_params *p = params;

	if (!*p->word)
		return rt_fail(err, RT_EINVAL, "nothing to look for   (try: apropos temperature)");
	if (rt_apropos(ctx->shell, p->word, &reply->text) == 0)
		return rt_fail(err, RT_ENOTFOUND, "nothing mentions \"%s\"", p->word);
	return RT_OK;
}

const struct rt_cmd rt_cmd_apropos = {
	.row = {"apropos", "search the commands and topics for a word", apropos_opts,
		sizeof(struct apropos_params)},
	.help = "Names, summaries, options, choices and help texts are searched.",
	.examples = "apropos help",
	.see = "help",
	.run = run_apropos,
};

/* --- log ----------------------------------------------------------------------------------- */

struct log_params {
	char *file;
};

static const struct rt_opt log_opts[] = {
	{.name = "file", .summary = "where to write; a file that exists is continued",
	 .type = RT_STRING, .offset = offsetof(struct log_params, file), .of = "file",
	 .example = "session.tcl", .flags = RT_OPT_POSITIONAL},
	{0},
};

static enum rt_status run_log(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			      struct rt_err *err)
{
	const struct log_params *p = params;
	const char *path;

	if (p->file)
		RT_TRY(rt_shell_log_start(ctx->shell, p->file, err));
	path = rt_shell_log_path(ctx->shell);
	reply->value = rt_val_string(path ? path : "");
	if (path)
		rt_str_addf(&reply->text, "transcript goes to %s", path);
	else
		rt_str_add(&reply->text, "no transcript is being written");
	return RT_OK;
}

const struct rt_cmd rt_cmd_log = {
	.row = {"log", "write a transcript that can be run again", log_opts,
		sizeof(struct log_params)},
	.help = "From now on every command is added to the file as it was typed, and its reply\n"
		"as comments below it; a command that failed is a comment too.  So the file is\n"
		"a report to read and a script to run.  Without a file it tells where the\n"
		"transcript goes.",
	.examples = "log\nlog session.tcl\nlog stop",
	.see = "log stop",
	.run = run_log,
};

static enum rt_status run_log_stop(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				   struct rt_err *err)
{
	const char *path = rt_shell_log_path(ctx->shell);

	(void)params;
	if (path)
		rt_str_addf(&reply->text, "transcript closed: %s", path);
	return rt_shell_log_stop(ctx->shell, err);
}

const struct rt_cmd rt_cmd_log_stop = {
	.row = {"log stop", "end the transcript", NULL, 0},
	.help = "The file is complete after every command; this only stops adding to it.",
	.examples = "log session.tcl\nlog stop",
	.see = "log",
	.run = run_log_stop,
};

/* --- quit, exit ---------------------------------------------------------------------------- */

struct quit_params {
	int64_t code;
};

static const struct rt_opt quit_opts[] = {
	{.name = "code", .summary = "the exit code of the program", .type = RT_INT,
	 .offset = offsetof(struct quit_params, code), .init = "0", .min = 0, .max = 255,
	 .flags = RT_OPT_POSITIONAL},
	{0},
};

static enum rt_status run_quit(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct quit_params *p = params;

	(void)reply;
	(void)err;
	rt_shell_quit(ctx->shell, (int)p->code);
	return RT_OK;
}

const struct rt_cmd rt_cmd_quit = {
	.row = {"quit", "leave the program", quit_opts, sizeof(struct quit_params)},
	.help = "Nothing that follows in a script is run.  Ctrl-D at the prompt does the same.",
	.examples = "quit",
	.see = "exit",
	.run = run_quit,
};

const struct rt_cmd rt_cmd_exit = {
	.row = {"exit", "leave the program", quit_opts, sizeof(struct quit_params)},
	.help = "The same as quit.",
	.examples = "exit",
	.see = "quit",
	.run = run_quit,
};
