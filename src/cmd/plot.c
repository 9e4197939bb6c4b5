/* plot.c - plot: curves of a run, or of numbers a script has collected. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "views/curves.h"
#include "views/gnuplot.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Writes the picture where asked: PNG by retort itself, or anything gnuplot can by gnuplot. */
static enum rt_status write_files(const struct rt_curves *v, const char *png, const char *gnuplot,
				  struct rt_err *err)
{
	if (png)
		RT_TRY(rt_curves_png(v, png, err));
	return gnuplot ? rt_curves_gnuplot(v, &(struct rt_gnuplot){.path = gnuplot, .keep = true},
					   err)
		       : RT_OK;
}

static void draw(struct rt_ctx *ctx, const struct rt_curves *v, struct rt_reply *reply)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;

	rt_canvas_init(&canvas, &style);
	rt_curves_draw(&canvas, v);
	rt_canvas_finish(&canvas, &reply->text);
}

/* --- plot curves -------------------------------------------------------------------------- */

struct curves_params {
	char *run, *png, *gnuplot;
	int what;
};

enum { SCORE, LOSS, AGREEMENT };
static const char *const what_names[] = {"score", "loss", "agreement", NULL};

#define AT(field) offsetof(struct curves_params, field)
static const struct rt_opt curves_opts[] = {
	{.name = "run",
	 .summary = "a run; default: the latest",
	 .type = RT_STRING,
	 .offset = AT(run),
	 .of = "run",
	 .flags = RT_OPT_POSITIONAL},
	{"what", "test score, loss with its terms, or agreement with the teacher", RT_CHOICE,
	 AT(what), "score", .choices = what_names},
	{.name = "png",
	 .summary = "write the chart to this PNG file too",
	 .type = RT_STRING,
	 .offset = AT(png),
	 .of = "file",
	 .example = "curves.png"},
	{.name = "gnuplot",
	 .summary = "let gnuplot write a .png, .svg or .pdf file; script and data stay beside it",
	 .type = RT_STRING,
	 .offset = AT(gnuplot),
	 .of = "file",
	 .example = "curves.svg"},
	{0},
};

static void collect_scores(struct rt_chart *c, const struct rt_run *r)
{
	const struct rt_fit *f = r->fit;
	double *student = rt_chart_add(c, r->student, RT_STUDENT, f->nhistory);
	double *control = r->control ? rt_chart_add(c, "control", RT_CONTROL, f->nhistory) : NULL;

	for (int i = 0; i < f->nhistory; i++) {
		student[i] = f->history[i].score[0];
		if (control)
			control[i] = f->history[i].score[1];
	}
	if (r->teacher)
		rt_chart_add_reference(c, r->teacher, RT_TEACHER, r->teacher_score);
}

static void collect_losses(struct rt_chart *c, const struct rt_run *r)
{
	const struct rt_fit *f = r->fit;
	const struct rt_terms *terms = &f->history[0].terms[0];
	double *total = rt_chart_add(c, "loss", RT_STUDENT, f->nhistory), *test;

	for (int i = 0; i < f->nhistory; i++)
		total[i] = rt_terms_total(&f->history[i].terms[0]);
	for (int k = 0; terms->n > 1 && k < terms->n; k++) {
		double *y = rt_chart_add(c, terms->term[k].name, RT_OTHER, f->nhistory);

		for (int i = 0; i < f->nhistory; i++)
			y[i] = f->history[i].terms[0].term[k].value;
	}
	test = rt_chart_add(c, "test loss", RT_TEACHER, f->nhistory);
	for (int i = 0; i < f->nhistory; i++)
		test[i] = f->history[i].test_loss[0];
}

static void collect_agreement(struct rt_chart *c, const struct rt_run *r)
{
	double *y = rt_chart_add(c, "agrees with teacher", RT_STUDENT, r->fit->nhistory);

	for (int i = 0; i < r->fit->nhistory; i++)
		y[i] = r->fit->history[i].agreement;
}

static enum rt_status run_curves(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				 struct rt_err *err)
{
	const struct curves_params *p = params;
	struct rt_chart chart = {0};
	struct rt_curves view = {.xlabel = "epoch", .command = ctx->line};
	struct rt_str title = {0};
	struct rt_run *r;
	enum rt_status status;

