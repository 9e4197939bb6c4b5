/* step.c - step, undo, redo: moving forward and back. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "cmd/steps.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

struct step_params {
	int64_t n, batches;
	char *run;
	bool rest;
};

static const struct rt_opt step_opts[] = {
	{.name = "n",
	 .summary = "epochs",
	 .type = RT_INT,
	 .offset = offsetof(struct step_params, n),
	 .init = "1",
	 .min = 1,
	 .max = 1e6,
	 .flags = RT_OPT_POSITIONAL},
	{"batches", "mini-batches instead of epochs", RT_INT, offsetof(struct step_params, batches),
	 NULL, 1, 1e9, .example = "10"},
	{"rest", "all epochs that the run was asked for and has not had", RT_BOOL,
	 offsetof(struct step_params, rest), "no"},
	{.name = "run",
	 .summary = "which run; default: the latest",
	 .type = RT_STRING,
	 .offset = offsetof(struct step_params, run),
	 .of = "run"},
	{0},
};

static enum rt_status run_rest(struct rt_ctx *ctx, const char *name, struct rt_reply *reply,
			       struct rt_err *err)
{
	struct rt_run *r;

	RT_TRY(rt_session_get_run(&r, ctx->session, name, err));
	if (r->fit->nhistory >= r->fit->opts.epochs)
		return rt_fail(err, RT_EINVAL,
			       "all %" PRId64 " epochs of %s are done   (try: step)",
			       r->fit->opts.epochs, r->name);
	return rt_run_epochs(ctx, name, r->fit->opts.epochs - r->fit->nhistory, reply, err);
}

static enum rt_status run_step(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct step_params *p = params;

	if (p->rest)
		return run_rest(ctx, p->run, reply, err);
	if (p->batches != RT_UNSET_INT)
		return rt_run_batches(ctx, p->run, p->batches, reply, err);
	return rt_run_epochs(ctx, p->run, p->n, reply, err);
}

const struct rt_cmd rt_cmd_step = {
	.row = {"step", "run the next epochs, or mini-batches, of a run", step_opts,
		sizeof(struct step_params)},
	.help = "Each epoch is one undo step and gives one line: the loss with its terms, the\n"
		"score on the test part and its change, the control, how often the student\n"
		"answers as the teacher does, and the time.  In a script the value is that of\n"
		"the last epoch.",
	.examples = "data load digits\nmodel new m {dense 10}\ntrain m -epochs 0\nstep\nstep 2\n"
		    "step -batches 5",
	.see = "train distill undo redo",
	.flags = RT_CMD_CHANGES | RT_CMD_LONG,
	.run = run_step,
};

/* --- undo, redo --------------------------------------------------------------------------- */

struct undo_params {
	int64_t n;
};

static const struct rt_opt undo_opts[] = {
	{.name = "n",
	 .summary = "how many steps",
	 .type = RT_INT,
	 .offset = offsetof(struct undo_params, n),
	 .init = "1",
	 .min = 1,
	 .max = 1e6,
	 .flags = RT_OPT_POSITIONAL},
	{0},
};

/* One line a step, each with the word in front. */
static void say_steps(const struct rt_ctx *ctx, struct rt_reply *reply, const char *word,
		      const struct rt_str *what)
{
	const char *line = rt_str_text(what);

	reply->value = rt_val_list();
	while (*line) {
		const char *end = strchr(line, '\n');
		struct rt_str one = {0};

		rt_str_addn(&one, line, (size_t)(end - line));
		rt_say(ctx, reply, "%s: %s", word, rt_str_text(&one));
		rt_val_add(reply->value, rt_val_string(rt_str_text(&one)));
		rt_str_release(&one);
		line = end + 1;
	}
}

static enum rt_status travel(struct rt_ctx *ctx, int64_t n, bool back, struct rt_reply *reply,
			     struct rt_err *err)
{
	struct rt_str what = {0};
	enum rt_status status = back ? rt_session_undo(ctx->session, n, &what, err)
				     : rt_session_redo(ctx->session, n, &what, err);

	if (status == RT_OK)
		say_steps(ctx, reply, back ? "undone" : "redone", &what);
	rt_str_release(&what);
	return status;
}

static enum rt_status run_undo(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	return travel(ctx, ((const struct undo_params *)params)->n, true, reply, err);
}

static enum rt_status run_redo(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	return travel(ctx, ((const struct undo_params *)params)->n, false, reply, err);
}

const struct rt_cmd rt_cmd_undo = {
	.row = {"undo", "go back by one step or more, bit for bit", undo_opts,
		sizeof(struct undo_params)},
	.help = "Every command that changes something is one step, and so is every epoch:\n"
		"weights, optimizer, random numbers and the position in the data all go back.\n"
		"Data and models that were loaded, pruned or quantized since disappear or\n"
		"return.",
	.examples =
		"data load digits\nmodel new m {dense 10}\ntrain m -epochs 2\nundo\nundo 2\nredo 2",
	.see = "redo step",
	.run = run_undo,
};

const struct rt_cmd rt_cmd_redo = {
	.row = {"redo", "take back an undo", undo_opts, sizeof(struct undo_params)},
	.help = "Possible until something else is changed.",
	.examples = "data load digits\nmodel new m {dense 10}\nundo\nredo",
	.see = "undo",
	.run = run_redo,
};
