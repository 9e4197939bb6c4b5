/* explain.c - class activation maps, occlusion, and what all explanations share: running and
 * errors. */
#include "config.h"

#include "tests/unit/explain_ask.h"
#include "base/sys.h"

#include <math.h>

/* --- rows --------------------------------------------------------------------------------- */

static void rows_are_complete(void **state)
{
	(void)state;
	for (int i = 0; i < rt_explainers.n; i++) {
		const struct rt_explainer *e = (const struct rt_explainer *)rt_explainers.rows[i];

		assert_ok(rt_row_check(&e->row, &err));
		assert_non_null(e->run);
		assert_non_null(e->source);
	}
}

/* A data set of two training samples; only what baselines and columns read is filled in. */
static void baselines_come_from_the_data(void **state)
{
	static const float w[4] = {4, 3, 2, 1}, x[4] = {1, 1, 1, 1};
	static float shift[1] = {0}, scale[1] = {2};
	static int32_t train[2] = {0, 2};
	float raw[12] = {1, 0, 0, 0, 9, 9, 9, 9, 0, 1, 0, 0};
	int column[4] = {0, 0, 1, 1};
	struct rt_data d = {.sample = RT_SHAPE(4),
			    .n = 3,
			    .nscale = 1,
			    .shift = shift,
			    .scale = scale,
			    .part = {train},
			    .npart = {2}};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(4), .data = &d};
	struct rt_attribution a;
	void *data;

	(void)state;
	assert_ok(rt_tensor_new(&d.x, RT_F32, &RT_SHAPE(3, 4), &err));
	assert_ok(rt_tensor_write(&data, &d.x, &err));
	memcpy(data, raw, sizeof(raw));
	q.graph = net_linear(4, w);
	/* The mean of samples 0 and 2, scaled by 2, is (1, 1, 0, 0). */
	assert_ok(explain(&a, "integrated_gradients", &q, "-baseline mean"));
	assert_map(a.map, 4, (double[]){0, 0, 2, 1}, 1e-6);
	assert_close(a.f_baseline, 7, 1e-6);
	rt_attribution_release(&a);
	/* Columns are occluded whole: 4 + 3 and 2 + 1, shared evenly. */
	d.column = column;
	assert_ok(explain(&a, "occlusion", &q, ""));
	assert_map(a.map, 4, (double[]){3.5, 3.5, 1.5, 1.5}, 1e-6);
	rt_attribution_release(&a);
	assert_ok(explain(&a, "occlusion", &q, "-window 1"));
	assert_map(a.map, 4, (double[]){4, 3, 2, 1}, 1e-6);
	rt_attribution_release(&a);
	rt_tensor_release(&d.x);
	rt_graph_free(q.graph);
}

/* --- class activation maps ---------------------------------------------------------------- */

static void check_cam(struct rt_graph *g, struct rt_question q, const char *opts, const char *layer,
		      struct rt_shape shape, const double *wanted)
{
	struct rt_attribution a;

	q.graph = g;
	assert_ok(explain(&a, "grad_cam", &q, opts));
	assert_string_equal(a.layer, layer);
	assert_true(rt_shape_equal(&a.layer_shape, &shape));
	assert_map(a.layer_map, rt_shape_count(&shape), wanted, 1e-6);
	rt_attribution_release(&a);
	rt_graph_free(g);
}

/* captum tests/attr/layer/test_grad_cam.py. */
static void grad_cam_of_captums_convnet(void **state)
{
	(void)state;
	check_cam(net_cv(), ask_cv(), "-layer conv1 -relu no", "conv1", RT_SHAPE(2, 2),
		  (double[]){11.25, 13.5, 20.25, 22.5});
	check_cam(net_cv(), ask_cv(), "-layer relu1", "relu1", RT_SHAPE(2, 2),
		  (double[]){0, 4, 28, 32.5});
	check_cam(net_cv(), ask_cv(), "", "relu1", RT_SHAPE(2, 2), (double[]){0, 4, 28, 32.5});
}

