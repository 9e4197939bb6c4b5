/* curves.c - what the back ends of line charts share: extent, strokes, legend. */
#include "config.h"

#include "views/curves.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double *rt_chart_add(struct rt_chart *c, const char *name, enum rt_role role, int n)
{
	double *y = rt_alloc((size_t)n, sizeof(*y));

	RT_GROW(c->series, c->n, c->cap);
	c->series[c->n++] = (struct rt_series){.name = name, .role = role, .n = n, .y = y};
	return y;
}

void rt_chart_add_reference(struct rt_chart *c, const char *name, enum rt_role role, double y)
{
	*rt_chart_add(c, name, role, 1) = y;
	c->series[c->n - 1].reference = true;
}

void rt_chart_release(struct rt_chart *c)
{
	for (int i = 0; i < c->n; i++)
		free((double *)c->series[i].y);
	free(c->series);
	*c = (struct rt_chart){0};
}

double rt_series_x(const struct rt_series *s, int i)
{
	return s->x ? s->x[i] : i + 1;
}

bool rt_curves_extent(struct rt_extent *e, const struct rt_curves *v)
{
	*e = (struct rt_extent){INFINITY, -INFINITY, INFINITY, -INFINITY, true};
	for (int k = 0; k < v->nseries; k++) {
		const struct rt_series *s = &v->series[k];

		for (int i = 0; i < s->n; i++) {
			double x = rt_series_x(s, i), y = s->y[i];

			if (!isfinite(y) || !isfinite(x))
				continue;
			e->y0 = fmin(e->y0, y);
			e->y1 = fmax(e->y1, y);
			if (s->reference)
				break;
			e->x0 = fmin(e->x0, x);
			e->x1 = fmax(e->x1, x);
			e->whole_x = e->whole_x && x == floor(x);
		}
	}
	if (!(e->y1 >= e->y0))
		return false;
	if (!(e->x1 >= e->x0)) { /* nothing but levels */
		e->x0 = 0;
		e->x1 = 1;
	}
	/* Values that reach down near zero are shown from zero. */
	if (e->y0 > 0 && e->y0 < 0.25 * e->y1)
		e->y0 = 0;
	return true;
}

int rt_series_nth(const struct rt_curves *v, int series)
{
	int n = 0;

	for (int i = 0; i < series; i++)
		n += v->series[i].role == v->series[series].role;
	return n;
}

struct rt_stroke rt_series_stroke(const struct rt_curves *v, int series, bool unicode)
{
	static const struct rt_stroke stroke[] = {
		{0x2501, 0x2503, 0x250f, 0x2513, 0x2517, 0x251b, 0x25cf},	/* heavy, ● */
		{0x2500, 0x2502, 0x256d, 0x256e, 0x2570, 0x256f, 0x25cb},	/* light, ○ */
		{0xb7, 0xb7, 0xb7, 0xb7, 0xb7, 0xb7, 0x2022},			/* dotted, • */
		{0x254c, 0x254e, 0x250c, 0x2510, 0x2514, 0x2518, 0x25c6},	/* dashed, ◆ */
		{0x2550, 0x2551, 0x2554, 0x2557, 0x255a, 0x255d, 0x25a1},	/* double, □ */
	};
	static const char ascii[] = "#=-+:*ox";
	static const int first[RT_ROLES] = {0, 1, 2, 3, 4};
	enum rt_role role = v->series[series].role < RT_ROLES ? v->series[series].role : RT_OTHER;
	int i = first[role] + rt_series_nth(v, series);
	uint32_t a;

	if (unicode)
		return stroke[i % (int)RT_COUNT(stroke)];
	a = (unsigned char)ascii[i % (int)(sizeof(ascii) - 1)];
	return (struct rt_stroke){a, a, a, a, a, a, a};
}

/* Percentages have two decimals, as everywhere; other values as many as they need. */
static char *last_value(char number[RT_NUM], const struct rt_curves *v, double y)
{
	size_t n = v->ylabel ? strlen(v->ylabel) : 0;

	return n && v->ylabel[n - 1] == '%' ? rt_num_real(number, y, 2)
					    : rt_num_short(number, y, 4);
}

void rt_curves_legend(struct rt_pieces *legend, const struct rt_curves *v)
{
	char label[120], number[RT_NUM];

	for (int k = 0; k < v->nseries; k++) {
		const struct rt_series *s = &v->series[k];
		int nth = rt_series_nth(v, k), last = s->reference ? 0 : s->n - 1;
		struct rt_stroke u = rt_series_stroke(v, k, true),
				 a = rt_series_stroke(v, k, false);
		const struct rt_swatch swatch = {
			rt_role_shade(s->role, nth, true),
			rt_role_shade(s->role, nth, false),
			v->points ? u.point : u.flat,
			v->points ? a.point : a.flat,
		};

		rt_model_label(label, sizeof(label), s->role, s->name);
		while (last >= 0 && last < s->n && !isfinite(s->y[last]))
			last--;
		if (v->points || last < 0 || last >= s->n)
			rt_pieces_swatch(legend, &swatch, "%s", label);
		else
			rt_pieces_swatch(legend, &swatch, "%s %s", label,
					 last_value(number, v, s->y[last]));
	}
}
