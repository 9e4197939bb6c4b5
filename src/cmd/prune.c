/* prune.c - prune: take weights, or whole channels, out of a model. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "cmd/footprint.h"
#include "base/mem.h"
#include "compress/prune.h"
#include "views/table.h"

#include <inttypes.h>
#include <stddef.h>

struct prune_params {
	char *model;
	struct rt_prune prune;
	bool structured;
	int64_t seed;
};

static const struct rt_opt opts[] = {
	{.name = "model", .summary = "the model to prune", .type = RT_STRING,
	 .offset = offsetof(struct prune_params, model), .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	RT_PRUNE_OPTS(struct prune_params, prune.),
	{"structured", "remove whole channels instead of masking single weights", RT_BOOL,
	 offsetof(struct prune_params, structured), "no"},
	{"seed", "of scores that draw random numbers; default: drawn from the session", RT_INT,
	 offsetof(struct prune_params, seed), NULL, 0, 9e15, .example = "1"},
	{0},
};

static void say_left(const struct rt_ctx *ctx, struct rt_reply *reply,
		     const struct rt_prune_report *r)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	struct rt_table t = {0};
	bool any = false;

	for (int i = 0; i < r->nleft; i++)
		any = any || r->left[i].at;
	rt_table_column(&t, "left alone", RT_LEFT, 0);
	rt_table_column(&t, "because", RT_LEFT, 0);
	if (any)
		rt_table_column(&t, "at", RT_LEFT, 1);
	for (int i = 0; i < r->nleft; i++) {
		rt_table_text(&t, r->left[i].name);
		rt_table_text(&t, r->left[i].why);
		if (any)
			rt_table_text(&t, r->left[i].at);
	}
	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, &t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_str_addc(&reply->text, '\n');
	rt_table_release(&t);
}

static void say_report(const struct rt_ctx *ctx, struct rt_reply *reply,
		       const struct rt_prune_report *r, bool structured)
{
	char pruned[32], total[32];

	for (int i = 0; i < r->n; i++)
		rt_say(ctx, reply, "  %-28s %s of %s %s %s (%.1f %%)", r->row[i].name,
		       rt_text_count(pruned, sizeof(pruned), r->row[i].pruned),
		       rt_text_count(total, sizeof(total), r->row[i].total),
		       structured ? "channels" : "weights", structured ? "removed" : "zero",
		       100.0 * (double)r->row[i].pruned / (double)r->row[i].total);
	rt_say(ctx, reply, "%s", "");
	if (r->nleft)
		say_left(ctx, reply, r);
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct prune_params *p = params;
	struct rt_prune_report report = {0};
	struct rt_footprint before, after;
	struct rt_model *m;
	struct rt_rng rng;
	enum rt_status status;

	RT_TRY(rt_session_edit_model(&m, ctx->session, p->model, err));
	RT_TRY(rt_footprint_take(&before, ctx->session, m, err));
	rt_rng_seed(&rng, (uint64_t)(p->seed != RT_UNSET_INT ? p->seed
				     : rt_session_draw(ctx->session, "prune")));
	status = p->structured ? rt_prune_channels(m->graph, RT_PRUNE_REMOVE, &p->prune, &rng,
						   &report, err)
			       : rt_prune_mask(m->graph, &p->prune, &rng, &report, err);
	if (status == RT_OK)
		status = rt_footprint_take(&after, ctx->session, m, err);
	if (status == RT_OK) {
		rt_say(ctx, reply, "%s pruned by %s, %g %% of the %s\n", m->name, p->prune.score,
		       100 * rt_prune_amount(&p->prune),
		       p->structured ? "channels" : "weights");
		say_report(ctx, reply, &report, p->structured);
		rt_footprint_report(ctx, reply, &before, &after);
	}
	rt_prune_report_release(&report);
	return status;
}

const struct rt_cmd rt_cmd_prune = {
	.row = {"prune", "take weights or whole channels out of a model", opts,
		sizeof(struct prune_params)},
	.help = "-structured no masks weights: they become zero and stay so while training;\n"
		"-pattern says which go together.  Single weights (free) leave file and time\n"
		"as they are.  Inference leaves out blocks of 16 neighbouring outputs (16x1)\n"
		"where enough are zero: in dense layers from 40 % on, in convolutions of one\n"
		"tap from 60 %, of more taps from 80 or 90 %.  Of N of M neighbouring inputs\n"
		"dense layers gain: 1:4 always, 2:4 for up to 8 samples at a time.  Layers\n"
		"that do not divide have to be pruned free.  -structured yes removes channels\n"
		"with all that depends on them, through batch normalization and residual\n"
		"additions; the model is really smaller.  Layers with weights that are left\n"
		"alone are listed with the reason.  A step of training afterwards wins back\n"
		"much of what was lost.",
	.examples = "data load digits\nmodel new m {conv 16 3; bn; relu; gap; dense 10}\ntrain m\n"
		    "prune m -amount 0.8\nundo\nprune m -pattern 16x1 -layers conv*\nundo\n"
		    "prune m -structured yes -amount 0.5\nstep",
	.see = "quantize model show step undo",
	.flags = RT_CMD_CHANGES | RT_CMD_LONG,
	.run = run,
};
