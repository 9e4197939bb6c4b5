/* evaluate.c - evaluate: how good one or two models are on a data set. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "train/metrics.h"
#include "train/predict.h"
#include "views/confusion.h"
#include "views/table.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct evaluate_params {
	struct rt_strings models;
	char *data, *png;
	int part;
	bool details;
};

static const char *const part_names[] = {"train", "test", "all", NULL};

#define AT(field) offsetof(struct evaluate_params, field)
static const struct rt_opt opts[] = {
	{.name = "models",
	 .summary = "one model, or two to compare; default: those of the latest run",
	 .type = RT_STRINGS,
	 .offset = AT(models),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REST},
	RT_DATA_OPT(struct evaluate_params, data),
	{"part", "which samples", RT_CHOICE, AT(part), "test", .choices = part_names},
	{"details", "table per class and confusion matrix, for one model", RT_BOOL, AT(details),
	 "yes"},
	{.name = "png",
	 .summary = "write the confusion matrix to this file",
	 .type = RT_STRING,
	 .offset = AT(png),
	 .of = "file"},
	{0},
};

/* One model's outputs and what they are worth. */
struct evaluated {
	const struct rt_model *m;
	float *z;
	struct rt_metrics metrics;
};

static enum rt_status evaluate(struct evaluated *e, const struct rt_model *m,
			       const struct rt_data *d, const int32_t *index, int64_t n,
			       struct rt_err *err)
{
	e->m = m;
	RT_TRY(rt_graph_fits(m->graph, m->name, d, err));
	RT_TRY(rt_predict(&e->z, m->graph, d, index, n, err));
	rt_metrics_eval(&e->metrics, d, index, n, e->z);
	return RT_OK;
}

static void release(struct evaluated *e)
{
	free(e->z);
	rt_metrics_release(&e->metrics);
}

static void add_columns(struct rt_table *t, const struct rt_metrics *m)
{
	static const char *const classify[] = {"accuracy", "top-5", "loss", "AUC", "ECE"};
	static const char *const regress[] = {"RMSE", "MAE", "R²", "loss"};
	bool c = m->task == RT_CLASSIFY;

	rt_table_column(t, "model", RT_LEFT, 0);
	for (size_t i = 0; i < (c ? RT_COUNT(classify) : RT_COUNT(regress)); i++)
		rt_table_column(t, c ? classify[i] : regress[i], RT_RIGHT, (int)i / 3);
}

static void add_row(struct rt_table *t, const struct evaluated *e)
{
	const struct rt_metrics *m = &e->metrics;

	rt_table_text(t, e->m->name);
	if (m->task == RT_CLASSIFY) {
		rt_table_textf(t, "%.2f %%", 100 * m->accuracy);
		if (isnan(m->top5))
			rt_table_none(t);
		else
			rt_table_textf(t, "%.2f %%", 100 * m->top5);
		rt_table_real(t, m->loss, 4);
		rt_table_real(t, m->auc, 4);
		rt_table_real(t, m->ece, 4);
	} else {
		rt_table_real(t, m->rmse, 3);
		rt_table_real(t, m->mae, 3);
		rt_table_real(t, m->r2, 4);
		rt_table_real(t, m->loss, 4);
	}
}

static struct rt_val *metrics_value(const struct rt_metrics *m)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "n", rt_val_int(m->n));
	rt_val_put(v, "loss", rt_val_real(m->loss));
	if (m->task == RT_REGRESS) {
		rt_val_put(v, "rmse", rt_val_real(m->rmse));
		rt_val_put(v, "mae", rt_val_real(m->mae));
		rt_val_put(v, "r2", rt_val_real(m->r2));
		return v;
	}
	rt_val_put(v, "accuracy", rt_val_real(100 * m->accuracy));
	if (!isnan(m->top5))
		rt_val_put(v, "top5", rt_val_real(100 * m->top5));
	rt_val_put(v, "auc", rt_val_real(m->auc));
	rt_val_put(v, "ece", rt_val_real(m->ece));
	return v;
}

static void print_table(struct rt_ctx *ctx, struct rt_reply *reply, struct rt_table *t)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;

	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_table_release(t);
}

static void class_table(struct rt_ctx *ctx, struct rt_reply *reply, const struct rt_data *d,
			const struct rt_metrics *m)
{
	struct rt_table t = {0};
	char name[64];

	rt_table_column(&t, "class", RT_LEFT, 0);
	rt_table_column(&t, "samples", RT_RIGHT, 1);
	rt_table_column(&t, "recall", RT_RIGHT, 0);
	rt_table_column(&t, "precision", RT_RIGHT, 0);
	for (int c = 0; c < m->classes; c++) {
		double samples = 0;

		for (int k = 0; k < m->classes; k++)
			samples += (double)m->confusion[c * m->classes + k];
		rt_table_text(&t, rt_data_class(d, c, name, sizeof(name)));
		rt_table_count(&t, samples);
		rt_table_percent(&t, m->recall[c]);
		rt_table_percent(&t, m->precision[c]);
	}
	print_table(ctx, reply, &t);
}

