/* curves_png.c - line charts and scatter plots as PNG, drawn without gnuplot. */
#include "config.h"

#include "views/curves.h"

#include "base/mem.h"
#include "views/page.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 820, HEIGHT = 420, TICK = 6, PAD = 8, MOST_MARKED = 40 };

/* The plot's rectangle on the page and its axes. */
struct plot {
	struct rt_image *img;
	const struct rt_curves *v;
	struct rt_axis x, y;
	int left, top;
};

static int32_t color_of(const struct plot *p, int series)
{
	return rt_role_shade(p->v->series[series].role, rt_series_nth(p->v, series), true);
}

static double px(const struct plot *p, double x)
{
	return p->left + rt_axis_at(&p->x, x) * WIDTH;
}

static double py(const struct plot *p, double y)
{
	return p->top + (1 - rt_axis_at(&p->y, y)) * HEIGHT;
}

static void draw_axes(const struct plot *p)
{
	int bottom = p->top + HEIGHT, base = bottom + TICK + PAD / 2 + rt_font_up(RT_LABEL);
	char label[RT_NUM];

	for (int i = 0; i < p->y.n; i++) {
		int y = (int)lround(py(p, rt_axis_tick(&p->y, i)));

		rt_raster_fill(p->img, p->left, y, WIDTH, 1, RT_GRID);
		rt_raster_fill(p->img, p->left - TICK, y, TICK, 1, RT_AXIS);
		rt_raster_text(p->img, p->left - TICK - PAD, y + 6, RT_LABEL, RT_RIGHT, RT_TEXT,
			       rt_axis_label(label, &p->y, i));
	}
	for (int i = 0; i < p->x.n; i++) {
		int x = (int)lround(px(p, rt_axis_tick(&p->x, i)));

		rt_raster_fill(p->img, x, bottom, 1, TICK, RT_AXIS);
		rt_raster_text(p->img, x, base, RT_LABEL, RT_CENTER, RT_TEXT,
			       rt_axis_label(label, &p->x, i));
	}
	rt_raster_fill(p->img, p->left, p->top, 1, HEIGHT, RT_AXIS);
	rt_raster_fill(p->img, p->left, bottom, WIDTH + 1, 1, RT_AXIS);
	if (p->v->xlabel)
		rt_raster_text(p->img, p->left + WIDTH, base + rt_font_line(RT_LABEL), RT_LABEL,
			       RT_RIGHT, RT_TEXT, p->v->xlabel);
	if (p->v->ylabel)
		rt_raster_text(p->img, p->left - TICK, p->top - PAD - rt_font_down(RT_LABEL),
			       RT_LABEL, RT_LEFT, RT_TEXT, p->v->ylabel);
}

/* A filled point for the first series of a role, a ring for the following ones. */
static void draw_marker(const struct plot *p, double x, double y, double radius, int series)
{
	rt_raster_disc(p->img, x, y, radius + 1.5, RT_PAPER);
	rt_raster_disc(p->img, x, y, radius, color_of(p, series));
	if (rt_series_nth(p->v, series) % 2)
		rt_raster_disc(p->img, x, y, radius - 2, RT_PAPER);
}

static void draw_points(const struct plot *p, int series, double radius)
{
	const struct rt_series *s = &p->v->series[series];

	for (int i = 0; i < s->n; i++)
		if (isfinite(s->y[i]) && isfinite(rt_series_x(s, i)))
			draw_marker(p, px(p, rt_series_x(s, i)), py(p, s->y[i]), radius, series);
}

/* Names right of their points, or left of those near the right edge. */
static void draw_labels(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];

	for (int i = 0; s->label && i < s->n; i++) {
		double x = px(p, rt_series_x(s, i)), y = py(p, s->y[i]) + 6;
		int width;

		if (!s->label[i] || !isfinite(x) || !isfinite(y))
			continue;
		width = rt_font_width(RT_LABEL, s->label[i]);
		if (x + 12 + width < p->left + WIDTH + 20)
			rt_raster_text(p->img, (int)x + 12, (int)y, RT_LABEL, RT_LEFT, RT_TEXT,
				       s->label[i]);
		else
			rt_raster_text(p->img, (int)x - 12, (int)y, RT_LABEL, RT_RIGHT, RT_TEXT,
				       s->label[i]);
	}
}

/* The control is dashed, so that it differs from the others in grey print. */
static void draw_line(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];
	double *xy = rt_alloc((size_t)s->n, 2 * sizeof(*xy));

	for (int i = 0; i < s->n; i++) {
		xy[2 * i] = px(p, rt_series_x(s, i));
		xy[2 * i + 1] = py(p, s->y[i]);
	}
	rt_raster_path(p->img, xy, s->n, 3, s->role == RT_CONTROL ? 6 : 0, color_of(p, series));
	free(xy);
	if (s->n <= MOST_MARKED)
		draw_points(p, series, 4);
}

static void draw_reference(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];
	double y = s->n > 0 ? py(p, s->y[0]) : NAN;
	const double xy[4] = {p->left, y, p->left + WIDTH, y};

	rt_raster_path(p->img, xy, 2, 2.5, 12, color_of(p, series));
}

enum rt_status rt_curves_page(struct rt_page *page, const struct rt_curves *v, struct rt_err *err)
{
	struct rt_page_text text = {.title = v->title, .command = v->command};
	struct plot p = {.v = v};
	struct rt_extent e;
	enum rt_status status;
	char label[RT_NUM];
	int wide = 0, above = v->ylabel ? rt_font_line(RT_LABEL) + PAD : PAD, below;

	if (!rt_curves_extent(&e, v))
		return rt_fail(err, RT_EINVAL, "nothing to draw: no series has a finite point");
	rt_axis_fit(&p.y, e.y0, e.y1, 7, false, true);
	rt_axis_fit(&p.x, e.x0, e.x1, 11, e.whole_x, v->points);
	for (int i = 0; i < p.y.n; i++)
		wide = (int)fmax(wide, rt_font_width(RT_LABEL, rt_axis_label(label, &p.y, i)));
	below = TICK + PAD + rt_font_line(RT_LABEL) * (v->xlabel ? 2 : 1);
	rt_curves_legend(&text.head, v);
	rt_pieces_notes(&text.foot, v->note, v->nnote);
	status = rt_page_begin(page, wide + TICK + PAD + WIDTH + 20, above + HEIGHT + below, &text,
			       err);
	rt_page_text_release(&text);
	RT_TRY(status);
	p.img = &page->img;
	p.left = page->x + wide + TICK + PAD;
	p.top = page->y + above;
	draw_axes(&p);
	for (int k = v->nseries - 1; k >= 0; k--) {
		if (v->series[k].reference)
			draw_reference(&p, k);
		else if (v->points)
			draw_points(&p, k, 6);
		else
			draw_line(&p, k);
	}
	for (int k = 0; k < v->nseries; k++)
		draw_labels(&p, k);
	return RT_OK;
}

enum rt_status rt_curves_png(const struct rt_curves *v, const char *path, struct rt_err *err)
{
	struct rt_page page;

	RT_TRY(rt_curves_page(&page, v, err));
	return rt_page_save(&page, path, err);
}
