/* hbars.c - plain horizontal bars: one a name, as long as its value, in cells and as PNG. */
#include "config.h"

#include "views/bars.h"

#include "views/page.h"

#include <math.h>
#include <stdio.h>

static double sum_of(const struct rt_hbars *b)
{
	double sum = 0;

	for (int i = 0; i < b->n; i++)
		sum += b->value[i] > 0 ? b->value[i] : 0;
	return sum;
}

static double most_of(const struct rt_hbars *b)
{
	double most = 0;

	for (int i = 0; i < b->n; i++)
		if (isfinite(b->value[i]) && b->value[i] > most)
			most = b->value[i];
	return most;
}

static const char *name_of(char buf[32], const struct rt_hbars *b, int i)
{
	if (b->name && b->name[i])
		return b->name[i];
	snprintf(buf, 32, "%d", i);
	return buf;
}

static char *value_of(char buf[RT_NUM], const struct rt_hbars *b, int i)
{
	return b->share ? rt_num_count(buf, b->value[i])
			: rt_num_real(buf, b->value[i], b->decimals);
}

static char *share_of(char buf[RT_NUM], const struct rt_hbars *b, int i, double sum)
{
	return rt_num_percent(buf, sum > 0 ? b->value[i] / sum : NAN);
}

void rt_hbars_draw(struct rt_canvas *c, const struct rt_hbars *b)
{
	double most = most_of(b), sum = sum_of(b);
	int label = 0, number = 0, cells, y;
	struct rt_pieces foot = {0};
	char buf[32], text[RT_NUM];

	for (int i = 0; i < b->n; i++) {
		int w = rt_canvas_width(c, name_of(buf, b, i)),
		    v = rt_canvas_width(c, value_of(text, b, i));

		label = w > label ? w : label;
		number = v > number ? v : number;
	}
	label = label > c->w / 3 ? c->w / 3 : label;
	cells = c->w - 2 - label - 2 - 2 - number - (b->share ? 9 : 0);
	cells = cells > 50 ? 50 : cells < 4 ? 4 : cells;
	rt_title_draw(c, b->title);
	for (int i = 0; i < b->n; i++) {
		y = c->h;
		rt_canvas_fit(c, 2, y, label, RT_RIGHT, name_of(buf, b, i), RT_INK_PLAIN);
		if (most > 0)
			rt_canvas_bar(c, 4 + label, y, cells, b->value[i] / most * cells, b->role);
		rt_canvas_fit(c, 6 + label + cells, y, number, RT_RIGHT, value_of(text, b, i),
			      RT_INK_PLAIN);
		if (b->share)
			rt_canvas_fit(c, 8 + label + cells + number, y, 7, RT_RIGHT,
				      share_of(text, b, i, sum), RT_INK_DIM);
	}
	rt_pieces_notes(&foot, b->note, b->nnote);
	rt_pieces_draw(c, 2, c->h, 2, &foot, RT_INK_PLAIN);
	rt_pieces_release(&foot);
}

enum { BAR = 22, STEP = 32, LENGTH = 620, PAD = 12 };

enum rt_status rt_hbars_png(const struct rt_hbars *b, const char *path, struct rt_err *err)
{
	struct rt_page_text text = {.title = b->title, .command = b->command};
	double most = most_of(b), sum = sum_of(b);
	int label = 0, number = 0,
	    share = b->share ? rt_font_width(RT_LABEL, "100.0 %") + 2 * PAD : 0;
	char buf[32], num[RT_NUM];
	struct rt_page page;
	enum rt_status status;

	if (b->n < 1)
		return rt_fail(err, RT_EINVAL, "bars need at least one value, got 0");
	for (int i = 0; i < b->n; i++) {
		label = (int)fmax(label, rt_font_width(RT_LABEL, name_of(buf, b, i)));
		number = (int)fmax(number, rt_font_width(RT_LABEL, value_of(num, b, i)));
	}
	label = label > 300 ? 300 : label;
	rt_pieces_notes(&text.foot, b->note, b->nnote);
	status = rt_page_begin(&page, label + 2 * PAD + LENGTH + number + share, b->n * STEP, &text,
			       err);
	rt_page_text_release(&text);
	RT_TRY(status);
	for (int i = 0; i < b->n; i++) {
		int y = page.y + i * STEP, base = y + (STEP + 12) / 2, x = page.x + label + PAD;
		int right = x + LENGTH + PAD + number;

		rt_raster_text_fit(&page.img, page.x, base, label, RT_LABEL, RT_RIGHT, RT_TEXT,
				   name_of(buf, b, i));
		if (most > 0 && b->value[i] > 0)
			rt_raster_bar(&page.img, x, y + (STEP - BAR) / 2,
				      b->value[i] / most * LENGTH, BAR, rt_role_paper(b->role));
		rt_raster_text(&page.img, right, base, RT_LABEL, RT_RIGHT, RT_TEXT,
			       value_of(num, b, i));
		if (b->share)
			rt_raster_text(&page.img, right + share, base, RT_LABEL, RT_RIGHT, RT_FAINT,
				       share_of(num, b, i, sum));
	}
	return rt_page_save(&page, path, err);
}
