/* probe.c - running a model on many variations of one sample: values, gradients, layers. */
#include "config.h"

#include "explain/probe.h"
#include "base/mem.h"
#include "base/sys.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A run of a plan may take about this much; more variations are cut into several runs. */
#define MEMORY (512.0 * 1024 * 1024)
#define MOST 1024

static enum rt_status check_sample(const struct rt_question *q, int64_t count, struct rt_err *err)
{
	for (int64_t i = 0; i < count; i++)
		if (!isfinite(q->x[i]))
			return rt_fail(err, RT_ENUMERIC, "number %" PRId64 " of the sample is %g",
				       i, (double)q->x[i]);
	return RT_OK;
}

/* How many samples one run takes: `most` in as few even runs as memory allows, or what the model
 * fixes; 0 when the sample does not fit the model. */
static int64_t fit(const struct rt_probe *p, int64_t most)
{
	const struct rt_graph *g = p->q->graph;
	const struct rt_shape *in = &g->values[g->inputs[0]].shape;
	const struct rt_shape *out = &g->values[p->target.value].shape;
	int64_t fixed = rt_fixed_batch(p->q), limit = MOST, runs;
	double bytes = 0, copies = p->dx || p->layer >= 0 ? 2 : 1;

	if (rt_value_count(g, g->inputs[0]) != p->count * fixed)
		return 0;
	if (!in->rank || in->dim[0] != RT_BATCH || !out->rank || out->dim[0] != RT_BATCH)
		return fixed;
	for (int v = 0; v < g->nvalues; v++)
		if (g->values[v].param < 0)
			bytes += (double)rt_value_count(g, v) * sizeof(float) * copies;
	if ((double)limit * bytes > MEMORY)
		limit = (int64_t)(MEMORY / bytes);
	limit = limit > 1 ? limit : 1;
	runs = (most + limit - 1) / limit;
	return (most + runs - 1) / runs;
}

static enum rt_status check_input(const struct rt_probe *p, struct rt_err *err)
{
	const struct rt_graph *g = p->q->graph;
	const struct rt_value *in = &g->values[g->inputs[0]];

	if (p->dx && in->dtype != RT_F32)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "the model takes %s numbers, and only f32 has a gradient   "
			       "(try: occlusion, or -layer)",
			       rt_dtype(in->dtype)->row.name);
	if (!rt_value_leads_to(g, g->inputs[0], p->target.value))
		return rt_fail(err, RT_EINVAL, "the output \"%s\" does not depend on the input",
			       g->values[p->target.value].name);
	return RT_OK;
}

static enum rt_status make_plan(struct rt_probe *p, struct rt_err *err)
{
	const struct rt_graph *g = p->q->graph;
	int taps[2] = {p->target.value, p->layer}, grads[2], ngrads = 0;
	bool back = p->dx || p->layer >= 0;
	struct rt_plan_opts o = {.batch = p->batch, .purpose = back ? RT_EXPLAIN : RT_INFER,
				 .taps = taps, .ntaps = p->layer >= 0 ? 2 : 1, .grads = grads};

	if (p->dx)
		grads[ngrads++] = g->inputs[0];
	if (p->layer >= 0)
		grads[ngrads++] = p->layer;
	o.ngrads = ngrads;
	return rt_plan_new(&p->plan, p->q->graph, &o, err);
}

enum rt_status rt_probe_open(struct rt_probe *p, const struct rt_question *q, int64_t most, bool dx,
			     int layer, struct rt_err *err)
{
	char sample[128], model[128];

	*p = (struct rt_probe){
		.q = q, .dx = dx, .layer = layer, .count = rt_shape_count(&q->shape)};
	RT_TRY(rt_target_find(&p->target, q, err));
	p->batch = fit(p, most);
	if (!p->batch)
		return rt_fail(err, RT_ESHAPE, "the model takes %s, the sample is %s",
			       rt_shape_text(model, sizeof(model),
					     &q->graph->values[q->graph->inputs[0]].shape),
			       rt_shape_text(sample, sizeof(sample), &q->shape));
	RT_TRY(check_sample(q, p->count, err));
	RT_TRY(check_input(p, err));
	RT_TRY(make_plan(p, err));
	if (layer >= 0)
		p->layer_count = rt_shape_count(&rt_plan_value(p->plan, layer)->shape) / p->batch;
	if (q->graph->values[q->graph->inputs[0]].dtype != RT_F32)
		p->staging = rt_alloc((size_t)(p->batch * p->count), sizeof(float));
	return RT_OK;
}

