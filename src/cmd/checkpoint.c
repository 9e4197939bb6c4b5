/* checkpoint.c - checkpoint save, checkpoint load: the whole session as one file. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "session/checkpoint.h"

#include <stddef.h>

struct checkpoint_params {
	char *file;
};

static const struct rt_opt save_opts[] = {
	{.name = "file", .summary = "where to write; replaced only when all is written",
	 .type = RT_STRING, .offset = offsetof(struct checkpoint_params, file), .of = "file",
	 .example = "tonight.ckpt", .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static const struct rt_opt load_opts[] = {
	{.name = "file",
	 .summary = "a checkpoint",
	 .type = RT_STRING,
	 .offset = offsetof(struct checkpoint_params, file),
	 .of = "file",
	 .example = "tonight.ckpt",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

/* "2 models   1 run   1 data set" */
static void add_counts(struct rt_str *out, const struct rt_session *s)
{
	int models, runs, data;

	rt_session_models(s, &models);
	rt_session_runs(s, &runs);
	rt_session_data(s, &data);
	rt_str_addf(out, "%d model%s   %d run%s   %d data set%s", models, models == 1 ? "" : "s",
		    runs, runs == 1 ? "" : "s", data, data == 1 ? "" : "s");
}

static enum rt_status run_save(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const char *file = ((const struct checkpoint_params *)params)->file;
	struct rt_str counts = {0};
	int64_t bytes;
	char size[32];

	RT_TRY(rt_checkpoint_save(ctx->session, file, &bytes, err));
	add_counts(&counts, ctx->session);
	rt_say(ctx, reply, "session saved as %s   %s   %s", file, rt_str_text(&counts),
	       rt_text_bytes(size, sizeof(size), (double)bytes));
	rt_str_release(&counts);
	reply->value = rt_val_int(bytes);
	return RT_OK;
}

const struct rt_cmd rt_cmd_checkpoint_save = {
	.row = {"checkpoint save", "write the whole session to a file, to go on from later",
		save_opts, sizeof(struct checkpoint_params)},
	.help = "Models, runs with their optimizers, random numbers and place in the data, and\n"
		"which data sets are loaded: training goes on from a checkpoint as if it had\n"
		"never stopped, bit for bit.  Of data sets only the name, a hash and how to\n"
		"load them is kept, and of the undo history nothing.  The file appears only\n"
		"when it is complete.",
	.examples =
		"data load digits\nmodel new m {dense 10}\ntrain m\ncheckpoint save tonight.ckpt",
	.see = "checkpoint load model save step",
	.run = run_save,
};

static enum rt_status run_load(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const char *file = ((const struct checkpoint_params *)params)->file;
	struct rt_str counts = {0};

	RT_TRY(rt_checkpoint_load(ctx->session, file, err));
	add_counts(&counts, ctx->session);
	rt_say(ctx, reply, "session loaded from %s   %s", file, rt_str_text(&counts));
	rt_str_release(&counts);
	return RT_OK;
}

const struct rt_cmd rt_cmd_checkpoint_load = {
	.row = {"checkpoint load", "go on from a checkpoint", load_opts,
		sizeof(struct checkpoint_params)},
	.help = "Everything in the session is replaced; undo brings it back.  A data set that\n"
		"is loaded under the same name with the same content is used as it is;\n"
		"otherwise it is loaded again from where it came, and has to be the same as it\n"
		"was.",
	.examples =
		"data load digits\nmodel new m {dense 10}\ntrain m\ncheckpoint save tonight.ckpt\n"
		"step 2\ncheckpoint load tonight.ckpt\nstep 2",
	.see = "checkpoint save undo",
	.flags = RT_CMD_CHANGES | RT_CMD_LONG,
	.run = run_load,
};
