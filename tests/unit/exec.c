/* exec.c - plans: fused and unfused agree, gradients are right through whole networks, memory is
 * shared without harm. */
#include "config.h"

#include "plans.h"
#include "unit.h"

#include "exec/plan.h"
#include "io/layers.h"
#include "ops/ops.h"

#include <math.h>

static struct rt_err err;

static const char *const nets[] = {
	"dense 8; tanh; dense 4",
	"conv 6 3 -pad 1; bn; relu; maxpool 2; conv 8 3; relu; flatten; dense 5",
	"conv 6 3 -pad 1; bn; relu; residual {conv 6 3 -pad 1; bn; relu; conv 6 3 -pad 1; bn}; "
	"relu; gap; dense 3",
	"conv 6 3 -pad 1; residual {conv 12 3 -pad 1 -stride 2; bn}; relu; dwconv 3 -pad 1; bn; "
	"relu6; gap; dense 3",
	"branch {conv 4 1; relu} {conv 4 3 -pad 1; sigmoid} -join concat; avgpool 2; dense 6; "
	"gelu; ln; dense 2",
};

static struct rt_graph *build(const char *text, uint64_t seed)
{
	struct rt_graph *g = NULL;
	struct rt_shape sample = RT_SHAPE(2, 8, 8);
	struct rt_rng rng;

	rt_rng_seed(&rng, seed);
	assert_ok(rt_layers_build(&g, text, &sample, &rng, &err));
	return g;
}

static void fill(float *x, int64_t n, uint64_t seed)
{
	struct rt_rng rng;

	rt_rng_seed(&rng, seed);
	for (int64_t i = 0; i < n; i++)
		x[i] = (float)rt_rng_normal(&rng);
}

static struct rt_plan *plan(struct rt_graph *g, struct rt_plan_opts o)
{
	struct rt_plan *p = NULL;

	assert_ok(rt_plan_new(&p, g, &o, &err));
	fill(rt_plan_input(p, 0), rt_shape_count(&rt_plan_value(p, g->inputs[0])->shape), 7);
	return p;
}

static const float *output(struct rt_plan *p, const struct rt_graph *g, int64_t *n)
{
	struct rt_rng rng;

	rt_rng_seed(&rng, 1);
	assert_ok(rt_plan_forward(p, &rng, &err));
	*n = rt_shape_count(&rt_plan_value(p, g->outputs[0])->shape);
	return rt_plan_value(p, g->outputs[0])->data;
}

/* Running statistics that are not 0 and 1, so that batch normalization does something. */
static void disturb(struct rt_graph *g)
{
	for (int i = 0; i < g->nparams; i++) {
		struct rt_param *p = &g->params[i];
		void *w;

		if (p->data.dtype != RT_F32)
			continue;
		assert_ok(rt_tensor_write(&w, &p->data, &err));
		for (int64_t k = 0; k < rt_tensor_count(&p->data); k++)
			((float *)w)[k] = p->trainable ? ((float *)w)[k] + 0.1f
						       : 0.5f + 0.1f * (float)(k % 3);
	}
}

static void fused_is_unfused(void **state)
{
	(void)state;
	for (size_t t = 0; t < RT_COUNT(nets); t++) {
		struct rt_graph *g = build(nets[t], 3);
		struct rt_plan *a, *b;
		const float *x, *y;
		int64_t n;

		disturb(g);
		a = plan(g, (struct rt_plan_opts){.batch = 5, .purpose = RT_INFER});
		b = plan(g,
			 (struct rt_plan_opts){.batch = 5, .purpose = RT_INFER, .no_fusion = true});
		x = output(a, g, &n);
		y = output(b, g, &n);
		for (int64_t i = 0; i < n; i++)
			assert_close(x[i], y[i], 1e-5);
		rt_plan_free(a);
		rt_plan_free(b);
		rt_graph_free(g);
	}
}