static enum rt_status confusion(struct rt_ctx *ctx, struct rt_reply *reply, const struct rt_data *d,
				const struct evaluated *e, const char *png, struct rt_err *err)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	char title[160];
	struct rt_confusion view = {.title = title, .classes = e->metrics.classes,
				    .count = e->metrics.confusion,
				    .class_name = (const char *const *)d->class_name,
				    .command = ctx->line};

	snprintf(title, sizeof(title), "confusion of %.100s", e->m->name);
	rt_canvas_init(&canvas, &style);
	rt_confusion_draw(&canvas, &view);
	rt_canvas_finish(&canvas, &reply->text);
	return png ? rt_confusion_png(&view, png, err) : RT_OK;
}

static void say_agreement(struct rt_ctx *ctx, struct rt_reply *reply, const struct evaluated *e,
			  const struct rt_data *d, int64_t n)
{
	double kl, same;

	if (d->task != RT_CLASSIFY)
		return;
	same = rt_agreement(e[0].z, e[1].z, n, d->classes, &kl);
	rt_say(ctx, reply, "%s and %s agree on %.2f %%   KL(%s || %s) %.4f nats", e[0].m->name,
	       e[1].m->name, 100 * same, e[0].m->name, e[1].m->name, kl);
	rt_val_put(reply->value, "agreement", rt_val_real(100 * same));
	rt_val_put(reply->value, "kl", rt_val_real(kl));
}

/* The reply for models that have all been evaluated. */
static enum rt_status report(struct rt_ctx *ctx, const struct evaluate_params *p,
			     struct rt_reply *reply, const struct rt_data *d,
			     const struct evaluated *e, int count, int64_t n, struct rt_err *err)
{
	struct rt_table t = {0};
	char samples[32];

	rt_say(ctx, reply, "%s   %s part   %s samples\n", d->name, part_names[p->part],
	       rt_text_count(samples, sizeof(samples), n));
	add_columns(&t, &e[0].metrics);
	for (int i = 0; i < count; i++)
		add_row(&t, &e[i]);
	print_table(ctx, reply, &t);
	reply->value = count == 1 ? metrics_value(&e[0].metrics) : rt_val_dict();
	for (int i = 0; count > 1 && i < count; i++)
		rt_val_put(reply->value, e[i].m->name, metrics_value(&e[i].metrics));
	if (count > 1)
		rt_say(ctx, reply, "%s", "");
	if (count > 1)
		say_agreement(ctx, reply, e, d, n);
	if (count > 1 || d->task != RT_CLASSIFY || !p->details)
		return RT_OK;
	rt_say(ctx, reply, "%s", "");
	class_table(ctx, reply, d, &e[0].metrics);
	rt_say(ctx, reply, "%s", "");
	return confusion(ctx, reply, d, &e[0], p->png, err);
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct evaluate_params *p = params;
	struct evaluated e[3] = {0};
	struct rt_model **models;
	const int32_t *index;
	struct rt_data *d;
	int64_t n;
	int count;
	enum rt_status status = RT_OK;

	RT_TRY(rt_session_get_data(&d, ctx->session, p->data, err));
	RT_TRY(rt_models_get(&models, &count, ctx->session, &p->models, err));
	index = rt_data_part(d, (enum rt_part)p->part, &n);
	for (int i = 0; i < count && status == RT_OK; i++)
		status = evaluate(&e[i], models[i], d, index, n, err);
	if (status == RT_OK)
		status = report(ctx, p, reply, d, e, count, n, err);
	for (int i = 0; i < count; i++)
		release(&e[i]);
	free(models);
	return status;
}

const struct rt_cmd rt_cmd_evaluate = {
	.row = {"evaluate", "score models on a data set", opts, sizeof(struct evaluate_params)},
	.help = "For classes: accuracy, top-5, cross entropy, area under the ROC curve,\n"
		"expected calibration error (15 bins), for one model also recall and precision\n"
		"of each class and the confusion matrix.  For regression: root mean square and\n"
		"mean absolute error in the target's units, and R².  For two models also how\n"
		"often they agree and the mean KL.",
	.examples = "data load digits\nmodel new m {dense 10}\ntrain m\nevaluate m\n"
		    "model new k {dense 10}\nevaluate m k -part train",
	.see = "compare model show",
	.flags = RT_CMD_LONG,
	.run = run,
};
