/* gradients.c - explanations by gradients: answers of other implementations, and sums that must
 * hold. */
#include "config.h"

#include "tests/unit/explain_ask.h"
#include "explain/path.h"

#include <math.h>

/* --- gradients ---------------------------------------------------------------------------- */

/* captum/testing/attr/helpers/get_config_util.py; the gradient at the kink is 0. */
static void gradient_of_captums_first_model(void **state)
{
	static const float x[6] = {1, 2, 3, 0, -1, 7};

	(void)state;
	check(net_b1(), (struct rt_question){.x = x, .shape = RT_SHAPE(6)}, "gradient", "",
	      WANTED(0, 0, 0, 1, 1, 0), 1e-7);
}

/* captum tests/attr/layer/test_layer_gradient_x_activation.py. */
static void layer_gradient_times_activation(void **state)
{
	static const float x[3] = {0, 100, 0};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(3)};

	(void)state;
	check(net_ml(false), q, "grad_times_input", "-layer lin0", WANTED(0, 400, 0), 1e-6);
	check(net_ml(false), q, "grad_times_input", "-layer lin1", WANTED(90, 101, 101, 101), 1e-6);
	check(net_ml(false), q, "gradient", "-layer lin1", WANTED(1, 1, 1, 1), 1e-6);
}

/* captum 0.9 and PyTorch 2.13 on the same model: Saliency (abs=False), InputXGradient. */
static void gradients_agree_with_captum(void **state)
{
	struct rt_question q = ask_conv();

	(void)state;
	check(net_conv(NULL), q, "gradient", "",
	      WANTED(0.03919987753, 0.09845678508, 0.16471818089, 0.24550643563, 0.16702556610, 0,
		     0.05015346408), 2e-6);
	check(net_conv(NULL), q, "gradient", "-absolute yes -layer x",
	      WANTED(0.03919987753, 0.09845678508, 0.16471818089, 0.24550643563, 0.16702556610, 0,
		     0.05015346408, 0.09026681632, 0.15528169274, 0.02023224905, 0.02935217321),
	      2e-6);
	check(net_conv(NULL), q, "grad_times_input", "",
	      WANTED(0.03777136281, 0.08952649683, 0.07039723545, -0.06273698807, -0.13667319715),
	      2e-6);
	check(net_conv(NULL), q, "grad_times_input", "-layer relu1",
	      WANTED(0, 0, 0, 0, 0, 0, 0.06457204372, 0.06917335838, 0.15057587624, 0.10179262608),
	      2e-6);
}

/* The gradient of a probability, whether the model ends in Softmax, LogSoftmax or logits. */
static void probability_has_one_gradient(void **state)
{
	static const char *const end[] = {"Softmax", "LogSoftmax", NULL};
	struct rt_question q = ask_conv();
	double f;

	(void)state;
	q.of = RT_OF_PROBABILITY;
	for (int i = 0; i < 3; i++) {
		struct rt_graph *g = net_conv(end[i]);

		q.graph = g;
		assert_ok(rt_explain_value(&f, &q, &err));
		assert_close(f, 0.6212545037269592, 1e-6);
		check(g, q, "gradient", "",
		      WANTED(-0.00647297781, -0.02334158868, -0.03342676163, -0.00865876582,
			     0.01254674047, 0, -0.01817056723), 2e-6);
	}
}

/* The logit is found behind whatever turns it into a probability, and the note says so. */
static void logit_is_taken_before_the_softmax(void **state)
{
	static const char *const end[] = {"Softmax", "LogSoftmax", "Sigmoid", NULL};
	struct rt_question q = ask_conv();
	int64_t top;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct rt_graph *g = net_conv(end[i]);
		struct rt_attribution a;

		q.graph = g;
		assert_ok(explain(&a, "gradient", &q, ""));
		assert_close(a.f_x, 1.9722673892974854, 1e-6);
		assert_close(a.map[0], 0.03919987753, 2e-6);
		if (end[i])
			assert_non_null(strstr(a.note, "output 1 before end"));
		assert_true(isnan(a.gap) && isnan(a.f_baseline));
		assert_ok(rt_explain_top(&top, &q, &err));
		assert_int_equal(top, 1);
		rt_attribution_release(&a);
		rt_graph_free(g);
	}
}

/* Central differences of f in every input; batch normalization uses its running statistics. */
static void gradient_is_the_slope(void **state)
{
	struct rt_question q = ask_conv();
	struct rt_attribution a;
	float x[72];
	double up, down, h = 1e-2;

	(void)state;
	memcpy(x, q.x, sizeof(x));
	q.graph = net_smooth();
	for (q.of = RT_OF_LOGIT; q.of <= RT_OF_PROBABILITY; q.of++) {
		q.x = wave();
		assert_ok(explain(&a, "gradient", &q, ""));
		q.x = x;
		for (int i = 0; i < 72; i++) {
			x[i] = wave()[i] + (float)h;
			assert_ok(rt_explain_value(&up, &q, &err));
			x[i] = wave()[i] - (float)h;
			assert_ok(rt_explain_value(&down, &q, &err));
			x[i] = wave()[i];
			assert_close(a.map[i], (up - down) / (2 * h), 2e-4);
		}
		rt_attribution_release(&a);
	}
	rt_graph_free(q.graph);
}