static void fusion_makes_fewer_steps(void **state)
{
	struct rt_graph *g = build(nets[1], 3);
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 1, .purpose = RT_INFER});
	struct rt_str text = {0};

	(void)state;
	rt_plan_text(p, &text);
	assert_true(strstr(rt_str_text(&text), "FusedConv") ||
		    strstr(rt_str_text(&text), "BlockedConv"));
	assert_null(strstr(rt_str_text(&text), "BatchNormalization"));
	rt_str_release(&text);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* Maxima are taken where the convolution is, unless windows are others than 2 by 2 or so many
 * weights are zeros that these are left out; the network computes what it did. */
static void fusion_takes_in_the_maxima(void **state)
{
	static const struct {
		const char *net;
		int pools;	/* that stay steps */
		bool zeros;
	} cases[] = {
		{"conv 9 5; relu; maxpool 2; conv 20 3; maxpool 2; dense 3", 0, false},
		{"conv 9 5; relu; maxpool 2; conv 20 3; maxpool 2; dense 3", 1, true},
		{"conv 20 5; bn; relu; maxpool 2; conv 10 5; relu; maxpool 2; dense 3", 0, false},
		{"conv 6 5; relu; maxpool 3; conv 9 3; relu; maxpool 2 -stride 1; dense 3", 2,
		 false},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_graph *g;
		struct rt_plan *a, *b;
		const float *x, *y;
		struct rt_rng rng;
		int64_t n;

		rt_rng_seed(&rng, 3);
		assert_ok(rt_layers_build(&g, cases[i].net, &RT_SHAPE(1, 28, 29),
					  cases[i].zeros ? NULL : &rng, &err));
		a = plan(g, (struct rt_plan_opts){.batch = 1, .purpose = RT_INFER});
		b = plan(g, (struct rt_plan_opts){.batch = 1, .purpose = RT_INFER,
						  .no_fusion = true});
		assert_int_equal(count_in_plan(a, " MaxPool "), cases[i].pools);
		x = output(a, g, &n);
		y = output(b, g, &n);
		for (int64_t k = 0; k < n; k++)
			assert_close(x[k], y[k], 1e-5);
		rt_plan_free(a);
		rt_plan_free(b);
		rt_graph_free(g);
	}
}

/* A residual block: the branch that ends in a convolution takes the other along. */
static void fusion_takes_in_the_addition(void **state)
{
	struct rt_graph *g = build(nets[2], 3);
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 1, .purpose = RT_INFER});
	struct rt_str text = {0};

	(void)state;
	rt_plan_text(p, &text);
	assert_null(strstr(rt_str_text(&text), " Add "));
	assert_null(strstr(rt_str_text(&text), " Relu "));
	rt_str_release(&text);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* sum of w * y over the output, with fixed w. */
static double weighted(struct rt_plan *p, const struct rt_graph *g)
{
	int64_t n;
	const float *y = output(p, g, &n);
	double sum = 0;

	for (int64_t i = 0; i < n; i++)
		sum += (double)y[i] * cos((double)i);
	return sum;
}

static void seed_weights(struct rt_plan *p, const struct rt_graph *g)
{
	float *seed = rt_plan_seed(p, g->outputs[0]);
	int64_t n = rt_shape_count(&rt_plan_value(p, g->outputs[0])->shape);

	for (int64_t i = 0; i < n; i++)
		seed[i] = (float)cos((double)i);
}

static double slope(struct rt_plan *p, const struct rt_graph *g, float *w)
{
	float old = *w, eps = 2e-3f;
	double up, down;

	*w = old + eps;
	up = weighted(p, g);
	*w = old - eps;
	down = weighted(p, g);
	*w = old;
	return (up - down) / (2 * (double)eps);
}