	RT_TRY(rt_session_get_run(&r, ctx->session, p->run, err));
	if (!r->fit->nhistory)
		return rt_fail(err, RT_EINVAL, "%s has no whole epoch yet   (try: step)", r->name);
	if (p->what == AGREEMENT && (!r->teacher || r->fit->data->task != RT_CLASSIFY))
		return rt_fail(err, RT_EINVAL, "%s has no teacher to agree with", r->name);
	if (p->what == SCORE)
		collect_scores(&chart, r);
	else if (p->what == LOSS)
		collect_losses(&chart, r);
	else
		collect_agreement(&chart, r);
	rt_str_addf(&title, "%s   %s on %s", r->name, r->student, r->fit->data->name);
	view.title = rt_str_text(&title);
	view.ylabel = p->what == LOSS ? "loss" : r->fit->data->task == RT_CLASSIFY ? "%" : "RMSE";
	view.series = chart.series;
	view.nseries = chart.n;
	draw(ctx, &view, reply);
	status = write_files(&view, p->png, p->gnuplot, err);
	rt_chart_release(&chart);
	rt_str_release(&title);
	return status;
}

const struct rt_cmd rt_cmd_plot_curves = {
	.row = {"plot curves", "curves of a run over its epochs: student, control, teacher",
		curves_opts, sizeof(struct curves_params)},
	.help = "In the terminal, as PNG drawn by retort, or by gnuplot where it is installed.",
	.examples = "data load digits\nmodel new m {dense 10}\ntrain m -epochs 3\nplot curves\n"
		    "plot curves -what loss -png curves.png",
	.see = "run show plot xy",
	.run = run_curves,
};

/* --- plot xy ------------------------------------------------------------------------------ */

struct xy_params {
	struct rt_strings names;
	struct rt_reals x, y, y2, y3;
	char *title, *xlabel, *ylabel, *png, *gnuplot;
	bool points;
};

#undef AT
#define AT(field) offsetof(struct xy_params, field)
static const struct rt_opt xy_opts[] = {
	{"x", "numbers along the axis", RT_REALS, AT(x), .example = "1 2 4",
	 .flags = RT_OPT_REQUIRED},
	{"y", "a number for each x", RT_REALS, AT(y), .example = "93.1 93.9 94.2",
	 .flags = RT_OPT_REQUIRED},
	{"y2", "a second series", RT_REALS, AT(y2), .example = "93 93 93"},
	{"y3", "a third series", RT_REALS, AT(y3), .example = "97 97 97"},
	{"names", "what the series are called", RT_STRINGS, AT(names),
	 .example = "student control teacher"},
	{"title", "above the chart", RT_STRING, AT(title), .example = "temperature"},
	{"xlabel", "under the axis", RT_STRING, AT(xlabel), .example = "T"},
	{"ylabel", "beside the axis", RT_STRING, AT(ylabel), .example = "accuracy %"},
	{"points", "a scatter plot: points are not joined", RT_BOOL, AT(points), "no"},
	{.name = "png",
	 .summary = "write the chart to this PNG file too",
	 .type = RT_STRING,
	 .offset = AT(png),
	 .of = "file",
	 .example = "sweep.png"},
	{.name = "gnuplot",
	 .summary = "let gnuplot write a .png, .svg or .pdf file; script and data stay beside it",
	 .type = RT_STRING,
	 .offset = AT(gnuplot),
	 .of = "file",
	 .example = "sweep.svg"},
	{0},
};

static enum rt_status run_xy(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			     struct rt_err *err)
{
	static const enum rt_role role[] = {RT_STUDENT, RT_CONTROL, RT_TEACHER};
	const struct xy_params *p = params;
	const struct rt_reals *y[] = {&p->y, &p->y2, &p->y3};
	struct rt_series series[3];
	struct rt_curves view = {.title = p->title,
				 .xlabel = p->xlabel,
				 .ylabel = p->ylabel,
				 .series = series,
				 .points = p->points,
				 .command = ctx->line};

	for (size_t i = 0; i < RT_COUNT(y); i++) {
		if (!y[i]->n)
			continue;
		if (y[i]->n != p->x.n)
			return rt_fail(err, RT_EINVAL, "-x has %d numbers, series %d has %d",
				       p->x.n, view.nseries + 1, y[i]->n);
		series[view.nseries] = (struct rt_series){
			.name = view.nseries < p->names.n ? p->names.v[view.nseries] : "y",
			.role = role[i], .n = p->x.n, .x = p->x.v, .y = y[i]->v};
		view.nseries++;
	}
	draw(ctx, &view, reply);
	return write_files(&view, p->png, p->gnuplot, err);
}

const struct rt_cmd rt_cmd_plot_xy = {
	.row = {"plot xy", "a chart of numbers that a script has collected", xy_opts,
		sizeof(struct xy_params)},
	.help = "Up to three series over the same x, for sweeps of a temperature or an amount.",
	.examples = "plot xy -x {1 2 4 8} -y {93.1 93.9 94.2 94.0} -names student -xlabel T",
	.see = "plot curves",
	.run = run_xy,
};
