/* tutorial.c - tutorial: lessons that are read and done at the prompt. */
#include "config.h"

#include "cmd/cmds.h"
#include "shell/shell.h"

#include <stddef.h>

struct tutorial_params {
	char *name;
	bool restart;
};

static const struct rt_opt tutorial_opts[] = {
	{.name = "name",
	 .summary = "a lesson by name or number, or a file; default: the one left last",
	 .type = RT_STRING,
	 .offset = offsetof(struct tutorial_params, name),
	 .of = "lesson",
	 .example = "first",
	 .flags = RT_OPT_POSITIONAL},
	{"restart", "begin at the first step", RT_BOOL, offsetof(struct tutorial_params, restart),
	 "no"},
	{0},
};

static enum rt_status run_tutorial(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				   struct rt_err *err)
{
	const struct tutorial_params *p = params;

	return rt_tutorial_begin(ctx->shell, p->name, p->restart, &reply->text, err);
}

const struct rt_cmd rt_cmd_tutorial = {
	.row = {"tutorial", "begin a lesson, or go on with it", tutorial_opts,
		sizeof(struct tutorial_params)},
	.help = "A lesson shows one step at a time: some text, and a command to try.  After\n"
		"each command that you type, the lesson looks whether the step is done, and\n"
		"shows the next; whatever else you want to try in between is welcome.  The\n"
		"place is kept when you leave; going on in a new session runs the earlier steps\n"
		"again.  Lessons are text files, so you can write your own: see lessons/README\n"
		"among the program's files.",
	.examples = "tutorial list\ntutorial first\ntutorial stop",
	.see = "tutorial list tutorial play tutorial next tutorial hint help",
	.flags = RT_CMD_LONG,
	.run = run_tutorial,
};

static enum rt_status run_list(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	(void)params;
	reply->value = rt_val_list();
	return rt_tutorial_list(ctx->shell, &reply->text, reply->value, err);
}

const struct rt_cmd rt_cmd_tutorial_list = {
	.row = {"tutorial list", "list the lessons, and how far you are", NULL, 0},
	.help = "Files lessons/*.txt among the program's own files and in the folders of\n"
		"RETORT_DATA.",
	.examples = "tutorial list",
	.see = "tutorial",
	.run = run_list,
};

#define MOVE(verb)                                                                                 \
	static enum rt_status run_##verb(struct rt_ctx *ctx, const void *params,                   \
					 struct rt_reply *reply, struct rt_err *err)               \
	{                                                                                          \
		(void)params;                                                                      \
		return rt_tutorial_##verb(ctx->shell, &reply->text, err);                          \
	}
MOVE(next)
MOVE(back)
MOVE(hint)
MOVE(skip)
MOVE(stop)

const struct rt_cmd rt_cmd_tutorial_next = {
	.row = {"tutorial next", "go on to the next step of a lesson", NULL, 0},
	.help = "Only when the step is done; tutorial skip does it for you.",
	.examples = "tutorial first -restart yes\ndata load digits\ntutorial back\ntutorial "
		    "next\ntutorial stop",
	.see = "tutorial skip tutorial back",
	.run = run_next,
};

const struct rt_cmd rt_cmd_tutorial_back = {
	.row = {"tutorial back", "show the step before this one again", NULL, 0},
	.help = "What was done stays done; undo takes it back.",
	.examples = "tutorial first -restart yes\ntutorial skip\ntutorial back\ntutorial stop",
	.see = "tutorial next undo",
	.run = run_back,
};

const struct rt_cmd rt_cmd_tutorial_hint = {
	.row = {"tutorial hint", "help with the step of a lesson", NULL, 0},
	.help = "A hint, where the lesson has one, and the command to try.",
	.examples = "tutorial first\ntutorial hint\ntutorial stop",
	.see = "tutorial skip",
	.run = run_hint,
};

const struct rt_cmd rt_cmd_tutorial_skip = {
	.row = {"tutorial skip", "let the lesson do its step, and go on", NULL, 0},
	.help = "The commands to try are run as if you had typed them.",
	.examples = "tutorial first -restart yes\ntutorial skip\ntutorial stop",
	.see = "tutorial next tutorial hint",
	.flags = RT_CMD_LONG,
	.run = run_skip,
};

const struct rt_cmd rt_cmd_tutorial_stop = {
	.row = {"tutorial stop", "leave a lesson", NULL, 0},
	.help = "The place is kept; tutorial goes on there.",
	.examples = "tutorial first\ntutorial stop",
	.see = "tutorial",
	.run = run_stop,
};

struct play_params {
	char *name;
};

static const struct rt_opt play_opts[] = {
	{.name = "name", .summary = "a lesson by name or number, or a file", .type = RT_STRING,
	 .offset = offsetof(struct play_params, name), .of = "lesson", .example = "first",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_play(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	(void)reply;
	return rt_tutorial_play(ctx->shell, ((const struct play_params *)params)->name, err);
}

const struct rt_cmd rt_cmd_tutorial_play = {
	.row = {"tutorial play", "run a whole lesson by itself", play_opts,
		sizeof(struct play_params)},
	.help = "Every step's commands are run and every check is made; the first that does not\n"
		"hold is an error with its line.  For watching, and for testing a lesson that\n"
		"you have written.",
	.examples = "tutorial play first",
	.see = "tutorial",
	.flags = RT_CMD_LONG,
	.run = run_play,
};