/* Smooth networks only: a kink within eps would spoil the difference quotient. */
static void gradients_of_whole_networks(void **state)
{
	static const char *const smooth[] = {
		"dense 8; tanh; dense 4",
		"conv 6 3 -pad 1; bn; tanh; avgpool 2; conv 8 3; sigmoid; flatten; dense 5",
		"conv 6 3 -pad 1; residual {conv 6 3 -pad 1; bn; tanh; conv 6 3 -pad 1; bn}; gelu; "
		"gap; dense 3",
		"branch {conv 4 1; tanh} {conv 4 3 -pad 1; sigmoid} -join concat; avgpool 2; dense "
		"6; gelu; ln; dense 2",
	};

	(void)state;
	for (size_t t = 0; t < RT_COUNT(smooth); t++) {
		struct rt_graph *g = build(smooth[t], 5);
		struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 3, .purpose = RT_EXPLAIN,
								  .grads = g->inputs, .ngrads = 1,
								  .param_grads = true});
		float *x = rt_plan_input(p, 0);

		weighted(p, g);
		rt_plan_zero_param_grads(p);
		seed_weights(p, g);
		assert_ok(rt_plan_backward(p, &err));
		for (int64_t k = 0; k < 384; k += 37) {
			float got = rt_plan_grad(p, g->inputs[0])[k];

			assert_close(got, slope(p, g, &x[k]), 5e-3);
			weighted(p, g);
			seed_weights(p, g);
			rt_plan_zero_param_grads(p);
			assert_ok(rt_plan_backward(p, &err));
		}
		for (int i = 0; i < g->nparams; i++) {
			float *d = rt_plan_param_grad(p, i), got;
			void *w;

			if (!d)
				continue;
			got = d[0];
			assert_ok(rt_tensor_write(&w, &g->params[i].data, &err));
			assert_close(got, slope(p, g, w), 5e-3);
		}
		rt_plan_free(p);
		rt_graph_free(g);
	}
}

static struct rt_plan *trained_once(struct rt_graph *g, bool no_fusion)
{
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 4, .purpose = RT_TRAIN,
							  .param_grads = true,
							  .no_fusion = no_fusion});
	int64_t n;

	output(p, g, &n);
	seed_weights(p, g);
	assert_ok(rt_plan_backward(p, &err));
	return p;
}

/* Outputs, gradients and running statistics; a convolution before batch normalization leaves
 * gradients near 0, hence the absolute error. */
static void fused_training_is_unfused(void **state)
{
	(void)state;
	for (size_t t = 0; t < RT_COUNT(nets); t++) {
		struct rt_graph *g = build(nets[t], 11), *h = build(nets[t], 11);
		struct rt_plan *a = trained_once(g, false), *b = trained_once(h, true);
		const float *x = rt_plan_value(a, g->outputs[0])->data;
		const float *y = rt_plan_value(b, h->outputs[0])->data;

		for (int i = 0; i < 4; i++)
			assert_close(x[i], y[i], 1e-5);
		for (int i = 0; i < g->nparams; i++) {
			const float *d = rt_plan_param_grad(a, i), *e = rt_plan_param_grad(b, i);

			for (int64_t k = 0; k < rt_tensor_count(&g->params[i].data); k++) {
				if (d)
					assert_close(d[k], e[k], 5e-5);
				assert_close(rt_tensor_get(&g->params[i].data, k),
					     rt_tensor_get(&h->params[i].data, k), 1e-5);
			}
		}
		rt_plan_free(a);
		rt_plan_free(b);
		rt_graph_free(g);
		rt_graph_free(h);
	}
}

