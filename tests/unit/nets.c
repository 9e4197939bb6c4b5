/* nets.c - small nets with random numbers in every parameter, and their outputs. */
#include "config.h"

#include "nets.h"

#include "base/mem.h"
#include "exec/plan.h"
#include "train/data_make.h"

#include <math.h>

struct rt_graph *net(const char *text, const struct rt_shape *sample, uint64_t seed)
{
	struct rt_graph *g;
	struct rt_rng rng;
	struct rt_err err;

	rt_rng_seed(&rng, seed);
	assert_ok(rt_layers_build(&g, text, sample, &rng, &err));
	for (int i = 0; i < g->nparams; i++) {
		struct rt_param *p = &g->params[i];
		const char *name = g->values[p->value].name;
		bool positive = strstr(name, ".var") != NULL;
		void *w;

		if (p->data.dtype != RT_F32 || p->data.shape.rank != 1)
			continue;
		assert_ok(rt_tensor_write(&w, &p->data, &err));
		for (int64_t k = 0; k < rt_tensor_count(&p->data); k++)
			((float *)w)[k] = (float)(positive ? 0.5 + rt_rng_uniform(&rng)
							   : rt_rng_normal(&rng) * 0.5);
	}
	return g;
}

float *outputs(struct rt_graph *g, int64_t n, uint64_t seed, int64_t *count)
{
	struct rt_plan_opts o = {.batch = n, .purpose = RT_INFER, .no_fusion = true};
	const struct rt_arg *y;
	struct rt_plan *p;
	struct rt_rng rng;
	struct rt_err err;
	float *x, *copy;

	assert_ok(rt_plan_new(&p, g, &o, &err));
	rt_rng_seed(&rng, seed);
	x = rt_plan_input(p, 0);
	for (int64_t i = 0; i < rt_shape_count(&rt_plan_value(p, g->inputs[0])->shape); i++)
		x[i] = (float)(2 * rt_rng_uniform(&rng) - 1);
	assert_ok(rt_plan_forward(p, NULL, &err));
	y = rt_plan_value(p, g->outputs[0]);
	*count = rt_shape_count(&y->shape);
	copy = rt_memdup(y->data, (size_t)*count, sizeof(float));
	rt_plan_free(p);
	return copy;
}

double distance(struct rt_graph *a, struct rt_graph *b)
{
	int64_t n, m;
	float *x = outputs(a, 3, 5, &n), *y = outputs(b, 3, 5, &m);
	double most = 0, size = 1e-30;

	assert_int_equal(n, m);
	for (int64_t i = 0; i < n; i++) {
		assert_true(isfinite(x[i]) && isfinite(y[i]));
		most = fmax(most, fabs((double)x[i] - (double)y[i]));
		size = fmax(size, fabs((double)x[i]));
	}
	free(x);
	free(y);
	return most / size;
}

double plans_differ(const struct rt_plan *a, const struct rt_plan *b, int v)
{
	const struct rt_arg *x = rt_plan_value(a, v), *y = rt_plan_value(b, v);
	double most = 0, scale = 1e-6;

	assert_true(rt_shape_equal(&x->shape, &y->shape));
	for (int64_t i = 0; i < rt_shape_count(&x->shape); i++) {
		const double got = (double)((float *)x->data)[i];
		const double wanted = (double)((float *)y->data)[i];

		assert_true(isfinite(got));
		most = fmax(most, fabs(got - wanted));
		scale = fmax(scale, fabs(wanted));
	}
	return most / scale;
}

struct rt_param *param(const struct rt_graph *g, const char *name)
{
	int v = rt_graph_find_value(g, name);

	if (v < 0 || !rt_graph_param(g, v))
		fail_msg("no parameter \"%s\"", name);
	return rt_graph_param(g, v);
}

const float *weights(const struct rt_graph *g, const char *name)
{
	return rt_tensor_data(&param(g, name)->data);
}

struct rt_rng seeded(uint64_t seed)
{
	struct rt_rng rng;

	rt_rng_seed(&rng, seed);
	return rng;
}

void use_score(struct rt_prune *o, const char *score)
{
	free(o->score);
	o->score = rt_strdup(score);
}

void set_values(struct rt_graph *g, const char *name, int n, const float *v)
{
	struct rt_err err;
	void *w;

	assert_int_equal(rt_tensor_count(&param(g, name)->data), n);
	assert_ok(rt_tensor_write(&w, &param(g, name)->data, &err));
	memcpy(w, v, (size_t)n * sizeof(float));
}

bool same_bits(const struct rt_graph *a, const struct rt_graph *b)
{
	if (a->nparams != b->nparams || a->nnodes != b->nnodes)
		return false;
	for (int i = 0; i < a->nparams; i++)
		if (!rt_tensor_equal(&a->params[i].data, &b->params[i].data) ||
		    !rt_tensor_equal(&a->params[i].mask, &b->params[i].mask))
			return false;
	return true;
}

struct rt_data *noise(const struct rt_shape *sample, int64_t n, uint64_t seed)
{
	struct rt_data *d = data_new();
	struct rt_shape x = {.rank = sample->rank + 1, .dim = {n}}, y = RT_SHAPE(n);
	struct rt_rng rng;
	struct rt_err err;
	void *to;

	for (int i = 0; i < sample->rank; i++)
		x.dim[i + 1] = sample->dim[i];
	d->name = rt_strdup("noise");
	d->sample = *sample;
	d->n = n;
	d->classes = 2;
	assert_ok(rt_tensor_new(&d->x, RT_F32, &x, &err));
	assert_ok(rt_tensor_new(&d->y, RT_I32, &y, &err));
	assert_ok(rt_tensor_write(&to, &d->x, &err));
	rt_rng_seed(&rng, seed);
	for (int64_t i = 0; i < rt_tensor_count(&d->x); i++)
		((float *)to)[i] = (float)(2 * rt_rng_uniform(&rng) - 1);
	data_part_range(d, RT_PART_TRAIN, 0, n);
	data_fit(d, 1);
	return d;
}

struct rt_prune prune_opts(double amount)
{
	struct rt_prune o;

	rt_params_init(&rt_prune_row, &o);
	o.amount = amount;
	return o;
}

struct rt_quantize_opts quantize_opts(void)
{
	struct rt_quantize_opts o;

	rt_params_init(&rt_quantize_row, &o);
	return o;
}
