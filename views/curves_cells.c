/* curves_cells.c - line charts and scatter plots in cells: box lines, points, braille. */
#include "config.h"

#include "views/curves.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 12, INDENT = 2 };

/* The plot's rectangle on the canvas and its axes. */
struct plot {
	struct rt_canvas *c;
	const struct rt_curves *v;
	struct rt_axis x, y;
	int left, top, w, h;
	bool beside;		/* the name of the x axis stands right of its ticks, else below */
	uint8_t *dots;		/* braille: one pattern a cell; NULL otherwise */
};

static struct rt_ink ink_of(const struct plot *p, int series)
{
	return RT_INK_COLOR(
		rt_role_shade(p->v->series[series].role, rt_series_nth(p->v, series), false));
}

static int row_of(const struct plot *p, double y)
{
	return (int)lround((1 - rt_axis_at(&p->y, y)) * (p->h - 1));
}

static int column_of(const struct plot *p, double x)
{
	return (int)lround(rt_axis_at(&p->x, x) * (p->w - 1));
}

/* y of a series at column i: the mean of the points that fall there when they are dense, otherwise
 * interpolated; NaN outside and in gaps.  *from remembers where the search stood. */
static double value_at(const struct plot *p, const struct rt_series *s, int i, int *from)
{
	double span = (p->x.hi - p->x.lo) / (p->w - 1), x = p->x.lo + i * span, sum = 0;
	int count = 0, k;

	while (*from < s->n && rt_series_x(s, *from) < x - span / 2)
		++*from;
	for (k = *from; k < s->n && rt_series_x(s, k) < x + span / 2; k++)
		if (isfinite(s->y[k])) {
			sum += s->y[k];
			count++;
		}
	if (count)
		return sum / count;
	if (k > *from || *from == 0 || *from >= s->n)
		return NAN;
	{
		double x0 = rt_series_x(s, *from - 1), x1 = rt_series_x(s, *from);
		double t = (x - x0) / (x1 - x0);

		return (1 - t) * s->y[*from - 1] + t * s->y[*from];
	}
}

/* Joins row `last` of the column before to `row` in this one. */
static void join(const struct plot *p, int series, const struct rt_stroke *s, int column, int last,
		 int row)
{
	struct rt_ink ink = ink_of(p, series);
	int x = p->left + column;
	bool down = row > last;

	if (last < 0 || last == row) {
		rt_canvas_put(p->c, x, p->top + row, s->flat, ink);
		return;
	}
	for (int y = (down ? last : row) + 1; y < (down ? row : last); y++)
		rt_canvas_put(p->c, x, p->top + y, s->upright, ink);
	rt_canvas_put(p->c, x, p->top + last, down ? s->down_left : s->up_left, ink);
	rt_canvas_put(p->c, x, p->top + row, down ? s->up_right : s->down_right, ink);
}

static void draw_line(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];
	struct rt_stroke stroke = rt_series_stroke(p->v, series, p->c->style.unicode);
	int from = 0, last = -1;

	for (int i = 0; i < p->w; i++) {
		double y = value_at(p, s, i, &from);

		if (!isfinite(y)) {
			last = -1;
			continue;
		}
		join(p, series, &stroke, i, last, row_of(p, y));
		last = row_of(p, y);
	}
	if (s->n == 1 && isfinite(s->y[0]) && isfinite(rt_series_x(s, 0)))
		rt_canvas_put(p->c, p->left + column_of(p, rt_series_x(s, 0)),
			      p->top + row_of(p, s->y[0]), stroke.point, ink_of(p, series));
}

static void draw_reference(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];
	struct rt_stroke stroke = rt_series_stroke(p->v, series, p->c->style.unicode);

	if (s->n > 0 && isfinite(s->y[0]))
		for (int i = 0; i < p->w; i += 2)
			rt_canvas_put(p->c, p->left + i, p->top + row_of(p, s->y[0]), stroke.flat,
				      ink_of(p, series));
}