/* bn, relu and the sum of a residual block; what is asked for inside stays a step of its own. */
static void training_fuses_normalization(void **state)
{
	struct rt_graph *g = build(nets[2], 3);
	struct rt_plan_opts o = {.batch = 2, .purpose = RT_TRAIN, .param_grads = true};
	struct rt_plan *p = plan(g, o);
	int inner;

	(void)state;
	assert_int_equal(count_in_plan(p, "FusedNorm"), 3);
	assert_int_equal(count_in_plan(p, " Relu ") + count_in_plan(p, " Add "), 0);
	rt_plan_free(p);
	inner = g->nodes[rt_graph_find_node(g, "bn1")].out[0];
	o.taps = &inner;
	o.ntaps = 1;
	p = plan(g, o);
	assert_int_equal(count_in_plan(p, "FusedNorm"), 2);
	rt_plan_free(p);
	o.ntaps = 0;
	o.grads = &inner;
	o.ngrads = 1;
	p = plan(g, o);
	assert_int_equal(count_in_plan(p, "FusedNorm"), 2);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* What is rectified is the maximum, and a tap on the rectified image keeps the order. */
static void training_pools_before_it_rectifies(void **state)
{
	struct rt_graph *g = build("conv 6 3 -pad 1; relu; maxpool 2; dense 3", 3);
	int inner = g->nodes[rt_graph_find_node(g, "relu1")].out[0];
	struct rt_plan_opts o = {.batch = 2, .purpose = RT_TRAIN, .param_grads = true};

	(void)state;
	for (int tapped = 0; tapped < 2; tapped++) {
		struct rt_str text = {0};
		struct rt_plan *p;

		o.taps = &inner;
		o.ntaps = tapped;
		p = plan(g, o);
		rt_plan_text(p, &text);
		assert_int_equal(strstr(rt_str_text(&text), " Relu ") <
					 strstr(rt_str_text(&text), " MaxPool "), tapped);
		rt_str_release(&text);
		rt_plan_free(p);
	}
	rt_graph_free(g);
}

static void training_plan_repeats_bit_for_bit(void **state)
{
	(void)state;
	for (size_t t = 0; t < RT_COUNT(nets); t++) {
		float *first = NULL;

		for (int round = 0; round < 2; round++) {
			struct rt_graph *g = build(nets[t], 11);
			struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 4,
									  .purpose = RT_TRAIN,
									  .param_grads = true});
			int64_t n;

			output(p, g, &n);
			seed_weights(p, g);
			assert_ok(rt_plan_backward(p, &err));
			n = rt_tensor_count(&g->params[0].data);
			if (round == 0) {
				first = malloc((size_t)n * sizeof(float));
				memcpy(first, rt_plan_param_grad(p, 0), (size_t)n * sizeof(float));
			} else {
				assert_memory_equal(first, rt_plan_param_grad(p, 0),
						    (size_t)n * sizeof(float));
			}
			rt_plan_free(p);
			rt_graph_free(g);
		}
		free(first);
	}
}

static void param_gradients_add_up(void **state)
{
	struct rt_graph *g = build(nets[0], 2);
	struct rt_plan *p = plan(
		g, (struct rt_plan_opts){.batch = 2, .purpose = RT_TRAIN, .param_grads = true});
	int64_t n;
	float once;

	(void)state;
	output(p, g, &n);
	seed_weights(p, g);
	assert_ok(rt_plan_backward(p, &err));
	once = rt_plan_param_grad(p, 0)[3];
	output(p, g, &n);
	seed_weights(p, g);
	assert_ok(rt_plan_backward(p, &err));
	assert_close(rt_plan_param_grad(p, 0)[3], 2 * (double)once, 1e-5);
	rt_plan_zero_param_grads(p);
	assert_true(rt_plan_param_grad(p, 0)[3] == 0);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* A tap is readable, and a gradient that starts there reaches what lies before it and nothing
 * else. */
static void taps_are_read_and_seeded(void **state)
{
	struct rt_graph *g = build(nets[1], 4);
	int tap = g->nodes[rt_graph_find_node(g, "relu1")].out[0], first, last;
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 2,
							  .purpose = RT_TRAIN,
							  .taps = &tap,
							  .ntaps = 1,
							  .param_grads = true});
	const float *a;
	float *seed;
	int64_t n;

	(void)state;
	output(p, g, &n);
	a = rt_plan_value(p, tap)->data;
	n = rt_shape_count(&rt_plan_value(p, tap)->shape);
	seed = rt_plan_seed(p, tap);
	for (int64_t i = 0; i < n; i++) {
		assert_true(a[i] >= 0);
		seed[i] = 1;
	}
	assert_ok(rt_plan_backward(p, &err));
	first = g->values[rt_graph_find_value(g, "bn1.bias")].param;
	last = g->values[rt_graph_find_value(g, "dense1.weight")].param;
	assert_true(rt_plan_param_grad(p, first)[0] > 0);
	assert_true(rt_plan_param_grad(p, last)[0] == 0);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* A chain needs room for two neighbours, however long it is; what is kept of weights aside. */
