/* pane_curves.c - the pane of curves: score of student, control and teacher; loss with its
 * terms. */
#include "config.h"

#include "views/curves.h"
#include "views/page.h"
#include "views/pane.h"

#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { BOTH = 84, HIGH = 20, ROOMY = 12 };

/* agreement: how often student and teacher answer alike, where there is room for one more. */
static void add_scores(struct rt_chart *c, const struct rt_look_run *r, bool agreement)
{
	enum rt_role role = r->teacher ? RT_STUDENT : RT_OTHER;
	double *student = rt_chart_add(c, r->student, role, r->nhistory);
	double *control = r->control ? rt_chart_add(c, "control", RT_CONTROL, r->nhistory) : NULL;

	for (int i = 0; i < r->nhistory; i++) {
		student[i] = r->history[i].score[0];
		if (control)
			control[i] = r->history[i].score[1];
	}
	if (agreement && r->teacher && !isnan(r->history[0].agreement)) {
		double *agrees = rt_chart_add(c, "agreement", RT_OTHER, r->nhistory);

		for (int i = 0; i < r->nhistory; i++)
			agrees[i] = r->history[i].agreement;
	}
	if (r->teacher)
		rt_chart_add_reference(c, r->teacher, RT_TEACHER, r->teacher_score);
}

static void add_losses(struct rt_chart *c, const struct rt_look_run *r)
{
	const struct rt_terms *t = &r->history[0].terms[0];
	double *total = rt_chart_add(c, "loss", r->teacher ? RT_STUDENT : RT_OTHER, r->nhistory);

	for (int i = 0; i < r->nhistory; i++)
		total[i] = rt_terms_total(&r->history[i].terms[0]);
	for (int k = 0; t->n > 1 && k < t->n; k++) {
		double *y = rt_chart_add(c, t->term[k].name, RT_OTHER, r->nhistory);

		for (int i = 0; i < r->nhistory; i++)
			y[i] = r->history[i].terms[0].term[k].value;
	}
}

/* The legend takes as many rows as it needs, the plot the rest. */
static void draw_chart(struct rt_canvas *c, const struct rt_chart *chart, const char *ylabel, int h)
{
	struct rt_curves view = {.xlabel = "epoch", .nseries = chart->n, .series = chart->series,
				 .rows = h > 6 ? h - 3 : 3, .title = ylabel};
	struct rt_style style = c->style;
	int before = c->h;

	rt_curves_draw(c, &view);
	if (c->h - before <= h || view.rows <= 3)
		return;
	view.rows -= c->h - before - h;
	if (before == 0) {
		rt_canvas_release(c);
		rt_canvas_init(c, &style);
	} else {
		c->h = before;
	}
	rt_curves_draw(c, &view);
}

static void title(struct rt_str *out, const struct rt_scene *s)
{
	const struct rt_look *l = s->look;

	rt_str_add(out,
		   l->data && l->data->task == RT_REGRESS ? "RMSE on the test part" : "accuracy %");
	if (l->has_run && l->run.nhistory)
		rt_str_addf(out, "   epoch %" PRId64, l->run.history[l->run.nhistory - 1].epoch);
}

static void draw_two(struct rt_canvas *c, const struct rt_chart *scores,
		     const struct rt_chart *losses, int h)
{
	struct rt_style style = c->style;
	struct rt_canvas half[2];

	style.width = c->w / 2 - 1;
	for (int i = 0; i < 2; i++) {
		rt_canvas_init(&half[i], &style);
		draw_chart(&half[i], i ? losses : scores, NULL, h);
		rt_canvas_paste(c, i * (c->w / 2 + 1), 0, style.width, h, &half[i], 0);
		rt_canvas_release(&half[i]);
	}
}

static void draw(struct rt_canvas *c, const struct rt_scene *s, int h)
{
	const struct rt_look_run *r = &s->look->run;
	struct rt_chart scores = {0}, losses = {0};

	if (!s->look->has_run || r->nhistory == 0) {
		rt_pane_hint(c, s->look->has_run ? "F5 or step runs the first epoch"
						 : "train or distill draws curves here");
		return;
	}
	add_scores(&scores, r, h >= ROOMY);
	add_losses(&losses, r);
	if (c->w >= BOTH) {
		draw_two(c, &scores, &losses, h);
	} else if (h >= HIGH) {
		draw_chart(c, &scores, NULL, h / 2);
		rt_canvas_grow(c, h / 2 + 1);
		draw_chart(c, &losses, NULL, h - h / 2 - 1);
	} else {
		draw_chart(c, &scores, NULL, h);
	}
	rt_chart_release(&scores);
	rt_chart_release(&losses);
}

static enum rt_status png(const struct rt_scene *s, const char *path, const char *command,
			  struct rt_err *err)
{
	const struct rt_look_run *r = &s->look->run;
	bool regress = s->look->data && s->look->data->task == RT_REGRESS;
	struct rt_chart chart[2] = {{.n = 0}, {.n = 0}};
	struct rt_page page[2];
	enum rt_status status = RT_OK;
	int n = 0;

	if (!s->look->has_run || r->nhistory == 0)
		return rt_fail(err, RT_ENOTFOUND, "no epoch has been run yet   (try: step)");
	add_scores(&chart[0], r, true);
	add_losses(&chart[1], r);
	for (int i = 0; i < 2 && status == RT_OK; i++) {
		struct rt_curves view = {
			.title = i ? "Loss and its terms" : regress ? "RMSE on the test part"
								    : "Accuracy on the test part",
			.xlabel = "epoch", .ylabel = i || regress ? NULL : "%",
			.nseries = chart[i].n, .series = chart[i].series,
			.command = i ? command : NULL};

		status = rt_curves_page(&page[n], &view, err);
		n += status == RT_OK;
	}
	if (status == RT_OK)
		status = rt_pages_save(page, n, path, err);
	else if (n)
		rt_image_release(&page[0].img);
	rt_chart_release(&chart[0]);
	rt_chart_release(&chart[1]);
	return status;
}

static struct rt_val *value(const struct rt_scene *s)
{
	const struct rt_look_run *r = &s->look->run;
	struct rt_val *list = rt_val_list();

	for (int i = 0; s->look->has_run && i < r->nhistory; i++) {
		const struct rt_epoch *e = &r->history[i];
		struct rt_val *v = rt_val_dict();

		rt_val_put(v, "epoch", rt_val_int(e->epoch));
		rt_val_put(v, "loss", rt_val_real(rt_terms_total(&e->terms[0])));
		for (int k = 0; e->terms[0].n > 1 && k < e->terms[0].n; k++)
			rt_val_put(v, e->terms[0].term[k].name,
				   rt_val_real(e->terms[0].term[k].value));
		rt_val_put(v, "score", rt_val_real(e->score[0]));
		if (r->control)
			rt_val_put(v, "control", rt_val_real(e->score[1]));
		if (r->teacher)
			rt_val_put(v, "agreement", rt_val_real(e->agreement));
		rt_val_add(list, v);
	}
	return list;
}

const struct rt_pane rt_pane_curves = {
	.row = {"curves", "score and loss by epoch: student, control, teacher", NULL, 0},
	.height = 14,
	.title = title,
	.draw = draw,
	.value = value,
	.png = png,
};
