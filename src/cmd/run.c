/* run.c - run list, run show: the training runs of the session. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "views/table.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>

static void print_table(struct rt_ctx *ctx, struct rt_reply *reply, struct rt_table *t)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;

	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_table_release(t);
}

/* The score after the last epoch, NAN before the first. */
static double last_score(const struct rt_fit *f)
{
	return f->nhistory ? f->history[f->nhistory - 1].score[0] : NAN;
}

static enum rt_status run_list(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	struct rt_run *const *runs;
	struct rt_table t = {0};
	char score[RT_NUM];
	int n;

	(void)params;
	(void)err;
	runs = rt_session_runs(ctx->session, &n);
	reply->value = rt_val_list();
	if (!n) {
		rt_say(ctx, reply,
		       "no run yet   (try: train MODEL -epochs 3, or distill TEACHER STUDENT)");
		return RT_OK;
	}
	rt_table_column(&t, "run", RT_LEFT, 0);
	rt_table_column(&t, "model", RT_LEFT, 0);
	rt_table_column(&t, "teacher", RT_LEFT, 0);
	rt_table_column(&t, "data", RT_LEFT, 1);
	rt_table_column(&t, "epochs", RT_RIGHT, 0);
	rt_table_column(&t, "test", RT_RIGHT, 0);
	for (int i = 0; i < n; i++) {
		const struct rt_fit *f = runs[i]->fit;

		rt_table_text(&t, runs[i]->name);
		rt_table_text(&t, runs[i]->student);
		rt_table_text(&t, runs[i]->teacher);
		rt_table_text(&t, f->data->name);
		rt_table_textf(&t, "%" PRId64, f->at.epoch);
		rt_table_text(&t,
			      f->nhistory ? rt_score_text(score, f->data, last_score(f)) : NULL);
		rt_val_add(reply->value, rt_val_string(runs[i]->name));
	}
	print_table(ctx, reply, &t);
	return RT_OK;
}

const struct rt_cmd rt_cmd_run_list = {
	.row = {"run list", "list the training runs", NULL, 0},
	.help = "Every train and every distill is a run; step moves the latest, or -run NAME.",
	.examples = "run list",
	.see = "run show step plot curves",
	.run = run_list,
};

struct show_params {
	char *run;
};

static const struct rt_opt show_opts[] = {
	{.name = "run", .summary = "a run; default: the latest", .type = RT_STRING,
	 .offset = offsetof(struct show_params, run), .of = "run", .flags = RT_OPT_POSITIONAL},
	{0},
};

static struct rt_val *epoch_value(const struct rt_run *r, const struct rt_epoch *e)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "epoch", rt_val_int(e->epoch));
	rt_val_put(v, "lr", rt_val_real(e->lr));
	rt_val_put(v, "loss", rt_val_real(rt_terms_total(&e->terms[0])));
	for (int i = 0; i < e->terms[0].n; i++)
		rt_val_put(v, e->terms[0].term[i].name, rt_val_real(e->terms[0].term[i].value));
	rt_val_put(v, "test", rt_val_real(e->score[0]));
	rt_val_put(v, "test_loss", rt_val_real(e->test_loss[0]));
	rt_val_put(v, "control", rt_val_real(r->control ? e->score[1] : NAN));
	rt_val_put(v, "agreement", rt_val_real(e->agreement));
	rt_val_put(v, "seconds", rt_val_real(e->seconds));
	return v;
}

/* The columns of an epoch; the terms of the loss stand before their weights are applied. */
static void add_columns(struct rt_table *t, const struct rt_run *r)
{
	const struct rt_terms *terms = &r->fit->history[0].terms[0];

	rt_table_column(t, "epoch", RT_RIGHT, 0);
	rt_table_column(t, "lr", RT_RIGHT, 3);
	rt_table_column(t, "loss", RT_RIGHT, 0);
	for (int i = 0; terms->n > 1 && i < terms->n; i++)
		rt_table_column(t, terms->term[i].name, RT_RIGHT, 1);
	rt_table_column(t, "test loss", RT_RIGHT, 2);
	rt_table_column(t, "test", RT_RIGHT, 0);
	if (r->control)
		rt_table_column(t, "control", RT_RIGHT, 0);
	if (r->distill)
		rt_table_column(t, "agrees", RT_RIGHT, 1);
	rt_table_column(t, "time", RT_RIGHT, 1);
}

static void epoch_row(struct rt_table *t, const struct rt_run *r, const struct rt_epoch *e)
{
	char score[RT_NUM];

	rt_table_textf(t, "%" PRId64, e->epoch);
	rt_table_textf(t, "%.3g", e->lr);
	rt_table_real(t, rt_terms_total(&e->terms[0]), 4);
	for (int i = 0; e->terms[0].n > 1 && i < e->terms[0].n; i++)
		rt_table_real(t, e->terms[0].term[i].value, 4);
	rt_table_real(t, e->test_loss[0], 4);
	rt_table_text(t, rt_score_text(score, r->fit->data, e->score[0]));
	if (r->control)
		rt_table_text(t, rt_score_text(score, r->fit->data, e->score[1]));
	if (r->distill && isnan(e->agreement))
		rt_table_none(t);
	else if (r->distill)
		rt_table_textf(t, "%.1f %%", e->agreement);
	rt_table_textf(t, "%.2f s", e->seconds);
}

static enum rt_status run_show(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	struct rt_table t = {0};
	struct rt_run *r;

	RT_TRY(rt_session_get_run(&r, ctx->session, ((const struct show_params *)params)->run,
				  err));
	rt_say(ctx, reply, "%s   %s%s%s on %s   %s   batch %" PRId64, r->name,
	       r->teacher ? r->teacher : "", r->teacher ? " → " : "", r->student,
	       r->fit->data->name, rt_optimizer_choices[r->fit->opts.optimizer],
	       r->fit->opts.batch);
	reply->value = rt_val_list();
	if (!r->fit->nhistory) {
		rt_say(ctx, reply, "no whole epoch yet   (try: step)");
		return RT_OK;
	}
	rt_say(ctx, reply, "%s", "");
	add_columns(&t, r);
	for (int i = 0; i < r->fit->nhistory; i++) {
		epoch_row(&t, r, &r->fit->history[i]);
		rt_val_add(reply->value, epoch_value(r, &r->fit->history[i]));
	}
	print_table(ctx, reply, &t);
	return RT_OK;
}

const struct rt_cmd rt_cmd_run_show = {
	.row = {"run show", "the epochs of a run, one line each", show_opts,
		sizeof(struct show_params)},
	.help = "With -format csv it is a table for other programs.",
	.examples = "data load digits\nmodel new m {dense 10}\ntrain m -epochs 2\nrun show\nrun "
		    "show -format csv",
	.see = "run list plot curves",
	.run = run_show,
};
