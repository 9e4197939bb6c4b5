/* spread.c - how weights and activations are distributed. */
#include "config.h"

#include "session/facts.h"
#include "base/mem.h"
#include "exec/plan.h"

#include <math.h>
#include <stdlib.h>

/* Samples, and floats that the layers may keep for them together. */
enum { MOST_SAMPLES = 16, MOST_FLOATS = 8 << 20 };

void rt_spread_count(struct rt_spread *out, const float *x, int64_t n)
{
	float lo = INFINITY, hi = -INFINITY;

	*out = (struct rt_spread){.n = n};
	for (int64_t i = 0; i < n; i++) {
		if (!isfinite(x[i]))
			return;
		lo = x[i] < lo ? x[i] : lo;
		hi = x[i] > hi ? x[i] : hi;
		out->zeros += x[i] == 0;
	}
	if (!(lo < hi))
		return;
	out->any = true;
	out->lo = lo;
	out->hi = hi;
	for (int64_t i = 0; i < n; i++) {
		int at = (int)(((double)x[i] - lo) / ((double)hi - lo) * RT_FACTS_BINS);

		if (x[i] != 0)
			out->bin[at < RT_FACTS_BINS ? at : RT_FACTS_BINS - 1]++;
	}
}

/* As many as are there, as the model's file allows and as memory is worth; 0: none. */
static int64_t samples(const struct rt_graph *g, const struct rt_data *d, const int *values, int n)
{
	const struct rt_shape *in = &g->values[g->inputs[0]].shape;
	int64_t have, floats = 1, most;

	rt_data_part(d, RT_PART_TEST, &have);
	if (in->rank > 0 && in->dim[0] > 0)
		return in->dim[0] <= have ? in->dim[0] : 0;
	for (int i = 0; i < n; i++) {
		const struct rt_shape *s = &g->values[values[i]].shape;
		int64_t one = 1;

		for (int k = 1; k < s->rank; k++)
			one *= s->dim[k] > 0 ? s->dim[k] : 1;
		floats += one;
	}
	most = MOST_FLOATS / floats;
	most = most < 1 ? 1 : most > MOST_SAMPLES ? MOST_SAMPLES : most;
	return have < most ? have : most;
}

static enum rt_status watch(struct rt_layer_facts *layer, struct rt_graph *g,
			    const struct rt_data *d, const int *values, const int *of, int n,
			    struct rt_err *err)
{
	struct rt_plan_opts o = {.purpose = RT_INFER, .taps = values, .ntaps = n};
	struct rt_plan *plan;
	enum rt_status status;
	int64_t have;

	o.batch = samples(g, d, values, n);
	if (o.batch == 0)
		return RT_OK;
	/* the model that no plan can be made of runs, but layer by layer there is nothing to see */
	status = rt_plan_new(&plan, g, &o, err);
	if (status != RT_OK)
		return status == RT_ENOMEM ? status : RT_OK;
	rt_data_fill_as(d, rt_data_part(d, RT_PART_TEST, &have), o.batch,
			g->values[g->inputs[0]].dtype, rt_plan_input(plan, 0));
	status = rt_plan_forward(plan, NULL, err);
	for (int i = 0; i < n && status == RT_OK; i++) {
		const struct rt_arg *v = rt_plan_value(plan, values[i]);

		if (v->dtype == RT_F32)
			rt_spread_count(&layer[of[i]].activations, v->data,
					rt_shape_count(&v->shape));
	}
	rt_plan_free(plan);
	return status;
}

enum rt_status rt_layers_watch(struct rt_layer_facts *layer, struct rt_graph *g,
			       const struct rt_data *d, struct rt_err *err)
{
	int *values = rt_alloc((size_t)g->nnodes, sizeof(int)),
	    *of = rt_alloc((size_t)g->nnodes, sizeof(int)), n = 0, at = 0;
	enum rt_status status;

	for (int i = 0; i < g->nnodes; i++) {
		if (rt_is_conversion(&g->nodes[i]))
			continue;
		if (g->values[g->nodes[i].out[0]].dtype == RT_F32) {
			values[n] = g->nodes[i].out[0];
			of[n++] = at;
		}
		at++;
	}
	status = watch(layer, g, d, values, of, n, err);
	free(values);
	free(of);
	return status;
}
