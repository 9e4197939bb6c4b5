/* int8_plan.c - quantized networks run on whole numbers: the steps that plans take, and results
 * against the same graphs node by node in real numbers. */
#include "config.h"

#include "nets.h"
#include "base/sys.h"
#include "exec/plan.h"
#include "io/model.h"
#include "ops/ops.h"

#include <math.h>

static struct rt_err err;

static const struct {
	const char *text;
	const char *real;	/* what must not be left among the steps */
} nets[] = {
	{"conv 20 5; relu; maxpool 2; conv 30 5; relu; maxpool 2; dense 40; relu; dense 10",
	 "FusedConv"},
	{"conv 16 3 -pad 1; bn; relu; residual {conv 16 3 -pad 1; bn; relu; conv 16 3 -pad 1; bn}; "
	 "relu; residual {conv 32 3 -pad 1 -stride 2; bn; relu; conv 32 3 -pad 1; bn}; relu; "
	 "gap; dense 5", "FusedConv"},
	{"conv 8 3 -stride 2 -pad 1; bn; relu6; residual {conv 48 1; bn; relu6; dwconv 3 -pad 1; "
	 "bn; relu6; conv 8 1; bn}; conv 24 1; bn; relu6; dwconv 5 -stride 2 -pad 2; bn; relu6; "
	 "gap; dense 4", "FusedConv"},
	{"conv 12 3 -groups 3; relu; conv 6 3 -groups 2 -pad 1; maxpool 3 -stride 2 -pad 1; "
	 "flatten; dense 7", "FusedConv"},
	{"dense 50; relu; dense 20; relu; dense 3", "Gemm"},
	{"conv 9 3; sigmoid; conv 5 3; tanh; avgpool 2; dense 6; gelu; dense 2", "Gemm"},
};

static struct rt_graph *quantized(const char *text, uint64_t seed)
{
	const struct rt_shape sample = RT_SHAPE(3, 16, 16);
	struct rt_graph *g = net(text, &sample, seed);
	struct rt_data *data = noise(&sample, 64, 5);
	struct rt_quantize_opts o = quantize_opts();

	assert_ok(rt_quantize_graph(g, data, &o, NULL, &err));
	rt_params_release(&rt_quantize_row, &o);
	rt_data_unref(data);
	return g;
}

static struct rt_plan *plan(struct rt_graph *g, struct rt_plan_opts o)
{
	struct rt_rng rng = seeded(11);
	struct rt_plan *p = NULL;
	float *x;

	assert_ok(rt_plan_new(&p, g, &o, &err));
	x = rt_plan_input(p, 0);
	for (int64_t i = 0; i < rt_shape_count(&rt_plan_value(p, g->inputs[0])->shape); i++)
		x[i] = (float)(2 * rt_rng_uniform(&rng) - 1);
	assert_ok(rt_plan_forward(p, NULL, &err));
	return p;
}

static void same_results_in_whole_numbers(void **state)
{
	static const int64_t batches[] = {1, 5, 64};

	(void)state;
	for (size_t i = 0; i < sizeof(nets) / sizeof(*nets); i++) {
		struct rt_graph *g = quantized(nets[i].text, 100 + i);

		for (size_t b = 0; b < 3; b++) {
			struct rt_plan_opts o = {.batch = batches[b], .purpose = RT_INFER};
			struct rt_plan *whole = plan(g, o), *real;
			struct rt_str text = {0};

			o.no_fusion = true;
			real = plan(g, o);
			/* now and then a sum is as near to one level as to the next */
			assert_true(plans_differ(whole, real, g->outputs[0]) < 0.03);
			rt_plan_text(whole, &text);
			assert_non_null(strstr(text.text, "Int8Conv"));
			if (strstr(text.text, nets[i].real))
				fail_msg("%s\n%s", nets[i].text, text.text);
			rt_str_release(&text);
			rt_plan_free(whole);
			rt_plan_free(real);
		}
		rt_graph_free(g);
	}
}