void rt_probe_close(struct rt_probe *p)
{
	rt_plan_free(p->plan);
	free(p->staging);
	*p = (struct rt_probe){0};
}

static double softmax_at(const float *v, int64_t n, int64_t c, double *max, double *sum)
{
	*max = v[0];
	*sum = 0;
	for (int64_t k = 1; k < n; k++)
		*max = v[k] > *max ? v[k] : *max;
	for (int64_t k = 0; k < n; k++)
		*sum += exp(v[k] - *max);
	return exp(v[c] - *max) / *sum;
}

/* f from the n numbers of one sample, and where seed is not NULL df/dv into it (zero before).
 * d softmax(v)[c] / dv[k] = p_c (delta_ck - p_k). */
static double read_f(const struct rt_target *t, int64_t c, const float *v, float *seed)
{
	double f, max, sum;

	switch (t->link) {
	case RT_LINK_SOFTMAX:
		f = softmax_at(v, t->n, c, &max, &sum);
		for (int64_t k = 0; seed && k < t->n; k++)
			seed[k] = (float)(f * ((k == c) - exp(v[k] - max) / sum));
		return f;
	case RT_LINK_EXP:
		f = exp(v[c]);
		break;
	default:
		f = v[c];
		break;
	}
	if (seed)
		seed[c] = t->link == RT_LINK_EXP ? (float)f : 1.0f;
	return f;
}

/* Writes variations first .. first+n-1 as the plan's input; rows behind them keep the sample. */
static void write_input(struct rt_probe *p, const struct rt_variations *v, int64_t first, int64_t n)
{
	void *input = rt_plan_input(p->plan, 0);
	float *rows = p->staging ? p->staging : input;
	const struct rt_graph *g = p->q->graph;

	for (int64_t r = 0; r < p->batch; r++) {
		memcpy(rows + r * p->count, p->q->x, (size_t)p->count * sizeof(float));
		if (r < n && v->make)
			v->make(v->ctx, first + r, rows + r * p->count);
	}
	if (p->staging)
		rt_convert(input, g->values[g->inputs[0]].dtype, rows, RT_F32, p->batch * p->count);
}

/* Hands over the results of one run. */
static enum rt_status read_output(struct rt_probe *p, const struct rt_variations *v, int64_t first,
				  int64_t n, struct rt_err *err)
{
	bool back = p->dx || p->layer >= 0;
	const float *out = rt_plan_value(p->plan, p->target.value)->data;
	float *seed = back ? rt_plan_seed(p->plan, p->target.value) : NULL;
	const float *dx, *layer, *dlayer;
	double *f = rt_alloc((size_t)n, sizeof(*f));
	enum rt_status status = RT_OK;

	for (int64_t r = 0; r < n && status == RT_OK; r++) {
		f[r] = read_f(&p->target, p->q->output, out + r * p->target.n,
			      seed ? seed + r * p->target.n : NULL);
		if (!isfinite(f[r]))
			status = rt_fail(err, RT_ENUMERIC,
					 "the model's output %" PRId64 " is %g for this sample",
					 p->q->output, f[r]);
	}
	if (back && status == RT_OK)
		status = rt_plan_backward(p->plan, err);
	dx = p->dx ? rt_plan_grad(p->plan, p->q->graph->inputs[0]) : NULL;
	layer = p->layer >= 0 ? rt_plan_value(p->plan, p->layer)->data : NULL;
	dlayer = p->layer >= 0 ? rt_plan_grad(p->plan, p->layer) : NULL;
	for (int64_t r = 0; r < n && status == RT_OK; r++) {
		struct rt_probed got = {
			.f = f[r],
			.dx = dx ? dx + r * p->count : NULL,
			.layer = layer ? layer + r * p->layer_count : NULL,
			.dlayer = dlayer ? dlayer + r * p->layer_count : NULL,
		};

		v->take(v->ctx, first + r, &got);
	}
	free(f);
	return status;
}

enum rt_status rt_probe_run(struct rt_probe *p, const struct rt_variations *v, struct rt_err *err)
{
	for (int64_t first = 0; first < v->n; first += p->batch) {
		int64_t n = v->n - first < p->batch ? v->n - first : p->batch;

		if (rt_cancelled())
			return rt_fail(err, RT_ECANCELLED, "stopped after %" PRId64 " of %" PRId64
				       " variations", first, v->n);
		write_input(p, v, first, n);
		RT_TRY(rt_plan_forward(p->plan, NULL, err));
		RT_TRY(read_output(p, v, first, n, err));
	}
	return RT_OK;
}
