/* panes.c - the list of panes, the layouts, and placing one with the other. */
#include "config.h"

#include "views/pane.h"

#include "views/caption.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROW(name) &rt_pane_##name.row,
static const struct rt_row *const pane_rows[] = {RT_PANE_LIST(ROW)};

const struct rt_list rt_panes = {"pane", pane_rows, RT_COUNT(pane_rows)};

enum { MOST = 4, LEAST_HEIGHT = 5, LEAST_WIDTH = 22, WIDE = 110, STACKED = 60 };

/* Panes side by side with their shares of the width. */
struct band {
	int share;		/* of the height */
	struct {
		const struct rt_pane *pane;
		int share;
	} slot[MOST];
};

struct layout {
	struct rt_row row;
	struct band narrow[MOST], wide[MOST];
};

static const struct layout distill = {
	.row = {"distill", "teacher and student while the student learns", NULL, 0},
	.narrow = {{8, {{&rt_pane_models, 3}, {&rt_pane_curves, 6}}},
		   {8, {{&rt_pane_sample, 1}}},
		   {6, {{&rt_pane_layers, 4}, {&rt_pane_job, 2}}}},
	.wide = {{9, {{&rt_pane_models, 3}, {&rt_pane_curves, 6}, {&rt_pane_job, 3}}},
		 {9, {{&rt_pane_sample, 1}}},
		 {12, {{&rt_pane_layers, 7}, {&rt_pane_confusion, 5}}}},
};

static const struct layout explain = {
	.row = {"explain", "one sample, and what the models look at", NULL, 0},
	.narrow = {{12, {{&rt_pane_sample, 1}}},
		   {7, {{&rt_pane_models, 2}, {&rt_pane_confusion, 4}}}},
	.wide = {{18, {{&rt_pane_sample, 1}}},
		 {12, {{&rt_pane_models, 3}, {&rt_pane_confusion, 5}, {&rt_pane_curves, 4}}}},
};

static const struct layout compress = {
	.row = {"compress", "bytes, MACs, latency and layers, before and after", NULL, 0},
	.narrow = {{6, {{&rt_pane_compression, 1}}},
		   {7, {{&rt_pane_layers, 1}}}},
	.wide = {{8, {{&rt_pane_compression, 7}, {&rt_pane_models, 4}}},
		 {12, {{&rt_pane_layers, 7}, {&rt_pane_curves, 5}}},
		 {9, {{&rt_pane_sample, 1}}}},
};

static const struct layout focus = {
	.row = {"focus", "one pane alone", NULL, 0},
};

static const struct rt_row *const layout_rows[] = {&distill.row, &explain.row, &compress.row,
						   &focus.row};
const struct rt_list rt_layouts = {"layout", layout_rows, RT_COUNT(layout_rows)};

enum rt_status rt_pane_get(const struct rt_pane **out, const char *name, struct rt_err *err)
{
	const struct rt_row *row;

	RT_TRY(rt_list_get(&row, &rt_panes, name, err));
	*out = (const struct rt_pane *)row;
	return RT_OK;
}

/* --- placing ------------------------------------------------------------------------------- */

void rt_canvas_paste(struct rt_canvas *c, int x, int y, int w, int h, const struct rt_canvas *what,
		     int from)
{
	for (int j = 0; j < h && from + j < what->h; j++)
		for (int i = 0; i < w && i < what->w; i++) {
			const struct rt_cell *cell = &what->cell[(from + j) * what->w + i];

			if (cell->ch && (cell->ch != ' ' || cell->ink.bg != RT_DEFAULT))
				rt_canvas_put(c, x + i, y + j, cell->ch, cell->ink);
		}
}

/* A rule with the pane's title in it, and the pane below. */
static void draw_pane(struct rt_canvas *c, int x, int y, int w, int h, const struct rt_pane *pane,
		      const struct rt_scene *s)
{
	struct rt_style style = c->style;
	struct rt_canvas inner;
	struct rt_str title = {0};
	int room = w - 3, used;

	rt_canvas_repeat(c, x, y, w, c->style.unicode ? 0x2500 : '-', RT_INK_DIM);
	pane->title(&title, s);
	used = rt_canvas_width(c, rt_str_text(&title));
	used = used > room ? room : used;
	rt_canvas_put(c, x + 1, y, ' ', RT_INK_PLAIN);
	rt_canvas_fit(c, x + 2, y, used, RT_LEFT, rt_str_text(&title), RT_INK_BOLD);
	rt_canvas_put(c, x + 2 + used, y, ' ', RT_INK_PLAIN);
	rt_str_release(&title);
	style.width = w - 1;
	rt_canvas_init(&inner, &style);
	pane->draw(&inner, s, h - 1);
	rt_canvas_paste(c, x + 1, y + 1, w - 1, h - 1, &inner, 0);
	rt_canvas_release(&inner);
}

