/* gradient.c - the gradient of the explained number: g = df/dx, or df/d(layer). */
#include "config.h"

#include "explain/gradient.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct gradient {
	char *layer;
	bool absolute;
};

static const struct rt_opt opts[] = {
	{"absolute", "drop the sign, as Simonyan et al. and captum's Saliency do", RT_BOOL,
	 offsetof(struct gradient, absolute), "no"},
	RT_GRADIENT_LAYER_OPT(struct gradient, layer),
	{0},
};

struct taken {
	struct rt_attribution *out;
	int64_t n;
	bool times;
	const float *x;
};

static void take(void *ctx, int64_t i, const struct rt_probed *r)
{
	struct taken *t = ctx;
	const float *g = r->layer ? r->dlayer : r->dx;
	const float *x = r->layer ? r->layer : t->x;

	(void)i;
	t->out->f_x = r->f;
	for (int64_t k = 0; k < t->n; k++)
		t->out->map[k] = t->times ? g[k] * x[k] : g[k];
}

/* The layer's shape as one sample has it: without the batch where there is one. */
static struct rt_shape layer_shape(const struct rt_probe *p)
{
	struct rt_shape s = rt_plan_value(p->plan, p->layer)->shape;

	if (s.rank > 0 && s.dim[0] == p->batch) {
		s.rank--;
		memmove(s.dim, s.dim + 1, (size_t)s.rank * sizeof(s.dim[0]));
	}
	return s;
}

static void say_layer(struct rt_attribution *out, const struct rt_question *q, int layer)
{
	char text[128];

	out->layer = rt_strdup(q->graph->values[layer].name);
	rt_attribution_note(out, "layer %s %s", out->layer,
			    rt_shape_text(text, sizeof(text), &out->shape));
}

enum rt_status rt_gradient_run(struct rt_attribution *out, const struct rt_question *q,
			       const char *layer, bool times, struct rt_err *err)
{
	struct rt_target target;
	struct rt_probe p = {0};
	struct taken t = {.out = out, .times = times, .x = q->x};
	struct rt_variations v = {.n = 1, .take = take, .ctx = &t};
	struct rt_shape shape = q->shape;
	int value = -1;
	enum rt_status status;

	if (layer) {
		RT_TRY(rt_target_find(&target, q, err));
		RT_TRY(rt_layer_find(&value, q->graph, layer, &target, err));
	}
	status = rt_probe_open(&p, q, 1, value < 0, value, err);
	if (status == RT_OK) {
		if (value >= 0)
			shape = layer_shape(&p);
		rt_attribution_map(out, &shape);
		rt_attribution_note(out, "%s", p.target.note);
		if (value >= 0)
			say_layer(out, q, value);
		t.n = rt_shape_count(&shape);
		status = rt_probe_run(&p, &v, err);
	}
	rt_probe_close(&p);
	return status;
}

static enum rt_status run(struct rt_attribution *out, const struct rt_question *q,
			  const void *params, struct rt_err *err)
{
	const struct gradient *g = params;
	int64_t n;

	RT_TRY(rt_gradient_run(out, q, g->layer, false, err));
	n = rt_shape_count(&out->shape);
	for (int64_t i = 0; g->absolute && i < n; i++)
		out->map[i] = fabsf(out->map[i]);
	if (g->absolute)
		rt_attribution_note(out, "absolute");
	return RT_OK;
}

const struct rt_explainer rt_explainer_gradient = {
	.row = {"gradient", "how fast the output changes with each input", opts,
		sizeof(struct gradient)},
	.source = "Simonyan, Vedaldi, Zisserman: Deep inside convolutional networks, 2013",
	.of_input = true,
	.run = run,
};
