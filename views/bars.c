/* bars.c - probability bars in cells: which classes, in which order, and how they are laid out. */
#include "config.h"

#include "views/bars.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* "100.0 %" and the blanks before it. */
enum { INDENT = 2, NUMBER = 7, NUMBER_GAP = 2, COLUMN_GAP = 4, LONGEST = 64, FEWEST_CELLS = 4 };

static const double fold = 0.001;

static double largest(const struct rt_bars *b, int k, bool soft_too)
{
	double most = 0;

	for (int m = 0; m < b->nmodel; m++) {
		most = fmax(most, b->model[m].hard[k]);
		if (soft_too && b->model[m].soft)
			most = fmax(most, b->model[m].soft[k]);
	}
	return most;
}

struct ranked {
	double score;
	int k;
};

static int by_score(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;

	return p->score > q->score ? -1 : p->score < q->score ? 1 : p->k - q->k;
}

void rt_bars_plan(struct rt_bars_plan *plan, const struct rt_bars *b)
{
	struct ranked *rank = rt_alloc((size_t)b->classes, sizeof(*rank));
	int top = b->top > 0 ? b->top : 10;
	bool label_in = b->label < 0 || b->label >= b->classes;

	*plan = (struct rt_bars_plan){
		.order = rt_alloc((size_t)b->classes, sizeof(*plan->order)),
		.sum = rt_alloc((size_t)b->nmodel, sizeof(*plan->sum)),
	};
	for (int m = 0; m < b->nmodel; m++)
		plan->soft = plan->soft || b->model[m].soft;
	for (int k = 0; k < b->classes; k++)
		rank[k] = (struct ranked){largest(b, k, false), k};
	qsort(rank, (size_t)b->classes, sizeof(*rank), by_score);
	for (int i = 0; i < b->classes; i++) {
		int k = rank[i].k, left = top - plan->n - !label_in;

		if (k == b->label || (left > 0 && largest(b, k, true) >= fold)) {
			plan->order[plan->n++] = k;
			label_in = label_in || k == b->label;
			continue;
		}
		plan->others++;
		for (int m = 0; m < b->nmodel; m++) {
			plan->sum[m][0] += b->model[m].hard[k];
			plan->sum[m][1] += b->model[m].soft ? b->model[m].soft[k] : 0;
		}
	}
	free(rank);
}

void rt_bars_plan_release(struct rt_bars_plan *plan)
{
	free(plan->order);
	free(plan->sum);
	*plan = (struct rt_bars_plan){0};
}

char *rt_bars_class(char *buf, size_t size, const struct rt_bars *b, int k)
{
	if (b->class_name && b->class_name[k])
		snprintf(buf, size, "%s", b->class_name[k]);
	else
		snprintf(buf, size, "%d", k);
	return buf;
}

void rt_bars_head(struct rt_pieces *head, const struct rt_bars *b)
{
	char name[80], label[120], number[RT_NUM];

	if (b->sample >= 0)
		rt_pieces_addf(head, "sample %lld", (long long)b->sample);
	if (b->label >= 0 && b->label < b->classes)
		rt_pieces_addf(head, "label %s", rt_bars_class(name, sizeof(name), b, b->label));
	for (int m = 0; m < b->nmodel; m++) {
		const float *p = b->model[m].hard;
		int best = 0;

		for (int k = 1; k < b->classes; k++)
			if (p[k] > p[best])
				best = k;
		rt_pieces_role(
			head, b->model[m].role, "%s: %s (%s)",
			rt_model_label(label, sizeof(label), b->model[m].role, b->model[m].name),
			rt_bars_class(name, sizeof(name), b, best),
			rt_num_percent(number, p[best]));
	}
	rt_pieces_notes(head, b->note, b->nnote);
}

/* Where things stand on the canvas. */
struct layout {
	int label;		/* width of the names */
	int columns;		/* side by side: T = 1 and softened, or one above the other */
	int x[2], width;	/* left edge and width of each */
	int cells;		/* of a bar of 100 % */
};

static int bar_cells(const struct rt_canvas *c, const struct layout *l, int columns, int gap)
{
	return (c->w - l->x[0] - (columns - 1) * gap) / columns - NUMBER - NUMBER_GAP;
}

