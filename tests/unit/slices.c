/* slices.c - inference in slices of the batch gives what the whole batch gives, and is left alone
 * where samples see each other. */
#include "config.h"

#include "unit.h"

#include "base/sys.h"
#include "exec/plan.h"
#include "io/layers.h"
#include "ops/ops.h"

static struct rt_err err;

/* Odd, so that slices do not divide it, and large enough to be worth it. */
#define BATCH 203

/* A trunk of small weights alone, one with a head whose weights are too large to be read again for
 * every slice, and one by places, whose samples have several rows. */
static const char *const nets[] = {
	"conv 16 3 -pad 1 -name stem; bn; relu; residual {conv 16 3 -pad 1; bn; relu; conv 16 3 "
	"-pad 1; bn}; relu; conv 24 3 -stride 2 -pad 1; relu6; gap -name mean; dense 3",
	"conv 16 3 -pad 1 -name stem; relu; maxpool 2; flatten -name mean; dense 400; relu; dense "
	"400; relu; dense 3",
	"conv 32 3 -pad 1 -name stem; reshape 32 64; transpose {2 1}; ln; linear 48 -name mean; "
	"gelu; linear 16; softmax; select 0; dense 3",
};

static struct rt_graph *build(const char *text)
{
	struct rt_graph *g = NULL;
	struct rt_rng rng;

	rt_rng_seed(&rng, 5);
	assert_ok(rt_layers_build(&g, text, &RT_SHAPE(2, 8, 8), &rng, &err));
	return g;
}

/* A plan, the values "stem" and "mean" tapped, its input filled. */
static struct rt_plan *plan(struct rt_graph *g, int64_t batch, bool fused)
{
	int taps[2] = {rt_graph_find_value(g, "stem"), rt_graph_find_value(g, "mean")};
	struct rt_plan_opts o = {.batch = batch, .purpose = RT_INFER, .taps = taps, .ntaps = 2,
				 .no_fusion = !fused};
	struct rt_plan *p;
	struct rt_rng rng;
	float *x;

	assert_true(taps[0] >= 0 && taps[1] >= 0);
	assert_ok(rt_plan_new(&p, g, &o, &err));
	x = rt_plan_input(p, 0);
	rt_rng_seed(&rng, 9);
	for (int64_t i = 0; i < rt_shape_count(&rt_plan_value(p, g->inputs[0])->shape); i++)
		x[i] = (float)rt_rng_normal(&rng);
	return p;
}

static bool is_sliced(const struct rt_plan *p)
{
	struct rt_str text = {0};
	bool found;

	rt_plan_text(p, &text);
	found = strstr(rt_str_text(&text), "samples at a time") != NULL;
	rt_str_release(&text);
	return found;
}

static void compare(const struct rt_plan *a, const struct rt_plan *b, int v)
{
	const struct rt_arg *x = rt_plan_value(a, v), *y = rt_plan_value(b, v);

	assert_true(rt_shape_equal(&x->shape, &y->shape));
	for (int64_t i = 0; i < rt_shape_count(&x->shape); i++)
		assert_close(((const float *)x->data)[i], ((const float *)y->data)[i], 1e-5);
}

static void slices_are_the_whole(void **state)
{
	int before = rt_threads();

	(void)state;
	for (int threads = 1; threads <= 3; threads++) {
		rt_threads_set(threads);
		for (size_t t = 0; t < RT_COUNT(nets); t++) {
			struct rt_graph *g = build(nets[t]);
			struct rt_plan *a = plan(g, BATCH, true), *b = plan(g, BATCH, false);

			assert_true(is_sliced(a));
			assert_false(is_sliced(b));
			assert_ok(rt_plan_forward(a, NULL, &err));
			assert_ok(rt_plan_forward(b, NULL, &err));
			compare(a, b, g->outputs[0]);
			compare(a, b, rt_graph_find_value(g, "stem"));
			compare(a, b, rt_graph_find_value(g, "mean"));
			rt_plan_free(a);
			rt_plan_free(b);
			rt_graph_free(g);
		}
	}
	rt_threads_set(before);
}