/* Without noise SmoothGrad is the gradient; for a linear model with any noise. */
static void smooth_grad_is_the_gradient_where_nothing_bends(void **state)
{
	static const float w[4] = {4, 3, 2, 1}, x[4] = {1, 1, 0, 1};
	struct rt_question q = ask_conv();

	(void)state;
	check(net_conv(NULL), q, "smooth_grad", "-noise 0 -samples 3",
	      WANTED(0.03919987753, 0.09845678508, 0.16471818089, 0.24550643563), 2e-6);
	check(net_linear(4, w), (struct rt_question){.x = x, .shape = RT_SHAPE(4)}, "smooth_grad",
	      "", WANTED(4, 3, 2, 1), 1e-6);
}

static void smooth_grad_depends_on_the_seed_alone(void **state)
{
	struct rt_question q = ask_conv();
	struct rt_attribution a, b, c;

	(void)state;
	q.graph = net_conv(NULL);
	q.seed = 7;
	assert_ok(explain(&a, "smooth_grad", &q, "-samples 8"));
	assert_ok(explain(&b, "smooth_grad", &q, "-samples 8"));
	assert_memory_equal(a.map, b.map, 72 * sizeof(float));
	q.seed = 8;
	assert_ok(explain(&c, "smooth_grad", &q, "-samples 8"));
	assert_memory_not_equal(a.map, c.map, 72 * sizeof(float));
	rt_attribution_release(&a);
	rt_attribution_release(&b);
	rt_attribution_release(&c);
	rt_graph_free(q.graph);
}

/* --- integrated gradients ----------------------------------------------------------------- */

static void check_rule(enum rt_path_rule rule, const double *alpha, const double *weight)
{
	double a[3], w[3];

	rt_path_points(rule, 3, a, w);
	for (int i = 0; i < 3; i++) {
		assert_close(a[i], alpha[i], 1e-12);
		assert_close(w[i], weight[i], 1e-12);
	}
}

/* captum tests/attr/test_approximation_methods.py, but for the trapezoid rule, whose weights
 * there sum to 1 - 1/n; Gauss-Legendre: sqrt(3/5), 5/9 and 8/9. */
static void rules_have_their_points(void **state)
{
	double third = 1.0 / 3, root = sqrt(0.6) / 2, even[3] = {third, third, third};

	(void)state;
	check_rule(RT_PATH_LEFT, (double[]){0, third, 2 * third}, even);
	check_rule(RT_PATH_RIGHT, (double[]){third, 2 * third, 1}, even);
	check_rule(RT_PATH_MIDDLE, (double[]){third / 2, 0.5, 1 - third / 2}, even);
	check_rule(RT_PATH_TRAPEZOID, (double[]){0, 0.5, 1}, (double[]){0.25, 0.5, 0.25});
	check_rule(RT_PATH_GAUSSLEGENDRE, (double[]){0.5 - root, 0.5, 0.5 + root},
		   (double[]){5.0 / 18, 4.0 / 9, 5.0 / 18});
}

/* A rule of n points integrates a polynomial of degree 2n - 1 exactly (here x^19), and all rules
 * constants. */
static void rules_integrate(void **state)
{
	double a[1000], w[1000], sum, top;

	(void)state;
	for (int rule = RT_PATH_GAUSSLEGENDRE; rule < RT_PATH_ADAPTIVE; rule++)
		for (int n = 2; n <= 1000; n = n * 3 + 1) {
			rt_path_points((enum rt_path_rule)rule, n, a, w);
			sum = top = 0;
			for (int i = 0; i < n; i++) {
				sum += w[i];
				top += w[i] * pow(a[i], 19);
			}
			assert_close(sum, 1, 1e-12);
			if (rule == RT_PATH_GAUSSLEGENDRE && n >= 10)
				assert_close(top, 0.05, 1e-12);
		}
	rt_path_points(RT_PATH_GAUSSLEGENDRE, 1, a, w);
	assert_close(a[0], 0.5, 1e-15);
	assert_close(w[0], 1, 1e-15);
}

/* captum tests/attr/test_integrated_gradients_basic.py. */
static void integrated_gradients_of_captums_second_model(void **state)
{
	static const float x[2] = {3, 1};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(2)};

	(void)state;
	check(net_b2(), q, "integrated_gradients", "", WANTED(1.5, -0.5), 1e-6);
	check(net_b2(), q, "integrated_gradients", "-multiply no", WANTED(0.5, -0.5), 1e-6);
}