static bool room_for(const struct plot *p, int x, int y, int width)
{
	if (x < p->left || x + width > p->left + p->w)
		return false;
	for (int i = 0; i < width; i++)
		if (y < p->c->h &&
		    p->c->cell[(size_t)y * (size_t)p->c->w + (size_t)(x + i)].ch != ' ')
			return false;
	return true;
}

static void draw_points(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];
	struct rt_stroke stroke = rt_series_stroke(p->v, series, p->c->style.unicode);

	for (int i = 0; i < s->n; i++)
		if (isfinite(s->y[i]) && isfinite(rt_series_x(s, i)))
			rt_canvas_put(p->c, p->left + column_of(p, rt_series_x(s, i)),
				      p->top + row_of(p, s->y[i]), stroke.point, ink_of(p, series));
}

/* A point's name goes right of it, else left, else it is left out. */
static void draw_labels(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];

	for (int i = 0; s->label && i < s->n; i++) {
		int width, x, y;

		if (!s->label[i] || !isfinite(s->y[i]) || !isfinite(rt_series_x(s, i)))
			continue;
		width = rt_canvas_width(p->c, s->label[i]);
		x = p->left + column_of(p, rt_series_x(s, i));
		y = p->top + row_of(p, s->y[i]);
		if (room_for(p, x + 1, y, width + 2))
			rt_canvas_text(p->c, x + 2, y, s->label[i], RT_INK_DIM);
		else if (room_for(p, x - width - 2, y, width + 2))
			rt_canvas_text(p->c, x - width - 1, y, s->label[i], RT_INK_DIM);
	}
}

/* Sets the dot at (x, y) of the grid of 2 w x 4 h dots; dots 1 2 3 7 are the left column of a
 * pattern from the top, 4 5 6 8 the right one (U+2800 + bits). */
static void dot(const struct plot *p, int series, int x, int y)
{
	static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	uint8_t *cell;

	if (x < 0 || y < 0 || x >= 2 * p->w || y >= 4 * p->h)
		return;
	cell = &p->dots[(size_t)(y / 4) * (size_t)p->w + (size_t)(x / 2)];
	*cell |= bit[y % 4][x % 2];
	rt_canvas_put(p->c, p->left + x / 2, p->top + y / 4, 0x2800u + *cell, ink_of(p, series));
}

static void draw_braille(const struct plot *p, int series)
{
	const struct rt_series *s = &p->v->series[series];
	double px = NAN, py = NAN;

	for (int i = 0; i < (s->reference ? 2 : s->n); i++) {
		double at = s->reference ? i : rt_axis_at(&p->x, rt_series_x(s, i));
		double x = at * (2 * p->w - 1);
		double y = (1 - rt_axis_at(&p->y, s->y[s->reference ? 0 : i])) * (4 * p->h - 1);
		int steps;

		if (!isfinite(x) || !isfinite(y)) {
			px = NAN;
			continue;
		}
		steps = p->v->points || isnan(px) ? 0 : (int)fmax(fabs(x - px), fabs(y - py)) + 1;
		for (int k = 0; k <= steps; k++) {
			double t = steps ? (double)k / steps : 1;
			int dx = (int)lround(steps ? px + t * (x - px) : x);

			if (!s->reference || dx % 4 < 2)
				dot(p, series, dx, (int)lround(steps ? py + t * (y - py) : y));
		}
		px = x;
		py = y;
	}
}

