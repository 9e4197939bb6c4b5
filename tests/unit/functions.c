/* functions.c - what single operators need of files: those that opset 17 lacks travel as functions
 * of those it has, and Split keeps its parts.
 */
#include "config.h"

#include "base/mem.h"
#include "exec/plan.h"
#include "io/model.h"
#include "ops/ops.h"
#include "temp.h"

/* A model of one node on 1x4x6 numbers, with weights of n each; takes attrs. */
static struct rt_model *model_of(const struct rt_op *op, void *attrs, int weights, int64_t n)
{
	struct rt_graph *g = rt_graph_new();
	struct rt_tensor w;
	struct rt_err err;
	int in[3], node;
	void *to;

	in[0] = rt_graph_add_input(g, "data", RT_F32, &RT_SHAPE(1, 4, 6));
	for (int i = 0; i < weights; i++) {
		assert_ok(rt_tensor_new(&w, RT_F32, &RT_SHAPE(n), &err));
		assert_ok(rt_tensor_write(&to, &w, &err));
		for (int64_t k = 0; k < n; k++)
			((float *)to)[k] = (float)(i ? k - 1 : 2 - 0.75 * (double)k);
		in[1 + i] = rt_graph_add_param(g, i ? "shift" : "factor", &w, true);
	}
	node = rt_graph_add_node(g, op, NULL, attrs, 1 + weights, in, 1);
	rt_graph_add_output(g, g->nodes[node].out[0]);
	assert_ok(rt_graph_infer(g, &err));
	if (attrs)
		rt_params_release(&op->row, attrs);
	free(attrs);
	return rt_model_new("one", g, NULL);
}

static struct rt_model *groups_of(int64_t number, double epsilon, int64_t n)
{
	const struct rt_op *op = &rt_op_GroupNormalization;
	char *attrs = rt_alloc(1, op->row.params_size);

	rt_params_init(&op->row, attrs);
	*(int64_t *)(attrs + rt_opt_find(&op->row, "num_groups")->offset) = number;
	*(double *)(attrs + rt_opt_find(&op->row, "epsilon")->offset) = epsilon;
	return model_of(op, attrs, 2, n);
}

/* The output for 0.3 i - 2 in every place i. */
static void run(struct rt_model *m, float *y)
{
	struct rt_plan_opts opts = {.batch = 1};
	struct rt_plan *plan;
	struct rt_err err;
	float *x;

	assert_ok(rt_plan_new(&plan, m->graph, &opts, &err));
	x = rt_plan_input(plan, 0);
	for (int i = 0; i < 24; i++)
		x[i] = (float)(0.3 * i - 2);
	assert_ok(rt_plan_forward(plan, NULL, &err));
	memcpy(y, rt_plan_value(plan, m->graph->outputs[0])->data, 24 * sizeof(*y));
	rt_plan_free(plan);
}

static bool contains(const char *path, const char *text)
{
	size_t len, n = strlen(text);
	unsigned char *bytes = slurp(path, &len);
	bool found = false;

	for (size_t i = 0; !found && i + n <= len; i++)
		found = memcmp(bytes + i, text, n) == 0;
	free(bytes);
	return found;
}

/* Takes the model: saved, it holds the words; loaded, it is the same operator with the same
 * results. */
static void travels(struct rt_model *m, const char *name, const char *const *words)
{
	char *path = temp_path(name);
	struct rt_model *again = NULL;
	float y[24], z[24];
	struct rt_err err;

	assert_ok(rt_model_save(m, path, &err));
	for (; *words; words++)
		if (!contains(path, *words))
			fail_msg("%s does not hold %s", name, *words);
	assert_ok(rt_model_load(&again, path, &err));
	assert_int_equal(again->graph->nnodes, 1);
	assert_ptr_equal(again->graph->nodes[0].op, m->graph->nodes[0].op);
	assert_true(rt_params_equal(&m->graph->nodes[0].op->row, again->graph->nodes[0].attrs,
				    m->graph->nodes[0].attrs));
	run(m, y);
	run(again, z);
	assert_memory_equal(y, z, sizeof(y));
	rt_model_unref(m);
	rt_model_unref(again);
	free(path);
}

static void mish_is_a_function(void **state)
{
	static const char *const words[] = {"retort", "Mish", "Softplus", "Tanh", NULL};

	(void)state;
	travels(model_of(&rt_op_Mish, NULL, 0, 0), "mish.onnx", words);
}

static void group_normalization_is_a_function(void **state)
{
	static const char *const words[] = {"retort", "GroupNormalization", "num_groups",
					    "InstanceNormalization", NULL};

	(void)state;
	travels(groups_of(2, 1e-5, 4), "group_channels.onnx", words);
	travels(groups_of(2, 0.125, 2), "group_groups.onnx", words);
}

/* How long the parts are follows from how many there are. */
static void parts_that_nobody_reads_stay(void **state)
{
	struct rt_graph *g = rt_graph_new();
	struct rt_model *m, *again = NULL;
	struct rt_err err;
	char *path;
	int in[1] = {rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(6))}, node;

	(void)state;
	node = rt_graph_add_node(g, &rt_op_Split, "cut", NULL, 1, in, 3);
	rt_graph_add_output(g, g->nodes[node].out[0]);
	assert_ok(rt_graph_infer(g, &err));
	m = rt_model_new("parts", g, NULL);
	path = temp_path("parts.onnx");
	assert_ok(rt_model_save(m, path, &err));
	assert_ok(rt_model_load(&again, path, &err));
	assert_int_equal(again->graph->nodes[0].nout, 3);
	assert_int_equal(again->graph->values[again->graph->outputs[0]].shape.dim[0], 2);
	free(path);
	rt_model_unref(m);
	rt_model_unref(again);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mish_is_a_function),
		cmocka_unit_test(group_normalization_is_a_function),
		cmocka_unit_test(parts_that_nobody_reads_stay),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
