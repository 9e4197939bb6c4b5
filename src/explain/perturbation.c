/* perturbation.c - the model asked again while pixels go or come in the order a map ranks them.
 *
 * Deletion starts at the sample and replaces the highest-ranked pixels by the baseline first: the
 * faster f falls, the better the map.  Insertion starts at the baseline and reveals them.
 */
#include "config.h"

#include "explain/measure.h"
#include "explain/probe.h"
#include "explain/rank.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW(name) &rt_curve_##name.row,
static const struct rt_row *const rows[] = {RT_CURVE_LIST(ROW)};
const struct rt_list rt_curves = {"curve", rows, RT_COUNT(rows)};

const struct rt_curve_row *rt_curve_find(const char *name)
{
	return (const struct rt_curve_row *)rt_list_find(&rt_curves, name);
}

void rt_curve_release(struct rt_curve *c)
{
	free(c->fraction);
	free(c->value);
	*c = (struct rt_curve){0};
}

enum rt_status rt_curve_run(struct rt_curve *out, const struct rt_curve_row *c,
			    const struct rt_question *q, const struct rt_attribution *a,
			    const void *params, struct rt_err *err)
{
	void *own = NULL;
	enum rt_status status;

	*out = (struct rt_curve){0};
	if (!params) {
		own = rt_alloc(1, c->row.params_size);
		rt_params_init(&c->row, own);
		params = own;
	}
	status = c->run(out, q, a, params, err);
	if (status != RT_OK)
		rt_curve_release(out);
	if (own)
		rt_params_release(&c->row, own);
	free(own);
	return status;
}

struct perturbation {
	int64_t steps;
	struct rt_baseline baseline;
};

static const struct rt_opt opts[] = {
	{"steps", "in how many equal steps; at most one a pixel", RT_INT,
	 offsetof(struct perturbation, steps), "50", 1, 10000},
	RT_BASELINE_OPTS(struct perturbation, baseline),
	{0},
};

struct path {
	struct rt_curve *out;
	const float *x, *base;
	const int64_t *order;	/* pixels, the highest-ranked first */
	int64_t pixels, planes, steps;
	bool insert;
};

static int64_t changed(const struct path *p, int64_t step)
{
	return (int64_t)((double)p->pixels * (double)step / (double)p->steps + 0.5);
}

static void make(void *ctx, int64_t i, float *x)
{
	const struct path *p = ctx;
	const float *from = p->insert ? p->x : p->base;
	int64_t n = changed(p, i);

	if (p->insert)
		memcpy(x, p->base, (size_t)(p->pixels * p->planes) * sizeof(*x));
	for (int64_t k = 0; k < n; k++)
		for (int64_t c = 0; c < p->planes; c++)
			x[c * p->pixels + p->order[k]] = from[c * p->pixels + p->order[k]];
}

static void take(void *ctx, int64_t i, const struct rt_probed *r)
{
	struct path *p = ctx;
	struct rt_curve *o = p->out;

	o->fraction[i] = (double)changed(p, i) / (double)p->pixels;
	o->value[i] = r->f;
	if (i > 0)
		o->auc +=
			(o->value[i] + o->value[i - 1]) / 2 * (o->fraction[i] - o->fraction[i - 1]);
}

/* The order of the sample's pixels under the map. */
static enum rt_status rank_pixels(int64_t **order, struct path *p, const struct rt_question *q,
				  const struct rt_attribution *a, struct rt_err *err)
{
	int64_t h, w, mh, mw;
	char text[2][128];
	float *plane;

	rt_picture_size(&q->shape, &h, &w);
	rt_picture_size(&a->shape, &mh, &mw);
	if (h * w != mh * mw)
		return rt_fail(err, RT_ESHAPE,
			       "the map %s ranks %" PRId64 " pixels, the sample %s has %" PRId64,
			       rt_shape_text(text[0], sizeof(text[0]), &a->shape), mh * mw,
			       rt_shape_text(text[1], sizeof(text[1]), &q->shape), h * w);
	p->pixels = h * w;
	p->planes = rt_shape_count(&q->shape) / p->pixels;
	plane = rt_attribution_plane(a, &mh, &mw);
	*order = rt_order_descending(plane, p->pixels);
	free(plane);
	return RT_OK;
}

static enum rt_status run_along(struct path *p, const struct rt_question *q,
				const struct perturbation *o, struct rt_err *err)
{
	struct rt_variations v = {.make = make, .take = take, .ctx = p};
	struct rt_probe probe = {0};
	enum rt_status status;

	p->steps = o->steps < p->pixels ? o->steps : p->pixels;
	v.n = p->steps + 1;
	p->out->n = (int)v.n;
	p->out->fraction = rt_alloc((size_t)v.n, sizeof(double));
	p->out->value = rt_alloc((size_t)v.n, sizeof(double));
	status = rt_probe_open(&probe, q, v.n, false, -1, err);
	if (status == RT_OK)
		status = rt_probe_run(&probe, &v, err);
	if (status == RT_OK)
		snprintf(p->out->note, sizeof(p->out->note), "%s; %" PRId64 " steps, baseline %s",
			 probe.target.note, p->steps,
			 rt_baseline_text(&o->baseline));
	rt_probe_close(&probe);
	return status;
}

static enum rt_status run(struct rt_curve *out, const struct rt_question *q,
			  const struct rt_attribution *a, const struct perturbation *o, bool insert,
			  struct rt_err *err)
{
	struct path p = {.out = out, .x = q->x, .insert = insert};
	int64_t *order = NULL;
	float *base = NULL;
	enum rt_status status;

	RT_TRY(rank_pixels(&order, &p, q, a, err));
	p.order = order;
	status = rt_baseline_make(&base, &o->baseline, q, err);
	p.base = base;
	if (status == RT_OK)
		status = run_along(&p, q, o, err);
	free(order);
	free(base);
	return status;
}

static enum rt_status deletion(struct rt_curve *out, const struct rt_question *q,
			       const struct rt_attribution *a, const void *params,
			       struct rt_err *err)
{
	return run(out, q, a, params, false, err);
}

static enum rt_status insertion(struct rt_curve *out, const struct rt_question *q,
				const struct rt_attribution *a, const void *params,
				struct rt_err *err)
{
	return run(out, q, a, params, true, err);
}

#define RISE "Petsiuk, Das, Saenko: RISE, BMVC 2018"

const struct rt_curve_row rt_curve_deletion = {
	.row = {"deletion",
		"area under f while the highest-ranked pixels are removed; small is good", opts,
		sizeof(struct perturbation)},
	.rises = false,
	.source = RISE,
	.run = deletion,
};

const struct rt_curve_row rt_curve_insertion = {
	.row = {"insertion",
		"area under f while the highest-ranked pixels are revealed; large is good", opts,
		sizeof(struct perturbation)},
	.rises = true,
	.source = RISE,
	.run = insertion,
};