static int count_slots(const struct band *b)
{
	int n = 0;

	while (n < MOST && b->slot[n].pane)
		n++;
	return n;
}

static void draw_band(struct rt_canvas *c, int y, int h, const struct band *b,
		      const struct rt_scene *s)
{
	int n = count_slots(b), shares = 0, x = 0;

	while (n > 1 && c->w / n < LEAST_WIDTH)
		n--;
	for (int i = 0; i < n; i++)
		shares += b->slot[i].share;
	for (int i = 0; i < n; i++) {
		int w = i + 1 < n ? c->w * b->slot[i].share / shares : c->w - x;

		w = w < LEAST_WIDTH && n > 1 ? LEAST_WIDTH : w;
		draw_pane(c, x, y, w - (i + 1 < n), h, b->slot[i].pane, s);
		x += w;
		if (i + 1 == n)
			break;
		rt_canvas_put(c, x - 1, y, c->style.unicode ? 0x252c : '+', RT_INK_DIM);
		for (int j = 1; j < h; j++)
			rt_canvas_put(c, x - 1, y + j, c->style.unicode ? 0x2502 : '|', RT_INK_DIM);
	}
}

static void draw_bands(struct rt_canvas *c, int y, int h, const struct band *bands,
		       const struct rt_scene *s)
{
	int n = 0, shares = 0, top = y;

	while (n < MOST && count_slots(&bands[n]) && (n + 1) * LEAST_HEIGHT <= h)
		n++;
	n = n ? n : 1;
	for (int i = 0; i < n; i++)
		shares += bands[i].share;
	/* a band more must not squeeze the others */
	while (n > 1 && h * 5 < shares * 4)
		shares -= bands[--n].share;
	for (int i = 0, sum = 0; i < n; i++) {
		int bottom;

		sum += bands[i].share;
		bottom = y + h * sum / shares;
		draw_band(c, top, bottom - top, &bands[i], s);
		top = bottom;
	}
}

void rt_layout_draw(struct rt_canvas *c, int y, int h, const struct rt_row *layout,
		    const struct rt_pane *alone, const struct rt_scene *s)
{
	const struct layout *l = (const struct layout *)layout;

	if (h < 2)
		return;
	rt_canvas_grow(c, y + h);
	if (l == &focus)
		draw_pane(c, 0, y, c->w, h, alone ? alone : &rt_pane_curves, s);
	else
		draw_bands(c, y, h, c->w >= WIDE ? l->wide : l->narrow, s);
}

/* --- for the panes ------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

enum rt_role rt_look_role(const struct rt_look *l, const char *name)
{
	if (!l->has_run || !l->run.teacher)
		return RT_OTHER;
	if (same(l->run.teacher, name))
		return RT_TEACHER;
	if (same(l->run.control, name))
		return RT_CONTROL;
	return same(l->run.student, name) ? RT_STUDENT : RT_OTHER;
}

void rt_pane_hint(struct rt_canvas *c, const char *text)
{
	struct rt_pieces words = {0};

	rt_pieces_add(&words, text);
	rt_pieces_draw(c, 0, c->h, 0, &words, RT_INK_DIM);
	rt_pieces_release(&words);
}

const char *rt_look_class(const struct rt_look *l, int64_t k, char *buf, size_t size)
{
	if (l->data && k >= 0 && k < l->data->classes)
		return rt_data_class(l->data, (int)k, buf, size);
	snprintf(buf, size, "%d", (int)k);
	return buf;
}

char *rt_look_score(char buf[RT_NUM], const struct rt_look *l, double score)
{
	char number[RT_NUM];
	bool classes = !l->data || l->data->task == RT_CLASSIFY;

	if (isnan(score))
		return rt_num_real(buf, NAN, 0);
	rt_num_real(number, score, classes ? 2 : 3);
	if (classes)
		snprintf(buf, RT_NUM, "%.40s %%", number);
	else
		snprintf(buf, RT_NUM, "RMSE %.40s", number);
	return buf;
}

char *rt_num_brief(char buf[RT_NUM], double n)
{
	static const char *const unit[] = {"", " k", " M", " G", " T"};
	size_t i = 0;

	for (; n >= 999.5 && i + 1 < RT_COUNT(unit); i++)
		n /= 1000;
	snprintf(buf, RT_NUM, i > 0 && n < 99.95 ? "%.1f%s" : "%.0f%s", n, unit[i]);
	return buf;
}
