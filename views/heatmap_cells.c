/* heatmap_cells.c - heatmaps in cells: panels side by side, the legend, the agreement. */
#include "config.h"

#include "views/heatmap.h"

#include "base/mem.h"

#include <stdlib.h>

enum { INDENT = 2, GAP = 2, NARROWEST = 12, TALLEST = 32 };

/* Frames mark the edges where no ground colour does. */
static int frame(const struct rt_canvas *c)
{
	return rt_mosaic_colored(c) ? 0 : 1;
}

static void draw_map(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m,
		     const struct rt_heatmap *h, const struct rt_panel *p)
{
	size_t n = (size_t)m->pw * (size_t)m->ph;
	float *t = rt_alloc(n, sizeof(*t));

	rt_grid_resize(t, m->pw, m->ph, p->t, p->w, p->h);
	if (h->overlay && h->input && rt_mosaic_colored(c)) {
		float *grey = rt_alloc(n, sizeof(*grey));
		int32_t *rgb = rt_alloc(n, sizeof(*rgb));

		rt_picture_grey(grey, h->input, m->pw, m->ph);
		for (size_t i = 0; i < n; i++)
			rgb[i] = rt_color_overlay(grey[i], t[i]);
		rt_mosaic_colors(c, x, y, m, rgb);
		free(grey);
		free(rgb);
	} else {
		rt_mosaic_signed(c, x, y, m, t);
	}
	free(t);
}

static void draw_panel(struct rt_canvas *c, int x, int y, int slot, const struct rt_heatmap *h,
		       const struct rt_panel *p)
{
	int f = frame(c);
	struct rt_mosaic m = rt_mosaic_fit(p->w, p->h, slot - 2 * f, TALLEST);

	bool fits = rt_canvas_width(c, p->title) <= slot || !p->brief || !*p->brief;

	rt_canvas_fit(c, x, y, slot, RT_LEFT, fits ? p->title : p->brief, RT_INK_PLAIN);
	if (f)
		rt_canvas_box(c, x, y + 1, m.cols + 2, m.rows + 2, RT_INK_DIM);
	if (p->t)
		draw_map(c, x + f, y + 1 + f, &m, h, p);
	else
		rt_picture_put(c, x + f, y + 1 + f, &m, h->input);
}

/* "−0.031 [map] +0.031" and what follows on the same row. */
static void draw_scale(struct rt_canvas *c, const struct rt_heatmap *h,
		       const struct rt_heatmap_plan *plan)
{
	struct rt_pieces facts = {0}, notes = {0};
	char number[RT_NUM];
	int y = c->h, x;

	if (plan->most > 0) {
		double clip = plan->clip;
		struct rt_str end = {0};

		rt_str_addf(&end, "−%s ", rt_num_short(number, clip, 2));
		x = rt_canvas_text(c, INDENT, y, rt_str_text(&end), RT_INK_PLAIN);
		x = rt_mosaic_legend(c, x, y);
		rt_str_clear(&end);
		rt_str_addf(&end, " +%s", rt_num_short(number, clip, 2));
		x = rt_canvas_text(c, x, y, rt_str_text(&end), RT_INK_PLAIN);
		rt_str_release(&end);
	} else {
		x = INDENT;
	}
	rt_heatmap_facts(&facts, h, plan);
	rt_pieces_draw(c, x, y, INDENT, &facts, RT_INK_PLAIN);
	rt_pieces_notes(&notes, h->note, h->nnote);
	rt_pieces_draw(c, INDENT, c->h, INDENT, &notes, RT_INK_PLAIN);
	rt_pieces_release(&facts);
	rt_pieces_release(&notes);
}

void rt_heatmap_draw(struct rt_canvas *c, const struct rt_heatmap *h)
{
	struct rt_heatmap_plan plan;
	struct rt_err err;
	int columns, slot, y;

	if (rt_heatmap_plan(&plan, h, &err) != RT_OK) {
		rt_canvas_text(c, 0, c->h, err.msg, RT_INK_PLAIN);
		return;
	}
	columns = (c->w - INDENT + GAP) / (NARROWEST + 2 * frame(c) + GAP);
	columns = columns > plan.n ? plan.n : columns < 1 ? 1 : columns;
	/* Rows of equal length: four panels that do not fit become two and two. */
	columns = (plan.n + (plan.n + columns - 1) / columns - 1) /
		  ((plan.n + columns - 1) / columns);
	slot = (c->w - INDENT + GAP) / columns - GAP;
	rt_title_draw(c, h->title);
	for (int i = 0; i < plan.n; i += columns) {
		int widest = 0, x = INDENT;

		/* Panels stand close together: the next begins behind the picture or its title. */
		for (int j = i; j < i + columns && j < plan.n; j++) {
			struct rt_mosaic m = rt_mosaic_fit(plan.panel[j].w, plan.panel[j].h,
							   slot - 2 * frame(c), TALLEST);
			int title = rt_canvas_width(c, plan.panel[j].title);

			widest = m.cols + 2 * frame(c) > widest ? m.cols + 2 * frame(c) : widest;
			widest = title > widest ? title : widest;
		}
		widest = widest > slot ? slot : widest;
		y = c->h + (i > 0);
		for (int j = i; j < i + columns && j < plan.n; j++, x += widest + GAP)
			draw_panel(c, x, y, widest, h, &plan.panel[j]);
	}
	draw_scale(c, h, &plan);
	rt_heatmap_plan_release(&plan);
}
