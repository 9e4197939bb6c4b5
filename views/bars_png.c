/* bars_png.c - probability bars of several models as PNG. */
#include "config.h"

#include "views/bars.h"

#include "views/page.h"

#include <math.h>
#include <stdio.h>

enum {
	BAR = 21,
	GROUP_GAP = 13,
	LENGTH = 380,
	PAD = 12,
	COLUMN_GAP = 44,
	HEADER = 40,
	LONGEST_NAME = 260
};

/* Left edges of both columns, and of the room for names before them. */
struct layout {
	int label, x[2], number, group, w, h;
};

static struct layout lay_out(const struct rt_bars *b, const struct rt_bars_plan *plan)
{
	struct layout l = {.number = rt_font_width(RT_LABEL, "100.0 %"),
			   .group = b->nmodel * BAR + GROUP_GAP};
	int columns = plan->soft ? 2 : 1;
	char name[80];

	if (l.group < rt_font_line(RT_LABEL) + 4)
		l.group = rt_font_line(RT_LABEL) + 4;
	for (int i = 0; i < plan->n; i++)
		l.label = (int)fmax(l.label,
				    rt_font_width(RT_LABEL, rt_bars_class(name, sizeof(name), b,
									  plan->order[i])));
	l.label = l.label > LONGEST_NAME ? LONGEST_NAME : l.label;
	if (plan->others) {
		int width = rt_font_width(RT_LABEL, "999 other classes");

		l.label = l.label > width ? l.label : width;
	}
	l.x[0] = l.label + rt_font_width(RT_LABEL, " *") + PAD;
	l.x[1] = l.x[0] + LENGTH + PAD + l.number + COLUMN_GAP;
	l.w = l.x[columns - 1] + LENGTH + PAD + l.number;
	l.h = HEADER + plan->n * l.group + (plan->others ? rt_font_line(RT_LABEL) : 0);
	return l;
}

/* The column's name and the line on which its bars stand. */
static void draw_column(struct rt_image *img, int x, int y, int h, const char *name)
{
	rt_raster_text(img, x, y + rt_font_up(RT_LABEL), RT_LABEL, RT_LEFT, RT_TEXT, name);
	rt_raster_fill(img, x, y + HEADER - 6, 1, h, RT_AXIS);
}

static void draw_class(struct rt_image *img, const struct layout *l, int x, int y,
		       const struct rt_bars *b, int k)
{
	char text[80], number[RT_NUM];
	int top = y + (l->group - GROUP_GAP - b->nmodel * BAR) / 2;
	int middle = top + b->nmodel * BAR / 2 + 6;

	rt_raster_text_fit(img, x, middle, l->label, RT_LABEL, RT_RIGHT, RT_TEXT,
			   rt_bars_class(text, sizeof(text), b, k));
	if (k == b->label)
		rt_raster_text(img, x + l->label, middle + 2, RT_LABEL, RT_LEFT, RT_TEXT, " *");
	for (int m = 0; m < b->nmodel; m++) {
		const struct rt_bars_model *model = &b->model[m];

		for (int s = 0; s < 1 + (model->soft != NULL); s++) {
			double p = s ? model->soft[k] : model->hard[k], left = x + l->x[s] + 1;

			if (p > 0)
				rt_raster_bar(img, left, top + m * BAR, fmin(p, 1) * LENGTH,
					      BAR - 1, rt_role_paper(model->role));
			rt_raster_text(img, (int)left + (int)(fmin(p, 1) * LENGTH) + 7,
				       top + m * BAR + BAR - 4, RT_LABEL, RT_LEFT, RT_TEXT,
				       rt_num_percent(number, p));
		}
	}
}

static void draw_others(struct rt_image *img, const struct layout *l, int x, int base,
			const struct rt_bars *b, const struct rt_bars_plan *plan)
{
	char text[48];

	snprintf(text, sizeof(text), "%d other class%s", plan->others,
		 plan->others == 1 ? "" : "es");
	rt_raster_text_fit(img, x, base, l->label, RT_LABEL, RT_RIGHT, RT_FAINT, text);
	for (int s = 0; s < 1 + plan->soft; s++) {
		struct rt_str sum = {0};

		rt_bars_sums(&sum, b, plan, s);
		rt_raster_text(img, x + l->x[s] + LENGTH + PAD + l->number, base, RT_LABEL,
			       RT_RIGHT, RT_FAINT, rt_str_text(&sum));
		rt_str_release(&sum);
	}
}

enum rt_status rt_bars_page(struct rt_page *page, const struct rt_bars *b, struct rt_err *err)
{
	struct rt_page_text text = {.title = "Probability of each class", .command = b->command};
	struct rt_bars_plan plan;
	struct layout l;
	enum rt_status status;
	char column[32], number[RT_NUM];

	if (b->classes < 1 || b->nmodel < 1)
		return rt_fail(err, RT_EINVAL,
			       "bars need at least 1 class and 1 model, got %d and %d", b->classes,
			       b->nmodel);
	rt_bars_plan(&plan, b);
	rt_bars_head(&text.head, b);
	if (b->label >= 0)
		rt_pieces_add(&text.foot, "* true class");
	l = lay_out(b, &plan);
	status = rt_page_begin(page, l.w, l.h, &text, err);
	rt_page_text_release(&text);
	if (status == RT_OK) {
		int bottom = page->y + HEADER + plan.n * l.group;

		draw_column(&page->img, page->x + l.x[0], page->y, plan.n * l.group,
			    "T = 1");
		snprintf(column, sizeof(column), "T = %.20s",
			 rt_num_short(number, b->temperature, 4));
		if (plan.soft)
			draw_column(&page->img, page->x + l.x[1], page->y, plan.n * l.group,
				    column);
		for (int i = 0; i < plan.n; i++)
			draw_class(&page->img, &l, page->x, page->y + HEADER + i * l.group, b,
				   plan.order[i]);
		if (plan.others)
			draw_others(&page->img, &l, page->x, bottom + rt_font_up(RT_LABEL), b,
				    &plan);
	}
	rt_bars_plan_release(&plan);
	return status;
}

enum rt_status rt_bars_png(const struct rt_bars *b, const char *path, struct rt_err *err)
{
	struct rt_page page;

	RT_TRY(rt_bars_page(&page, b, err));
	return rt_page_save(&page, path, err);
}
