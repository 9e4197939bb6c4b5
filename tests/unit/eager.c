/* eager.c - graphs that are run node by node: shapes that depend on data, graphs inside nodes,
 * types, and that what is saved of them is what was read. */
#include "config.h"

#include "tests/unit/unit.h"
#include "base/mem.h"
#include "base/sys.h"
#include "exec/eager.h"
#include "exec/plan.h"
#include "io/model.h"

#define CONTROL "data/onnx/control/"

static struct rt_model *load_test(const char *name)
{
	char *relative = rt_sprintf(CONTROL "%s.onnx", name), *path = test_path(relative);
	struct rt_model *m;
	struct rt_err err;

	assert_ok(rt_model_load(&m, path, &err));
	free(relative);
	free(path);
	return m;
}

static struct rt_tensor data_of(const char *name, const char *what)
{
	char *relative = rt_sprintf(CONTROL "%s.%s.pb", name, what), *path = test_path(relative);
	struct rt_tensor t;
	struct rt_err err;

	assert_ok(rt_onnx_tensor_read(&t, path, &err));
	free(relative);
	free(path);
	return t;
}

static void agrees(const struct rt_model *m, const char *name)
{
	struct rt_tensor in = data_of(name, "in"), wanted = data_of(name, "out"), out[4] = {0};
	struct rt_eager run = {.inputs = &in};
	struct rt_err err;

	assert_ok(rt_eager_run(m->graph, &run, out, NULL, &err));
	assert_true(rt_shape_equal(&out[0].shape, &wanted.shape));
	assert_int_equal(out[0].dtype, wanted.dtype);
	for (int64_t i = 0; i < rt_tensor_count(&wanted); i++)
		assert_close(rt_tensor_get(&out[0], i), rt_tensor_get(&wanted, i), 1e-5);
	for (int i = 0; i < 4; i++)
		rt_tensor_release(&out[i]);
	rt_tensor_release(&in);
	rt_tensor_release(&wanted);
}

static const char *const names[] = {"branch", "loop", "scan", "nested", "function", "f64"};

/* The answers are those of ONNX Runtime (tests/data/onnx/control/make.py). */
static void graphs_inside_nodes_agree_with_onnx_runtime(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(names); i++) {
		struct rt_model *m = load_test(names[i]);

		agrees(m, names[i]);
		rt_model_unref(m);
	}
}

/* Written and read again, and copied, they are the same; writing twice gives the same bytes. */
static void saved_and_copied_they_are_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(names); i++) {
		struct rt_model *m = load_test(names[i]), *again, *copy = rt_model_clone(m, NULL);
		unsigned char *first, *second;
		size_t nfirst, nsecond;
		struct rt_err err;

		assert_true(rt_graph_hash(m->graph) == rt_graph_hash(copy->graph));
		assert_ok(rt_model_pack(&first, &nfirst, copy, &err));
		rt_model_unref(m);
		agrees(copy, names[i]);
		assert_ok(rt_model_unpack(&again, first, nfirst, names[i], &err));
		agrees(again, names[i]);
		assert_ok(rt_model_pack(&second, &nsecond, again, &err));
		assert_int_equal(nfirst, nsecond);
		assert_memory_equal(first, second, nfirst);
		rt_model_unref(again);
		rt_model_unref(copy);
		free(first);
		free(second);
	}
}

static void a_plan_says_why_it_cannot_be(void **state)
{
	struct rt_model *m = load_test("loop");
	struct rt_plan_opts opts = {.batch = 1};
	struct rt_plan *plan;
	struct rt_err err;

	(void)state;
	assert_int_equal(m->graph->values[m->graph->outputs[0]].shape.dim[0], RT_OPEN);
	assert_fails(rt_plan_new(&plan, m->graph, &opts, &err), RT_EUNKNOWN,
		     "only while running");
	rt_model_unref(m);
}

static void inputs_are_checked_and_cancel_is_heeded(void **state)
{
	struct rt_model *m = load_test("branch");
	struct rt_tensor in, out[1];
	struct rt_eager run = {.inputs = &in};
	struct rt_err err;

	(void)state;
	assert_ok(rt_tensor_new(&in, RT_F64, &RT_SHAPE(2, 3), &err));
	assert_fails(rt_eager_run(m->graph, &run, out, NULL, &err), RT_ESHAPE,
		     "input \"x\" is f64 2x3, the model takes f32");
	rt_tensor_release(&in);
	in = data_of("branch", "in");
	rt_cancel_request();
	assert_fails(rt_eager_run(m->graph, &run, out, NULL, &err), RT_ECANCELLED, "stopped at");
	rt_cancel_clear();
	rt_tensor_release(&in);
	rt_model_unref(m);
}

/* The LSTM of the examples: every weight of it gets a gradient. */
static void a_recurrent_model_can_be_trained(void **state)
{
	char *path = test_path("../examples/models/electricity_lstm.onnx");
	struct rt_plan_opts opts = {.batch = 3, .purpose = RT_TRAIN, .param_grads = true};
	struct rt_plan *plan;
	struct rt_model *m;
	struct rt_rng rng;
	struct rt_err err;
	float *x, *seed;

	(void)state;
	assert_ok(rt_model_load(&m, path, &err));
	assert_ok(rt_plan_new(&plan, m->graph, &opts, &err));
	x = rt_plan_input(plan, 0);
	rt_rng_seed(&rng, 1);
	for (int i = 0; i < 3 * 96; i++)
		x[i] = (float)rt_rng_normal(&rng);
	assert_ok(rt_plan_forward(plan, &rng, &err));
	seed = rt_plan_seed(plan, m->graph->outputs[0]);
	for (int i = 0; i < 3; i++)
		seed[i] = 1;
	assert_ok(rt_plan_backward(plan, &err));
	for (int i = 0; i < m->graph->nparams; i++) {
		const float *grad = rt_plan_param_grad(plan, i);
		double sum = 0;

		if (!m->graph->params[i].trainable)
			continue;
		assert_non_null(grad);
		for (int64_t k = 0; k < rt_tensor_count(&m->graph->params[i].data); k++)
			sum += (double)(grad[k] * grad[k]);
		assert_true(sum > 0);
	}
	rt_plan_free(plan);
	rt_model_unref(m);
	free(path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(graphs_inside_nodes_agree_with_onnx_runtime),
		cmocka_unit_test(saved_and_copied_they_are_the_same),
		cmocka_unit_test(a_plan_says_why_it_cannot_be),
		cmocka_unit_test(inputs_are_checked_and_cancel_is_heeded),
		cmocka_unit_test(a_recurrent_model_can_be_trained),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