static struct layout lay_out(const struct rt_canvas *c, const struct rt_bars *b,
			     const struct rt_bars_plan *plan)
{
	struct layout l = {.columns = plan->soft ? 2 : 1};
	int gap = c->w < 60 ? 2 : COLUMN_GAP;
	char name[80];

	for (int i = 0; i < plan->n; i++) {
		int width =
			rt_canvas_width(c, rt_bars_class(name, sizeof(name), b, plan->order[i]));

		l.label = width > l.label ? width : l.label;
	}
	if (l.label > c->w / 4)
		l.label = c->w / 4;
	l.x[0] = INDENT + l.label + 4; /* " *" and two blanks */
	if (bar_cells(c, &l, l.columns, gap) < FEWEST_CELLS)
		l.columns = 1;
	l.cells = bar_cells(c, &l, l.columns, gap);
	l.cells = l.cells > LONGEST ? LONGEST : l.cells < 1 ? 1 : l.cells;
	l.width = l.cells + NUMBER + NUMBER_GAP;
	l.x[1] = l.x[0] + l.width + gap;
	return l;
}

static void draw_bar(struct rt_canvas *c, const struct layout *l, int x, int y, double p,
		     enum rt_role role)
{
	char number[RT_NUM];

	/* What is written as 0.0 % has no bar. */
	rt_canvas_bar(c, x, y, l->cells, p < 0.0005 ? 0 : p * l->cells, role);
	rt_canvas_fit(c, x + l->cells + NUMBER_GAP, y, NUMBER, RT_RIGHT, rt_num_percent(number, p),
		      RT_INK_PLAIN);
}

void rt_bars_sums(struct rt_str *out, const struct rt_bars *b, const struct rt_bars_plan *plan,
		  int soft)
{
	char number[RT_NUM];

	for (int m = 0; m < b->nmodel; m++)
		rt_str_addf(out, "%s%s", m ? " | " : "",
			    rt_num_percent(number,
					   soft && !b->model[m].soft ? NAN : plan->sum[m][soft]));
}

/* "7 other classes   1.1 % | 1.0 %   20.1 % | 29.5 %": the sums end where the numbers end, on rows
 * of their own where they would run into what is left of them. */
static void draw_others(struct rt_canvas *c, const struct layout *l, const struct rt_bars *b,
			const struct rt_bars_plan *plan, int first, int count)
{
	int y = c->h, taken;
	char text[48];

	snprintf(text, sizeof(text), "%d other class%s", plan->others,
		 plan->others == 1 ? "" : "es");
	taken = rt_canvas_text(c, INDENT, y, text, RT_INK_DIM);
	for (int i = 0; i < count; i++) {
		struct rt_str sum = {0};
		int end = l->x[i] + l->width, start;

		rt_bars_sums(&sum, b, plan, first + i);
		start = end - rt_canvas_width(c, rt_str_text(&sum));
		y += start < taken + 2;
		taken = rt_canvas_text(c, start < INDENT ? INDENT : start, y, rt_str_text(&sum),
				       RT_INK_DIM);
		rt_str_release(&sum);
	}
}

/* `count` columns from number `first` on (0: T = 1, 1: softened), below what is there. */
static void draw_columns(struct rt_canvas *c, const struct layout *l, const struct rt_bars *b,
			 const struct rt_bars_plan *plan, int first, int count)
{
	char text[80], number[RT_NUM];
	int y = c->h + 1;

	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "T = %s",
			 rt_num_short(number, first + i ? b->temperature : 1, 4));
		rt_canvas_text(c, l->x[i], y, text, RT_INK_DIM);
	}
	for (int row = 0; row < plan->n; row++) {
		int k = plan->order[row];
		struct rt_ink ink = k == b->label ? RT_INK_BOLD : RT_INK_PLAIN;

		y = c->h;
		rt_canvas_fit(c, INDENT, y, l->label, RT_RIGHT,
			      rt_bars_class(text, sizeof(text), b, k), ink);
		if (k == b->label)
			rt_canvas_put(c, INDENT + l->label + 1, y, '*', ink);
		for (int m = 0; m < b->nmodel; m++)
			for (int i = 0; i < count; i++) {
				const float *p = first + i ? b->model[m].soft : b->model[m].hard;

				if (p)
					draw_bar(c, l, l->x[i], y + m, p[k], b->model[m].role);
			}
	}
	if (plan->others)
		draw_others(c, l, b, plan, first, count);
}

void rt_bars_draw(struct rt_canvas *c, const struct rt_bars *b)
{
	struct rt_bars_plan plan;
	struct rt_pieces head = {0};
	struct layout l;

	if (b->classes < 1 || b->nmodel < 1)
		return;
	rt_bars_plan(&plan, b);
	rt_bars_head(&head, b);
	rt_pieces_draw(c, 0, c->h, 0, &head, RT_INK_PLAIN);
	l = lay_out(c, b, &plan);
	for (int first = 0; first <= plan.soft; first += l.columns)
		draw_columns(c, &l, b, &plan, first, l.columns);
	rt_pieces_release(&head);
	rt_bars_plan_release(&plan);
}