/* PAIR saliency core/integrated_gradients_test.py: 5x + y^2 + sin z from (.5,1,1) to (1,2,3). */
static void integrated_gradients_of_a_formula(void **state)
{
	static const float x[3] = {1, 2, 3};

	(void)state;
	check(net_formula(), (struct rt_question){.x = x, .shape = RT_SHAPE(3)},
	      "integrated_gradients", "-baseline value -value 0.5,1,1", WANTED(2.5, 3, -0.70035098),
	      1e-6);
}

/* captum tests/metrics/test_infidelity.py: the quadrature misses the kink at a third of the path,
 * and the gap tells; halving the pieces finds it: 24 + 8 * 2/3 a unit. */
static void adaptive_rule_finds_the_kink(void **state)
{
	static const float x[3] = {1, 2, 3};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(3)};
	struct rt_attribution a;

	(void)state;
	q.graph = net_ml(true);
	assert_ok(explain(&a, "integrated_gradients", &q, "-value 1"));
	assert_map(a.map, 3, (double[]){0, 29.224366, 58.448733}, 1e-6);
	assert_close(a.gap * a.gap, 0.106864029, 1e-4);
	assert_close(a.f_x - a.f_baseline, 88, 1e-6);
	rt_attribution_release(&a);
	assert_ok(explain(&a, "integrated_gradients", &q, "-value 1 -rule adaptive"));
	assert_map(a.map, 3, (double[]){0, 24 + 16.0 / 3, 48 + 32.0 / 3}, 1e-3);
	assert_true(fabs(a.gap) <= 1e-3 * 88);
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* captum 0.9: IntegratedGradients with its defaults; riemann_right, 20 steps, baseline 0.25. */
static void integrated_gradients_agree_with_captum(void **state)
{
	struct rt_question q = ask_conv();

	(void)state;
	check(net_conv(NULL), q, "integrated_gradients", "",
	      WANTED(0.03777136654, 0.08952649683, 0.07039724290, -0.06417541951, -0.16049551964,
		     -0.03875517845, -0.03541301936, -0.00753806066, 0.09272725880, 0.05916678533),
	      2e-6);
	check(net_conv(NULL), q, "integrated_gradients", "-steps 20 -rule right -value 0.25",
	      WANTED(0.02797139995, 0.06491231173, 0.02921769023, -0.12663829327, -0.20563195646,
		     -0.04231656715, -0.04786881804), 2e-6);
	q.of = RT_OF_PROBABILITY;
	check(net_conv(NULL), q, "integrated_gradients", "",
	      WANTED(-0.00079161848, -0.00581459515, -0.00310264551, -0.00389583036,
		     -0.02102778479),
	      2e-6);
}

static double sum_of(const struct rt_attribution *a)
{
	double sum = 0;

	for (int64_t i = 0; i < rt_shape_count(&a->shape); i++)
		sum += a->map[i];
	return sum;
}

/* The map sums to f(x) - f(b): on a smooth model to rounding, on a model of ReLUs and maxima
 * to about the tolerance of the adaptive rule. */
static void integrated_gradients_are_complete(void **state)
{
	struct rt_question q = ask_conv();
	struct rt_attribution a;
	double difference;

	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		q.graph = kind == 0 ? net_smooth() : net_conv(NULL);
		for (q.output = 0; q.output < 3; q.output++) {
			assert_ok(explain(&a, "integrated_gradients", &q,
					  kind == 0 ? "" : "-rule adaptive"));
			difference = a.f_x - a.f_baseline;
			assert_true(fabs(sum_of(&a) - difference) <=
				    (kind ? 2e-3 : 1e-5) * fabs(difference));
			assert_close(a.gap, sum_of(&a) - difference, 1e-6);
			rt_attribution_release(&a);
		}
		rt_graph_free(q.graph);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gradient_of_captums_first_model),
		cmocka_unit_test(layer_gradient_times_activation),
		cmocka_unit_test(gradients_agree_with_captum),
		cmocka_unit_test(probability_has_one_gradient),
		cmocka_unit_test(logit_is_taken_before_the_softmax),
		cmocka_unit_test(gradient_is_the_slope),
		cmocka_unit_test(smooth_grad_is_the_gradient_where_nothing_bends),
		cmocka_unit_test(smooth_grad_depends_on_the_seed_alone),
		cmocka_unit_test(rules_have_their_points),
		cmocka_unit_test(rules_integrate),
		cmocka_unit_test(integrated_gradients_of_captums_second_model),
		cmocka_unit_test(integrated_gradients_of_a_formula),
		cmocka_unit_test(adaptive_rule_finds_the_kink),
		cmocka_unit_test(integrated_gradients_agree_with_captum),
		cmocka_unit_test(integrated_gradients_are_complete),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
