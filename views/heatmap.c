/* heatmap.c - what a heatmap shows: panels on one scale, the clip value, the facts about them. */
#include "config.h"

#include "views/heatmap.h"

#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b)
{
	float p = *(const float *)a, q = *(const float *)b;

	return (p > q) - (p < q);
}

double rt_clip_value(float *v, size_t n, double percentile)
{
	double rank = ceil(percentile / 100 * (double)n);
	size_t i = rank<1 ? 0 : rank>(double) n ? n - 1 : (size_t)rank - 1;

	if (n == 0)
		return 0;
	qsort(v, n, sizeof(*v), by_value);
	return v[i] > 0 ? v[i] : v[n - 1];
}

int32_t rt_color_overlay(double g, double t)
{
	/* The input fills a third of the range from white, so that it is seen and never louder than
	 * the heat; the square root lets weak heat show. */
	int32_t base = rt_color_mix(0xffffff, rt_color_grey(1 - g), 0.35);

	if (isnan(t))
		return rt_color_signed(t);
	return rt_color_mix(base, rt_color_signed(t), sqrt(fmin(fabs(t), 1)));
}

static bool usable(const struct rt_map *m)
{
	return m->w > 0 && m->h > 0 && m->v;
}

/* map 1 − map 0; where their sizes differ each is brought to the larger one. */
static void subtract(struct rt_panel *out, const struct rt_map *map)
{
	float *other;
	size_t n;

	out->w = map[0].w > map[1].w ? map[0].w : map[1].w;
	out->h = map[0].h > map[1].h ? map[0].h : map[1].h;
	n = (size_t)out->w * (size_t)out->h;
	out->t = rt_alloc(n, sizeof(*out->t));
	other = rt_alloc(n, sizeof(*other));
	rt_grid_resize(out->t, out->w, out->h, map[1].v, map[1].w, map[1].h);
	rt_grid_resize(other, out->w, out->h, map[0].v, map[0].w, map[0].h);
	for (size_t i = 0; i < n; i++)
		out->t[i] -= other[i];
	free(other);
}

static const char *short_name(const struct rt_map *m)
{
	const char *role = rt_role_name(m->role);

	return *role ? role : m->name ? m->name : "map";
}

/* Collects |value| of every map, finds the scale, and divides by it. */
static void scale(struct rt_heatmap_plan *plan, double percentile)
{
	size_t total = 0, n = 0;
	float *all;

	for (int i = 0; i < plan->n; i++)
		if (plan->panel[i].t)
			total += (size_t)plan->panel[i].w * (size_t)plan->panel[i].h;
	all = rt_alloc(total, sizeof(*all));
	for (int i = 0; i < plan->n; i++) {
		const struct rt_panel *p = &plan->panel[i];

		for (size_t j = 0; p->t && j < (size_t)p->w * (size_t)p->h; j++)
			if (isfinite(p->t[j]))
				all[n++] = fabsf(p->t[j]);
	}
	plan->clip = rt_clip_value(all, n, percentile);
	plan->most = n ? all[n - 1] : 0;
	free(all);
	for (int i = 0; i < plan->n; i++) {
		struct rt_panel *p = &plan->panel[i];

		for (size_t j = 0; p->t && j < (size_t)p->w * (size_t)p->h; j++)
			p->t[j] = isfinite(p->t[j])
					  ? (float)(plan->clip > 0 ? p->t[j] / plan->clip : 0)
					  : NAN;
	}
}

enum rt_status rt_heatmap_plan(struct rt_heatmap_plan *plan, const struct rt_heatmap *h,
			       struct rt_err *err)
{
	*plan = (struct rt_heatmap_plan){0};
	if (h->nmap < 1)
		return rt_fail(err, RT_EINVAL, "a heatmap needs at least one map, got %d", h->nmap);
	for (int i = 0; i < h->nmap; i++)
		if (!usable(&h->map[i]))
			return rt_fail(err, RT_EINVAL, "map %d of the heatmap is empty (%dx%d)",
				       i + 1, h->map[i].w, h->map[i].h);
	plan->panel = rt_alloc((size_t)h->nmap + 2, sizeof(*plan->panel));
	if (h->input && h->input->w > 0 && h->input->h > 0 && h->input->v) {
		struct rt_panel *p = &plan->panel[plan->n++];

		p->w = h->input->w;
		p->h = h->input->h;
		snprintf(p->title, sizeof(p->title), "%.60s %d×%d",
			 h->input->label ? h->input->label : "input", p->h, p->w);
	}
	for (int i = 0; i < h->nmap; i++) {
		struct rt_panel *p = &plan->panel[plan->n++];
		const struct rt_map *m = &h->map[i];

		p->w = m->w;
		p->h = m->h;
		p->t = rt_memdup(m->v, (size_t)m->w * (size_t)m->h, sizeof(*p->t));
		for (size_t j = 0; j < (size_t)m->w * (size_t)m->h; j++)
			plan->bad += !isfinite(m->v[j]);
		rt_model_label(p->title, sizeof(p->title), m->role, m->name);
		p->brief = rt_role_name(m->role);
	}
	if (h->difference && h->nmap >= 2) {
		struct rt_panel *p = &plan->panel[plan->n++];

		subtract(p, h->map);
		p->brief = "difference";
		snprintf(p->title, sizeof(p->title), "%.40s − %.40s", short_name(&h->map[1]),
			 short_name(&h->map[0]));
	}
	scale(plan, h->percentile > 0 ? h->percentile : 99);
	return RT_OK;
}

void rt_heatmap_plan_release(struct rt_heatmap_plan *plan)
{
	for (int i = 0; i < plan->n; i++)
		free(plan->panel[i].t);
	free(plan->panel);
	*plan = (struct rt_heatmap_plan){0};
}

/* "output 4; layer relu2" is two facts. */
static void add_caption(struct rt_pieces *facts, const char *caption)
{
	const char *end;

	while (caption && (end = strstr(caption, "; "))) {
		rt_pieces_addf(facts, "%.*s", (int)(end - caption), caption);
		caption = end + 2;
	}
	rt_pieces_add(facts, caption);
}

void rt_heatmap_facts(struct rt_pieces *facts, const struct rt_heatmap *h,
		      const struct rt_heatmap_plan *plan)
{
	char number[RT_NUM];

	if (plan->most == 0)
		rt_pieces_add(facts, "every value is 0");
	else if (plan->clip < plan->most)
		rt_pieces_addf(facts, "(%gth percentile of |value|)",
			       h->percentile > 0 ? h->percentile : 99);
	else
		rt_pieces_add(facts, "(largest |value|)");
	if (plan->bad)
		rt_pieces_addf(facts, "%lld value%s not finite", (long long)plan->bad,
			       plan->bad == 1 ? " is" : "s are");
	add_caption(facts, h->caption);
	if (plan->clip < plan->most)
		rt_pieces_addf(facts, "largest %s", rt_num_short(number, plan->most, 2));
}