/* From the first number to the last nothing is dequantized on the way. */
static void whole_from_end_to_end(void **state)
{
	struct rt_graph *g = quantized(nets[1].text, 7);
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 1, .purpose = RT_INFER});
	struct rt_str text = {0};
	int steps = 0;

	(void)state;
	rt_plan_text(p, &text);
	for (const char *line = text.text; *line; line = strchr(line, '\n') + 1) {
		assert_true(strstr(line, "Int8") && strstr(line, "Int8") < strchr(line, '\n'));
		steps++;
	}
	/* in, 5 convolutions, 1 of a shortcut, mean, dense: sums are part of a convolution */
	assert_int_equal(steps, 9);
	rt_str_release(&text);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* Every value can be looked at, and looking changes no result. */
static void taps_see_what_they_ask_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct rt_graph *g = quantized(nets[i].text, 40 + i);
		struct rt_plan_opts o = {.batch = 2, .purpose = RT_INFER, .ntaps = 1};
		struct rt_plan *all = plan(g, (struct rt_plan_opts){.batch = 2,
								    .purpose = RT_INFER});

		for (int n = 0; n < g->nnodes; n++) {
			struct rt_plan *whole, *real;

			o.taps = g->nodes[n].out;
			o.no_fusion = false;
			whole = plan(g, o);
			o.no_fusion = true;
			real = plan(g, o);
			if (rt_plan_value(real, o.taps[0])->dtype == RT_F32)
				assert_true(plans_differ(whole, real, o.taps[0]) < 0.03);
			assert_true(plans_differ(whole, all, g->outputs[0]) < 0.03);
			rt_plan_free(whole);
			rt_plan_free(real);
		}
		rt_plan_free(all);
		rt_graph_free(g);
	}
}

/* A bias that training changes is read anew. */
static void biases_are_read_every_time(void **state)
{
	struct rt_graph *g = quantized("dense 4", 3);
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 1, .purpose = RT_INFER});
	float before = ((float *)rt_plan_value(p, g->outputs[0])->data)[1];
	struct rt_param *b = NULL;
	void *to;

	(void)state;
	for (int i = 0; i < g->nparams; i++)
		if (g->params[i].trainable)
			b = &g->params[i];
	assert_non_null(b);
	assert_ok(rt_tensor_write(&to, &b->data, &err));
	((float *)to)[1] += 2;
	assert_ok(rt_plan_forward(p, NULL, &err));
	assert_close((double)((float *)rt_plan_value(p, g->outputs[0])->data)[1],
		     (double)before + 2, 1e-5);
	rt_plan_free(p);
	rt_graph_free(g);
}

/* Files of ONNX Runtime's quantizer; tests/data/onnx/SOURCE says where they and the numbers come
 * from.  A level of the output is 0.0162. */
static void as_onnx_runtime(void **state)
{
	static const char *const files[] = {"data/onnx/quantized/u8.onnx",
					    "data/onnx/quantized/i8.onnx"};
	static const double wanted[3][5] = {
		{-1.24517035, 1.21282828, 1.0349468, -2.3609724, 1.14814413},
		{-1.24517035, 1.32602561, 0.937920511, -2.18309093, 0.485131323},
		{-1.08345997, 1.14814413, 0.889407396, -1.35836768, 1.73030174},
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *path = test_path(files[i]);
		struct rt_plan_opts o = {.batch = 3, .purpose = RT_INFER};
		struct rt_model *model = NULL;
		struct rt_str text = {0};
		struct rt_plan *p = NULL;
		const float *y;
		float *x;

		assert_ok(rt_model_load(&model, path, &err));
		assert_ok(rt_plan_new(&p, model->graph, &o, &err));
		x = rt_plan_input(p, 0);
		for (int k = 0; k < 3 * 784; k++)
			x[k] = (float)((k % 784 + k / 784 * 31) * 7919 % 255) / 255.0f;
		assert_ok(rt_plan_forward(p, NULL, &err));
		y = rt_plan_value(p, model->graph->outputs[0])->data;
		for (int k = 0; k < 15; k++)
			assert_close((double)y[k], wanted[k / 5][k % 5], 0.0163);
		rt_plan_text(p, &text);
		assert_null(strstr(text.text, "FusedConv"));
		rt_str_release(&text);
		rt_plan_free(p);
		rt_model_unref(model);
		free(path);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_results_in_whole_numbers),
		cmocka_unit_test(whole_from_end_to_end),
		cmocka_unit_test(taps_see_what_they_ask_for),
		cmocka_unit_test(biases_are_read_every_time),
		cmocka_unit_test(as_onnx_runtime),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests_name("int8_plan", tests, NULL, NULL);
}