static void depth_costs_no_memory_in_inference(void **state)
{
	size_t bytes[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct rt_graph *g = build(
			i ? "conv 8 1; repeat 6 {maxpool 3 -pad 1 -stride 1; tanh}; gap"
			  : "conv 8 1; repeat 3 {maxpool 3 -pad 1 -stride 1; tanh}; gap", 4);
		struct rt_plan *p =
			plan(g, (struct rt_plan_opts){.batch = 8, .purpose = RT_INFER});

		bytes[i] = rt_plan_bytes(p);
		rt_plan_free(p);
		rt_graph_free(g);
	}
	assert_int_equal(bytes[0], bytes[1]);
}

static void bound_input_is_not_copied(void **state)
{
	struct rt_graph *g = build(nets[0], 2);
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 2, .purpose = RT_INFER});
	float x[2 * 2 * 8 * 8];
	int64_t n;
	float a, b;

	(void)state;
	a = output(p, g, &n)[0];
	memcpy(x, rt_plan_input(p, 0), sizeof(x));
	rt_plan_bind_input(p, 0, x);
	assert_true(output(p, g, &n)[0] == a);
	x[5] += 1;
	b = output(p, g, &n)[0];
	assert_true(b != a);
	rt_plan_bind_input(p, 0, NULL);
	assert_true(output(p, g, &n)[0] == a);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* The optimizer's view: weights written between runs are seen, also when their storage has
 * moved. */
static void new_weights_are_seen(void **state)
{
	struct rt_graph *g = build(nets[0], 2), *old;
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 2, .purpose = RT_INFER});
	int64_t n;
	void *w;
	float a;

	(void)state;
	a = output(p, g, &n)[0];
	old = rt_graph_clone(g);
	assert_ok(rt_tensor_write(&w, &g->params[0].data, &err));
	((float *)w)[0] += 1;
	assert_true(output(p, g, &n)[0] != a);
	assert_false(rt_tensor_equal(&g->params[0].data, &old->params[0].data));
	rt_plan_free(p);
	rt_graph_free(g);
	rt_graph_free(old);
}

static void batch_statistics_are_learned(void **state)
{
	struct rt_graph *g = build(nets[1], 2);
	struct rt_graph *old = rt_graph_clone(g);
	struct rt_plan *p = plan(
		g, (struct rt_plan_opts){.batch = 8, .purpose = RT_TRAIN, .param_grads = true});
	int mean = g->values[rt_graph_find_value(g, "bn1.mean")].param;
	int64_t n;

	(void)state;
	output(p, g, &n);
	assert_false(rt_tensor_equal(&g->params[mean].data, &old->params[mean].data));
	assert_true(rt_tensor_get(&old->params[mean].data, 0) == 0);
	rt_plan_free(p);
	rt_graph_free(g);
	rt_graph_free(old);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fused_is_unfused),
		cmocka_unit_test(fusion_makes_fewer_steps),
		cmocka_unit_test(fusion_takes_in_the_addition),
		cmocka_unit_test(fusion_takes_in_the_maxima),
		cmocka_unit_test(gradients_of_whole_networks),
		cmocka_unit_test(fused_training_is_unfused),
		cmocka_unit_test(training_fuses_normalization),
		cmocka_unit_test(training_pools_before_it_rectifies),
		cmocka_unit_test(training_plan_repeats_bit_for_bit),
		cmocka_unit_test(param_gradients_add_up),
		cmocka_unit_test(taps_are_read_and_seeded),
		cmocka_unit_test(depth_costs_no_memory_in_inference),
		cmocka_unit_test(bound_input_is_not_copied),
		cmocka_unit_test(new_weights_are_seen),
		cmocka_unit_test(batch_statistics_are_learned),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