static void draw_axes(const struct plot *p)
{
	struct rt_canvas *c = p->c;
	bool u = c->style.unicode;
	int axis = p->left - 1, bottom = p->top + p->h, end = 0;
	char label[RT_NUM];

	for (int i = 0; i < p->h; i++)
		rt_canvas_put(c, axis, p->top + i, u ? 0x2502 : '|', RT_INK_DIM);
	for (int i = 0; i < p->y.n; i++) {
		int y = p->top + row_of(p, rt_axis_tick(&p->y, i));

		rt_canvas_put(c, axis, y, u ? 0x2524 : '+', RT_INK_DIM);
		rt_canvas_fit(c, 0, y, axis - 1, RT_RIGHT, rt_axis_label(label, &p->y, i),
			      RT_INK_PLAIN);
	}
	rt_canvas_put(c, axis, bottom, u ? 0x2514 : '+', RT_INK_DIM);
	rt_canvas_repeat(c, p->left, bottom, p->w, u ? 0x2500 : '-', RT_INK_DIM);
	for (int i = 0; i < p->x.n; i++) {
		int x = p->left + column_of(p, rt_axis_tick(&p->x, i)), width;

		rt_canvas_put(c, x, bottom, u ? 0x252c : '+', RT_INK_DIM);
		rt_axis_label(label, &p->x, i);
		width = rt_canvas_width(c, label);
		x -= width / 2;
		x = x + width > c->w ? c->w - width : x;
		if (i > 0 && x <= end)
			continue;
		rt_canvas_text(c, x, bottom + 1, label, RT_INK_PLAIN);
		end = x + width;
	}
	if (p->v->xlabel && p->beside)
		rt_canvas_text(c, end + 2, bottom + 1, p->v->xlabel, RT_INK_PLAIN);
	else if (p->v->xlabel)
		rt_canvas_fit(c, p->left, bottom + 2, p->w, RT_RIGHT, p->v->xlabel, RT_INK_PLAIN);
}

/* Room for the ticks' labels, then the axes fitted to what is left. */
static void lay_out(struct plot *p, const struct rt_extent *e)
{
	int label = 0, name = p->v->xlabel ? rt_canvas_width(p->c, p->v->xlabel) + 4 : 2;
	char text[RT_NUM];

	p->h = p->v->rows > 0 ? p->v->rows : ROWS;
	p->h = p->h < 3 ? 3 : p->h > 100 ? 100 : p->h;
	rt_axis_fit(&p->y, e->y0, e->y1, p->h / 3 + 1, false, true);
	for (int i = 0; i < p->y.n; i++) {
		int width = rt_canvas_width(p->c, rt_axis_label(text, &p->y, i));

		label = width > label ? width : label;
	}
	p->left = INDENT + label + 2;
	p->beside = name <= p->c->w / 5;
	p->w = p->c->w - p->left - (p->beside ? name : 2);
	rt_axis_fit(&p->x, e->x0, e->x1, p->w / 9 + 1, e->whole_x, false);
}

void rt_curves_draw(struct rt_canvas *c, const struct rt_curves *v)
{
	struct plot p = {.c = c, .v = v};
	struct rt_pieces legend = {0}, foot = {0};
	struct rt_extent e;

	rt_title_draw(c, v->title);
	if (!rt_curves_extent(&e, v)) {
		rt_canvas_text(c, INDENT, c->h, "nothing to draw yet", RT_INK_DIM);
		return;
	}
	lay_out(&p, &e);
	rt_curves_legend(&legend, v);
	rt_pieces_draw(c, INDENT, c->h, INDENT, &legend, RT_INK_PLAIN);
	if (v->ylabel)
		rt_canvas_fit(c, INDENT, c->h, c->w - INDENT, RT_LEFT, v->ylabel, RT_INK_DIM);
	p.top = c->h;
	draw_axes(&p);
	if (v->braille && c->style.unicode)
		p.dots = rt_alloc((size_t)p.w * (size_t)p.h, 1);
	for (int k = v->nseries - 1; k >= 0; k--) {
		if (p.dots)
			draw_braille(&p, k);
		else if (v->series[k].reference)
			draw_reference(&p, k);
		else if (v->points)
			draw_points(&p, k);
		else
			draw_line(&p, k);
	}
	for (int k = 0; k < v->nseries; k++)
		draw_labels(&p, k);
	free(p.dots);
	rt_pieces_notes(&foot, v->note, v->nnote);
	rt_pieces_draw(c, INDENT, c->h, INDENT, &foot, RT_INK_PLAIN);
	rt_pieces_release(&legend);
	rt_pieces_release(&foot);
}