static void slices_repeat_bit_for_bit(void **state)
{
	struct rt_graph *g = build(nets[0]);
	struct rt_plan *a = plan(g, BATCH, true), *b = plan(g, BATCH, true);
	const struct rt_arg *x = rt_plan_value(a, g->outputs[0]);
	const struct rt_arg *y = rt_plan_value(b, g->outputs[0]);

	(void)state;
	assert_ok(rt_plan_forward(a, NULL, &err));
	assert_ok(rt_plan_forward(a, NULL, &err));
	assert_ok(rt_plan_forward(b, NULL, &err));
	assert_memory_equal(x->data, y->data, (size_t)rt_shape_count(&x->shape) * sizeof(float));
	rt_plan_free(a);
	rt_plan_free(b);
	rt_graph_free(g);
}

/* Also by what is kept of the weights between runs. */
static void check_new_data(int64_t batch)
{
	struct rt_graph *g = build(nets[0]);
	struct rt_plan *p = plan(g, batch, true);
	const struct rt_arg *in = rt_plan_value(p, g->inputs[0]);
	size_t bytes = (size_t)rt_shape_count(&in->shape) * sizeof(float);
	float *x = malloc(bytes), before;
	const float *y = rt_plan_value(p, g->outputs[0])->data;
	void *w;

	memcpy(x, rt_plan_input(p, 0), bytes);
	assert_ok(rt_plan_forward(p, NULL, &err));
	before = y[0];
	x[5] += 1;
	rt_plan_bind_input(p, 0, x);
	assert_ok(rt_plan_forward(p, NULL, &err));
	assert_true(y[0] != before);
	rt_plan_bind_input(p, 0, NULL);
	assert_ok(rt_plan_forward(p, NULL, &err));
	assert_true(y[0] == before);
	assert_ok(rt_tensor_write(&w, &g->params[0].data, &err));
	((float *)w)[0] += 1;
	assert_ok(rt_plan_forward(p, NULL, &err));
	assert_true(y[0] != before);
	free(x);
	rt_plan_free(p);
	rt_graph_free(g);
}

static void bound_input_and_new_weights_are_seen(void **state)
{
	(void)state;
	check_new_data(1);
	check_new_data(BATCH);
}

/* input (N,C,8,8) -> op -> Relu */
static struct rt_graph *around(const struct rt_op *op, int64_t C, const char *attr, int64_t value)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, C, 8, 8)), node;
	const struct rt_opt *o = rt_opt_find(&op->row, attr);
	char *attrs = calloc(1, op->row.params_size);

	rt_params_init(&op->row, attrs);
	*(int64_t *)(attrs + o->offset) = value;
	node = rt_graph_add_node(g, op, "middle", attrs, 1, &x, 1);
	node = rt_graph_add_node(g, &rt_op_Relu, "last", NULL, 1, g->nodes[node].out, 1);
	rt_graph_add_output(g, g->nodes[node].out[0]);
	rt_params_release(&op->row, attrs);
	free(attrs);
	return g;
}

static void samples_that_meet_stay_together(void **state)
{
	static const struct {
		int64_t axis;
		bool sliced;
	} cases[] = {{0, false}, {-4, false}, {1, true}, {-1, true}};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_graph *g = around(&rt_op_Softmax, 64, "axis", cases[i].axis);
		struct rt_plan_opts o = {.batch = BATCH, .purpose = RT_INFER};
		struct rt_plan *p;

		assert_ok(rt_plan_new(&p, g, &o, &err));
		assert_int_equal(is_sliced(p), cases[i].sliced);
		rt_plan_free(p);
		rt_graph_free(g);
	}
}

/* One sample is shared among the threads inside every operator. */
static void one_sample_is_whole(void **state)
{
	struct rt_graph *g = build(nets[0]);
	struct rt_plan *p = plan(g, 1, true);

	(void)state;
	assert_false(is_sliced(p));
	rt_plan_free(p);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_the_whole),
		cmocka_unit_test(slices_repeat_bit_for_bit),
		cmocka_unit_test(bound_input_and_new_weights_are_seen),
		cmocka_unit_test(samples_that_meet_stay_together),
		cmocka_unit_test(one_sample_is_whole),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