/* captum 0.9: LayerGradCam at the second ReLU, and interpolated to the input by PyTorch (bilinear,
 * align_corners=False); the layer is found although pooling stands behind it. */
static void grad_cam_agrees_with_captum(void **state)
{
	struct rt_question q = ask_conv();

	(void)state;
	check_cam(net_conv(NULL), q, "", "relu2", RT_SHAPE(4, 4),
		  (double[]){0.09461141377, 0.04495231435, 0, 0, 0.37386411428, 0.20768913627,
			     0.01141335908, 0, 0, 0, 0.05390438065, 0.30673253536, 0, 0, 0, 0});
	check(net_conv(NULL), q, "grad_cam", "",
	      WANTED(0.09461141377, 0.06978186220, 0.03746026009, 0.00749205053, 0, 0,
		     0.23423776031, 0.18027925491, 0.10621837527, 0.02580901422, 0.00285333977, 0),
	      2e-6);
}

/* Through normalization and the sum of a residual block to the activation behind it. */
static void grad_cam_takes_the_last_activation(void **state)
{
	struct rt_question q = {.x = wave(), .shape = RT_SHAPE(1, 6, 6)};
	struct rt_attribution a;

	(void)state;
	q.graph = net_residual();
	assert_ok(explain(&a, "grad_cam", &q, ""));
	assert_string_equal(a.layer, "relu2");
	assert_true(rt_shape_equal(&a.shape, &RT_SHAPE(6, 6)));
	assert_non_null(strstr(a.note, "layer relu2 6x6, bilinear"));
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* PAIR saliency core/grad_cam_test.py, where A and g are given: here a convolution copies the
 * input A, a dense layer has the weights g, whose mean is w = .88; divided by the largest. */
static void grad_cam_of_a_given_layer(void **state)
{
	static const float A[25] = {0, 0, 0, 0, 0, 1, 2, 3, 2, 1, 0, 0, 0,
				    0, 0, 1, 2, 3, 2, 1, 0, 0, 0, 0, 0};
	static const double third[5] = {1.0 / 3, 2.0 / 3, 1, 2.0 / 3, 1.0 / 3};
	struct rt_question q = {.x = A, .shape = RT_SHAPE(1, 5, 5)};
	struct rt_attribution a;
	float g[25], one = 1;
	int x, in[2];

	(void)state;
	for (int i = 0; i < 25; i++)
		g[i] = i % 5 == 0 ? -0.6f : 1.25f;
	q.graph = net_new(&x, q.shape);
	in[0] = x;
	in[1] = net_constant(q.graph, RT_SHAPE(1, 1, 1, 1), &one);
	in[0] = net_apply(q.graph, "Flatten", NULL, net_node(q.graph, "Conv", "conv", "", 2, in));
	in[1] = net_constant(q.graph, RT_SHAPE(25, 1), g);
	net_done(q.graph, net_node(q.graph, "MatMul", NULL, "", 2, in));
	assert_ok(explain(&a, "grad_cam", &q, ""));
	for (int i = 0; i < 25; i++)
		assert_close(a.map[i] / (0.88 * 3), i / 5 % 2 ? third[i % 5] : 0, 1e-6);
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* A convolution along one axis gives one row, as long as what it reads. */
static void grad_cam_of_a_sequence(void **state)
{
	struct rt_question q = {.x = wave(), .shape = RT_SHAPE(2, 9)};
	struct rt_attribution a;

	(void)state;
	q.graph = net_sequence();
	assert_ok(explain(&a, "grad_cam", &q, ""));
	assert_string_equal(a.layer, "relu");
	assert_true(rt_shape_equal(&a.layer_shape, &RT_SHAPE(1, 7)));
	assert_true(rt_shape_equal(&a.shape, &RT_SHAPE(1, 9)));
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* --- occlusion ---------------------------------------------------------------------------- */

/* captum tests/attr/test_occlusion.py: there a second input of ones is added, here to the sample
 * and to the baseline.  Windows that overlap are averaged. */
static void occlusion_of_captums_convnet(void **state)
{
	struct rt_question q = ask_cv();
	float x[16];

	(void)state;
	for (int i = 0; i < 16; i++)
		x[i] = count16[i] + 1;
	q.x = x;
	check(net_cv(), q, "occlusion", "-window 2,3 -stride 2,1 -value 1",
	      WANTED(17, 17, 17, 17, 17, 17, 17, 17, 64, 65.5, 65.5, 67, 64, 65.5, 65.5, 67), 1e-6);
	check(net_cv(), q, "occlusion", "-window 4 -value 1", WANTED(67, 67, 67), 1e-6);
}

/* captum 0.9: Occlusion over both channels, which share what it gives to each. */
static void occlusion_agrees_with_captum(void **state)
{
	struct rt_question q = ask_conv();
	struct rt_attribution a;
	int64_t h, w;
	float *plane;

	(void)state;
	q.graph = net_conv(NULL);
	assert_ok(explain(&a, "occlusion", &q, "-window 2,3 -stride 1,2 -value 0.5"));
	plane = rt_attribution_plane(&a, &h, &w);
	assert_int_equal(h * w, 36);
	assert_map(plane, 12,
		   (double[]){-0.10144472122, -0.10144472122, -0.52455341816, -0.94766211510,
			      -1.05194532871, -1.15622854233, -0.18323481083, -0.18323481083,
			      -0.38793396950, -0.59263312817, -0.60831838846, -0.62400364876},
		   3e-6);
	free(plane);
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* captum tests/attr/test_feature_ablation.py. */
static void occlusion_of_single_features(void **state)
{
	static const float x[3] = {20, 50, 30};

	(void)state;
	check(net_ml(false), (struct rt_question){.x = x, .shape = RT_SHAPE(3)}, "occlusion", "",
	      WANTED(80, 200, 120), 1e-6);
}

/* More windows than one run takes: each still gets its own answer. */
static void many_variations_take_several_runs(void **state)
{
	float w[1600], x[1600];
	struct rt_question q = {.x = x, .shape = RT_SHAPE(1, 40, 40)};
	struct rt_attribution a;

	(void)state;
	for (int i = 0; i < 1600; i++) {
		w[i] = (float)(i % 37) - 18;
		x[i] = (float)(i % 5) - 2;
	}
	q.graph = net_linear(1600, w);
	assert_ok(explain(&a, "occlusion", &q, "-window 1"));
	for (int i = 0; i < 1600; i++)
		assert_close(a.map[i], w[i] * x[i], 1e-3);
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* --- running ------------------------------------------------------------------------------ */

/* The same question gives the same bits, whatever else was asked in between. */
static void same_question_same_bits(void **state)
{
	struct rt_question q = ask_conv();
	struct rt_attribution a, b;

	(void)state;
	q.graph = net_conv("Softmax");
	for (int i = 0; i < rt_explainers.n; i++) {
		assert_ok(explain(&a, rt_explainers.rows[i]->name, &q, ""));
		assert_ok(explain(&b, rt_explainers.rows[i]->name, &q, ""));
		assert_memory_equal(a.map, b.map, (size_t)rt_shape_count(&a.shape) * sizeof(float));
		assert_true(a.f_x == b.f_x);
		assert_close(a.f_x, 1.9722673892974854, 1e-6);
		rt_attribution_release(&a);
		rt_attribution_release(&b);
	}
	rt_graph_free(q.graph);
}

/* A table, and a model that fixes its batch, are no special cases. */
static void any_model_of_one_input(void **state)
{
	static const float x[3] = {0, 100, 0};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(3)};
	struct rt_attribution a, b;

	(void)state;
	for (int batch = 1; batch <= 4; batch += 3) {
		struct rt_graph *loose = net_ml(false), *fixed = net_ml(false);

		fixed->values[fixed->inputs[0]].shape.dim[0] = batch;
		assert_ok(rt_graph_infer(fixed, &err));
		for (int i = 0; i < rt_explainers.n; i++) {
			const char *name = rt_explainers.rows[i]->name;

			if (strcmp(name, "grad_cam") == 0)
				continue;
			q.graph = loose;
			assert_ok(explain(&a, name, &q, ""));
			q.graph = fixed;
			assert_ok(explain(&b, name, &q, ""));
			for (int k = 0; k < 3; k++)
				assert_close(a.map[k], b.map[k], 1e-6);
			rt_attribution_release(&a);
			rt_attribution_release(&b);
		}
		rt_graph_free(loose);
		rt_graph_free(fixed);
	}
}

/* A picture through a model that takes its numbers flat keeps its rows and columns. */
static void flat_models_keep_the_picture(void **state)
{
	static const float w[4] = {4, 3, 2, 1}, x[4] = {1, 1, 1, 1};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(1, 2, 2)};
	struct rt_attribution a;

	(void)state;
	q.graph = net_linear(4, w);
	assert_ok(explain(&a, "occlusion", &q, "-window 1,2"));
	assert_true(rt_shape_equal(&a.shape, &q.shape));
	assert_map(a.map, 4, (double[]){7, 7, 3, 3}, 1e-6);
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* Token numbers have no gradient, but what they are embedded as has, and they can be replaced. */
static void tokens_are_explained_at_their_embedding(void **state)
{
	static const float x[4] = {1, 7, 0, 3};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(4)};
	struct rt_attribution a;

	(void)state;
	q.graph = net_tokens();
	/* a word is worth the sum over its vector */
	assert_ok(explain(&a, "grad_times_input", &q, ""));
	assert_true(rt_shape_equal(&a.shape, &RT_SHAPE(4)));
	assert_close(a.map[0], sin(2.1) + sin(2.8) + sin(3.5), 1e-6);
	assert_non_null(strstr(a.note, "summed over the vectors of emb"));
	rt_attribution_release(&a);
	assert_ok(explain(&a, "integrated_gradients", &q, ""));
	assert_close(a.map[1], sin(14.7) + sin(15.4) + sin(16.1), 1e-5);
	assert_close(a.gap, 0, 1e-5);
	rt_attribution_release(&a);
	assert_ok(explain(&a, "grad_times_input", &q, "-layer emb"));
	assert_true(rt_shape_equal(&a.shape, &RT_SHAPE(4, 3)));
	assert_close(a.map[0], sin(0.7 * 3), 1e-6);
	assert_close(a.map[3], sin(0.7 * 21), 1e-6);
	rt_attribution_release(&a);
	assert_ok(explain(&a, "occlusion", &q, ""));
	assert_close(a.map[2], 0, 1e-6);
	assert_close(a.map[0], sin(2.1) + sin(2.8) + sin(3.5) - sin(0) - sin(0.7) - sin(1.4), 1e-6);
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

static void cancelling_stops(void **state)
{
	struct rt_question q = ask_conv();
	struct rt_attribution a;

	(void)state;
	q.graph = net_conv(NULL);
	rt_cancel_request();
	assert_fails(explain(&a, "occlusion", &q, ""), RT_ECANCELLED, "stopped after 0 of 37");
	rt_cancel_clear();
	assert_null(a.map);
	rt_graph_free(q.graph);
}

/* --- errors ------------------------------------------------------------------------------- */

static void fails(struct rt_graph *g, struct rt_question q, const char *method, const char *opts,
		  enum rt_status status, const char *text)
{
	struct rt_attribution a;

	q.graph = g;
	assert_fails(explain(&a, method, &q, opts), status, text);
	rt_graph_free(g);
}

static void questions_that_have_no_answer(void **state)
{
	static const float x[3] = {0, NAN, 0}, fine[3] = {0, 1, 0};
	struct rt_question q = ask_conv(), table = {.x = fine, .shape = RT_SHAPE(3)};

	(void)state;
	q.output = 3;
	fails(net_conv(NULL), q, "gradient", "", RT_EINVAL,
	      "no output 3: the model has outputs 0 to 2");
	q.output = -1;
	fails(net_conv(NULL), q, "occlusion", "", RT_EINVAL, "no output -1");
	q.output = 0;
	fails(net_ml(false), q, "gradient", "", RT_ESHAPE,
	      "the model takes Nx3, the sample is 2x6x6");
	fails(net_ml(false), table, "grad_cam", "", RT_EUNSUPPORTED, "needs a convolution");
	fails(net_ml(false), table, "grad_cam", "-layer lin1", RT_EUNSUPPORTED,
	      "layer \"lin1\" is Nx4");
	fails(net_conv(NULL), q, "grad_cam", "-layer relv2", RT_ENOTFOUND,
	      "did you mean \"relu2\"?");
	table.x = x;
	fails(net_ml(false), table, "gradient", "", RT_ENUMERIC, "number 1 of the sample is nan");
	table.of = RT_OF_PROBABILITY;
	table.x = fine;
	fails(net_linear(3, fine), table, "gradient", "", RT_EUNSUPPORTED, "has no probability");
}

static void options_that_do_not_fit(void **state)
{
	struct rt_question q = ask_conv();

	(void)state;
	fails(net_conv(NULL), q, "integrated_gradients", "-rule trapezoid -steps 1", RT_EINVAL,
	      "-steps of at least 2, got 1");
	fails(net_conv(NULL), q, "integrated_gradients", "-value 1,2,3", RT_EINVAL,
	      "-value has 3 numbers, the sample 72 inputs");
	fails(net_conv(NULL), q, "integrated_gradients", "-baseline value", RT_EINVAL,
	      "needs -value");
	fails(net_conv(NULL), q, "integrated_gradients", "-baseline mean", RT_EINVAL,
	      "needs the data set");
	fails(net_conv(NULL), q, "occlusion", "-window 7", RT_EINVAL, "-window 7x7 is larger than");
	fails(net_conv(NULL), q, "occlusion", "-window 2 -stride 3", RT_EINVAL,
	      "would leave inputs out");
	fails(net_conv(NULL), q, "occlusion", "-window 1,2,3", RT_EINVAL, "got 3 numbers");
	fails(net_conv(NULL), q, "smooth_grad", "-samples 0", RT_EINVAL, "-samples");
}

/* What goes wrong inside the model is told, not drawn. */
static void overflow_is_reported(void **state)
{
	static const float w[2] = {3e38f, 3e38f}, x[2] = {2, 2};

	(void)state;
	fails(net_linear(2, w), (struct rt_question){.x = x, .shape = RT_SHAPE(2)}, "gradient", "",
	      RT_ENUMERIC, "output 0 is inf");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(baselines_come_from_the_data),
		cmocka_unit_test(grad_cam_of_captums_convnet),
		cmocka_unit_test(grad_cam_agrees_with_captum),
		cmocka_unit_test(grad_cam_takes_the_last_activation),
		cmocka_unit_test(grad_cam_of_a_given_layer),
		cmocka_unit_test(grad_cam_of_a_sequence),
		cmocka_unit_test(occlusion_of_captums_convnet),
		cmocka_unit_test(occlusion_agrees_with_captum),
		cmocka_unit_test(occlusion_of_single_features),
		cmocka_unit_test(many_variations_take_several_runs),
		cmocka_unit_test(same_question_same_bits),
		cmocka_unit_test(any_model_of_one_input),
		cmocka_unit_test(flat_models_keep_the_picture),
		cmocka_unit_test(tokens_are_explained_at_their_embedding),
		cmocka_unit_test(cancelling_stops),
		cmocka_unit_test(questions_that_have_no_answer),
		cmocka_unit_test(options_that_do_not_fit),
		cmocka_unit_test(overflow_is_reported),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
