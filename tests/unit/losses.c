/* losses.c - losses, schedules and measures of quality: known answers and gradients. */
#include "config.h"

#include "toys.h"

#include "train/loss.h"
#include "train/metrics.h"
#include "train/schedule.h"

#include <math.h>

/* --- losses ------------------------------------------------------------------------------- */

static const float Z[9] = {1, 2, -1, 0.5f, 0, -0.5f, 3, -3, 0};
static const float T[9] = {2, 1, 0, -1, 0, 1, 0, 0, 0};
static const int32_t LABEL[3] = {1, 0, 2};

static void assert_all_close(const float *have, const double *want, int n)
{
	for (int i = 0; i < n; i++)
		assert_close((double)have[i], want[i], 1e-6);
}

/* torch 2.13: F.cross_entropy(z, label) in float64. */
static void cross_entropy_is_that_of_pytorch(void **state)
{
	static const double grad[9] = {
		0.0864988201141397, -0.0982051624339196,   0.011706342319779909,
		-0.164506536314782, 0.10239862857283279,   0.062107907741949187,
		0.3167767372324598, 0.0007852110269322269, -0.317561948259392};
	float dz[9] = {0};

	(void)state;
	assert_close(rt_cross_entropy(Z, LABEL, 3, 3, 1, dz), 1.3600758836443063, 1e-12);
	assert_all_close(dz, grad, 9);
}

/* torch 2.13: F.kl_div(log_softmax(z / T), softmax(t / T), reduction="batchmean") * T * T. */
static void soft_kl_is_that_of_pytorch(void **state)
{
	static const double at1[9] = {
		-0.1352481651441342, 0.1535520138811478,   -0.018303848737013573,
		0.13881660596175782, 0.020822471554566898, -0.15963907751632472,
		0.20566562612134867, -0.11032590008417888, -0.09533972603716975};
	static const double at4[9] = {
		-0.09769967571643719, 0.1569575244824382,   -0.05925784876600105,
		0.1619750980662977,   0.006810857959728776, -0.16878595602602664,
		0.34195244043130574,  -0.268975581581892,   -0.07297685884941375};
	float dz[9] = {0};

	(void)state;
	assert_close(rt_soft_kl(Z, T, 3, 3, 1, 1, dz), 1.0132540217243717, 1e-12);
	assert_all_close(dz, at1, 9);
	memset(dz, 0, sizeof(dz));
	assert_close(rt_soft_kl(Z, T, 3, 3, 4, 1, dz), 1.357652126856844, 1e-12);
	assert_all_close(dz, at4, 9);
}

/* torch 2.13: F.mse_loss. */
static void mean_square_is_that_of_pytorch(void **state)
{
	static const double grad[9] = {-2. / 9, 2. / 9, -2. / 9, 1. / 3, 0,
				       -1. / 3, 2. / 3, -2. / 3, 0};
	float dz[9] = {0};

	(void)state;
	assert_close(rt_mean_square(Z, T, 3, 3, 1, dz), 2.8333333333333335, 1e-12);
	assert_all_close(dz, grad, 9);
}

static double one_loss(int which, const float *z, const float *p, double weight, float *dz)
{
	switch (which) {
	case 0: return rt_cross_entropy(z, LABEL, 3, 3, weight, dz);
	case 1: return rt_soft_kl(z, T, 3, 3, 2.5, weight, dz);
	case 2: return rt_soft_kl_p(z, p, 3, 3, 2.5, weight, dz);
	default: return rt_mean_square(z, T, 3, 3, weight, dz);
	}
}

/* d loss / d z by (f(z + h) - f(z - h)) / 2h, times the weight, added to what is there. */
static void gradients_are_the_slopes_and_are_added(void **state)
{
	float p[9];

	(void)state;
	for (int i = 0; i < 3; i++)
		rt_soften(p + 3 * i, T + 3 * i, 3, 0.7);
	for (int which = 0; which < 4; which++) {
		float dz[9], z[9];
		double value = one_loss(which, Z, p, 1, NULL);

		for (int i = 0; i < 9; i++)
			dz[i] = 5;
		assert_true(one_loss(which, Z, p, 0.25, dz) == value);	/* unweighted */
		memcpy(z, Z, sizeof(z));
		for (int i = 0; i < 9; i++) {
			const float h = 0.0078125f;	/* a power of two: z + h is exact */
			double up, down;

			z[i] = Z[i] + h;
			up = one_loss(which, z, p, 1, NULL);
			z[i] = Z[i] - h;
			down = one_loss(which, z, p, 1, NULL);
			z[i] = Z[i];
			assert_close((double)dz[i], 5 + 0.25 * (up - down) / (2 * (double)h), 1e-5);
		}
	}
}

static void logits_of_any_size_give_finite_losses(void **state)
{
	static const float z[6] = {1e4f, -1e4f, 0, -3e38f, 3e38f, 0};
	static const float t[6] = {-1e4f, 1e4f, 0, 3e38f, 0, -3e38f};
	static const int32_t label[2] = {1, 0};
	float dz[6] = {0}, p[3];

	(void)state;
	assert_close(rt_cross_entropy(z, label, 1, 3, 1, dz), 2e4, 1e-12);
	assert_true(isfinite(rt_cross_entropy(z, label, 2, 3, 1, dz)));
	assert_true(isfinite(rt_soft_kl(z, t, 2, 3, 1, 1, dz)));
	for (int i = 0; i < 6; i++)
		assert_true(isfinite(dz[i]));
	rt_soften(p, z, 3, 1);
	assert_true(p[0] == 1 && p[1] == 0 && p[2] == 0);
}

static void softened_probabilities_sum_to_one_and_even_out(void **state)
{
	static const float z[4] = {0, 1, 2, 3};
	double sharp = 2;

	(void)state;
	for (double t = 0.5; t < 100; t *= 2) {
		float p[4], q[4];
		double sum = 0;
		float moved[4];

		rt_soften(p, z, 4, t);
		for (int i = 0; i < 4; i++) {
			sum += (double)p[i];
			moved[i] = z[i] + 16;
		}
		assert_close(sum, 1, 1e-6);
		assert_true((double)p[3] < sharp);
		sharp = (double)p[3];
		rt_soften(q, moved, 4, t);
		for (int i = 0; i < 4; i++)
			assert_close((double)q[i], (double)p[i], 1e-6);
	}
	assert_true(fabs(sharp - 0.25) < 0.02);
}

static void divergence_is_zero_only_for_the_same(void **state)
{
	static const float same[3] = {5, 6, 3};	/* Z's first row + 4 */
	float dz[3] = {0}, p[3] = {0, 1, 0};

	(void)state;
	assert_close(rt_soft_kl(Z, same, 1, 3, 3, 1, dz), 0, 1e-9);
	for (int i = 0; i < 3; i++)
		assert_close((double)dz[i], 0, 1e-7);
	assert_close(rt_kl_logits(Z, same, 3, 1), 0, 1e-9);
	assert_true(rt_kl_logits(Z, T, 3, 1) > 0.1);
	/* against a certain teacher it is the cross entropy */
	assert_close(rt_soft_kl_p(Z, p, 1, 3, 1, 0, NULL),
		     rt_cross_entropy(Z, LABEL, 1, 3, 0, NULL), 1e-12);
	/* and both forms agree */
	rt_soften(p, T, 3, 4);
	assert_close(rt_soft_kl_p(Z, p, 1, 3, 4, 0, NULL), rt_soft_kl(Z, T, 1, 3, 4, 0, NULL),
		     1e-6);
}

static void terms_are_weighted_and_averaged_over_samples(void **state)
{
	struct rt_terms sum = {0}, a = {0}, b = {0};

	(void)state;
	rt_terms_add(&a, "hard", 0.1, 2);
	rt_terms_add(&a, "a name that is much too long", 0.9, 1);
	rt_terms_add(&b, "hard", 0.1, 5);
	rt_terms_add(&b, "soft", 0.9, 4);
	assert_close(rt_terms_total(&a), 1.1, 1e-12);
	assert_int_equal(strlen(a.term[1].name), RT_TERM_NAME - 1);
	rt_terms_average(&sum, 0, &a, 64);
	rt_terms_average(&sum, 64, &b, 32);
	assert_close(sum.term[0].value, 3, 1e-12);
	assert_close(sum.term[1].value, 2, 1e-12);
	assert_true(sum.term[1].weight == 0.9);
}

/* --- schedules ---------------------------------------------------------------------------- */

static double factor(const char *name, const char *milestones, double epoch, double total,
		     double warmup)
{
	const struct rt_row *row = rt_list_find(&rt_schedules, name);
	void *params;
	struct rt_err err;
	double f;

	assert_non_null(row);
	params = rt_alloc(1, row->params_size);
	rt_params_init(row, params);
	if (milestones)
		assert_ok(rt_opt_parse(rt_opt_find(row, "milestones"), params, milestones, &err));
	f = rt_schedule_factor((const struct rt_schedule *)row, params, epoch, total, warmup);
	rt_params_release(row, params);
	free(params);
	return f;
}

static void schedules_have_known_values(void **state)
{
	(void)state;
	assert_true(factor("constant", NULL, 7.5, 10, 0) == 1);
	assert_true(factor("step", NULL, 4.99, 10, 0) == 1);
	assert_close(factor("step", NULL, 5, 10, 0), 0.1, 1e-12);
	assert_close(factor("step", NULL, 7.5, 10, 0), 0.01, 1e-12);
	assert_true(factor("step", "2 3", 1.99, 10, 0) == 1);
	assert_close(factor("step", "2 3", 2, 10, 0), 0.1, 1e-12);
	assert_close(factor("step", "3 2", 9, 10, 0), 0.01, 1e-12);
	assert_close(factor("cosine", NULL, 0, 10, 0), 1, 1e-12);
	assert_close(factor("cosine", NULL, 2.5, 10, 0), (1 + sqrt(0.5)) / 2, 1e-12);
	assert_close(factor("cosine", NULL, 5, 10, 0), 0.5, 1e-12);
	assert_close(factor("cosine", NULL, 10, 10, 0), 0, 1e-12);
	assert_close(factor("linear", NULL, 2.5, 10, 0), 0.75, 1e-12);
	/* beyond the end, or without one */
	assert_close(factor("cosine", NULL, 12, 10, 0), 0, 1e-12);
	assert_close(factor("linear", NULL, 12, 10, 0), 0, 1e-12);
	assert_close(factor("linear", NULL, 0, 0, 0), 0, 1e-12);
}

static void warming_up_rises_to_the_schedule(void **state)
{
	double before = 0;

	(void)state;
	for (double e = 0; e < 2; e += 0.25) {
		double f = factor("constant", NULL, e, 10, 2);

		assert_true(f > before && f < 1);
		assert_close(f, e / 2, 1e-3);
		before = f;
	}
	assert_true(factor("constant", NULL, 2, 10, 2) == 1);
	assert_close(factor("cosine", NULL, 5, 10, 2), 0.5, 1e-12);
}

/* --- metrics ------------------------------------------------------------------------------ */

/* Logits of two classes with probability p of class 1. */
static void set_odds(float *z, double p)
{
	z[0] = 0;
	z[1] = (float)log(p / (1 - p));
}

/* Confidences 0.9 (right), 0.92 (wrong), 0.6 (right), 0.55 (right): bins 13, 13, 9, 8 of 15;
 * ECE = (|1 - 1.82| + |1 - 0.6| + |1 - 0.55|) / 4. */
static void calibration_error_by_hand(void **state)
{
	static const int32_t label[4] = {1, 0, 0, 1};
	struct rt_data *d = toy_labels(4, label, 2);
	struct rt_metrics m;
	float z[8];

	(void)state;
	set_odds(z, 0.9);
	set_odds(z + 2, 0.92);
	set_odds(z + 4, 0.4);
	set_odds(z + 6, 0.55);
	rt_metrics_eval(&m, d, NULL, 4, z);
	assert_close(m.ece, (0.82 + 0.4 + 0.45) / 4, 1e-6);
	assert_true(m.accuracy == 0.75);
	assert_true(rt_metrics_score(&m) == 75);
	assert_true(isnan(m.top5));
	assert_close(m.loss, -(log(0.9) + log(0.08) + log(0.6) + log(0.55)) / 4, 1e-6);
	/* score of class 1: positives .9 .55, negatives .92 .4 -> 2 of 4 pairs */
	assert_close(m.auc, 0.5, 1e-12);
	rt_metrics_release(&m);
	rt_data_unref(d);
}

static void auc_counts_pairs_and_ties_half(void **state)
{
	static const double score[4] = {0.1, 0.4, 0.35, 0.8};
	static const double ties[4] = {1, 2, 2, 3}, equal[4] = {7, 7, 7, 7};
	static const int label[4] = {0, 0, 1, 1}, swapped[4] = {1, 1, 0, 0}, one[4] = {1, 1, 1, 1};

	(void)state;
	assert_true(rt_auc(score, label, 4) == 0.75);
	assert_true(rt_auc(score, swapped, 4) == 0.25);
	assert_true(rt_auc(ties, label, 4) == 0.875);
	assert_true(rt_auc(equal, label, 4) == 0.5);
	assert_true(isnan(rt_auc(score, one, 4)));
	assert_true(isnan(rt_auc(score, label, 2)));
	assert_true(isnan(rt_auc(NULL, NULL, 0)));
}

/* Six classes: the label is first, fifth, sixth, and fifth by a tie that its number wins or loses.
 */
static void top_five_and_confusion_by_hand(void **state)
{
	static const int32_t label[5] = {2, 4, 5, 4, 5};
	static const float z[30] = {
		0, 0, 9, 0, 0, 0,  5, 4, 3, 2, 1, 0,  5, 4, 3, 2, 1, 0,
		5, 4, 3, 2, 1, 1,  5, 4, 3, 2, 1, 1,
	};
	struct rt_data *d = toy_labels(5, label, 6);
	struct rt_metrics m;

	(void)state;
	rt_metrics_eval(&m, d, NULL, 5, z);
	assert_close(m.accuracy, 0.2, 1e-12);
	assert_close(m.top5, 0.6, 1e-12);
	assert_int_equal(m.confusion[2 * 6 + 2], 1);
	assert_int_equal(m.confusion[4 * 6 + 0], 2);
	assert_int_equal(m.confusion[5 * 6 + 0], 2);
	assert_true(m.recall[2] == 1 && m.precision[2] == 1);
	assert_true(m.recall[4] == 0 && isnan(m.precision[4]));	/* never predicted */
	assert_true(isnan(m.recall[0]) && m.precision[0] == 0);	/* never the label */
	rt_metrics_release(&m);
	rt_data_unref(d);
}

/* Only the samples asked for count. */
static void metrics_follow_the_index(void **state)
{
	static const int32_t label[4] = {0, 1, 0, 1}, index[2] = {3, 0};
	static const float z[4] = {0, 1, 1, 0};
	struct rt_data *d = toy_labels(4, label, 2);
	struct rt_metrics m;

	(void)state;
	rt_metrics_eval(&m, d, index, 2, z);
	assert_true(m.accuracy == 1);
	assert_int_equal(m.n, 2);
	rt_metrics_release(&m);
	rt_data_unref(d);
}

/* Targets 1 2 3 4, predictions off by .1 -.1 .2 -.2: SSE 0.1, total 5. */
static void regression_is_told_in_raw_units(void **state)
{
	static const float target[4] = {1, 2, 3, 4}, off[4] = {0.1f, -0.1f, 0.2f, -0.2f};
	struct rt_data *d = toy_targets(4, target);
	struct rt_metrics m;
	float z[4];

	(void)state;
	d->y_scale = 0.5f;
	d->y_shift = -3;
	for (int i = 0; i < 4; i++)
		z[i] = (target[i] + off[i]) * d->y_scale + d->y_shift;
	rt_metrics_eval(&m, d, NULL, 4, z);
	assert_close(m.rmse, sqrt(0.025), 1e-5);
	assert_close(m.mae, 0.15, 1e-5);
	assert_close(m.r2, 0.98, 1e-5);
	assert_close(m.loss, 0.025 * 0.25, 1e-5);
	assert_true(rt_metrics_score(&m) == m.rmse);
	rt_metrics_release(&m);
	rt_data_unref(d);
}

static void agreement_counts_equal_answers(void **state)
{
	static const float a[6] = {1, 0, 0, 2, 3, 1}, b[6] = {9, 0, 1, 0, 0, 4};
	double kl, one = rt_kl_logits(a, b, 2, 1), two = rt_kl_logits(a + 2, b + 2, 2, 1);

	(void)state;
	assert_close(rt_agreement(a, b, 3, 2, &kl), 1. / 3, 1e-12);
	assert_close(kl, (one + two + rt_kl_logits(a + 4, b + 4, 2, 1)) / 3, 1e-12);
	assert_true(rt_agreement(a, a, 3, 2, &kl) == 1);
	assert_close(kl, 0, 1e-12);
	assert_true(isnan(rt_agreement(a, b, 0, 2, &kl)) && isnan(kl));
	assert_int_equal(rt_argmax(((float[]){1, 3, 3}), 3), 1);	/* the first of equals */
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cross_entropy_is_that_of_pytorch),
		cmocka_unit_test(soft_kl_is_that_of_pytorch),
		cmocka_unit_test(mean_square_is_that_of_pytorch),
		cmocka_unit_test(gradients_are_the_slopes_and_are_added),
		cmocka_unit_test(logits_of_any_size_give_finite_losses),
		cmocka_unit_test(softened_probabilities_sum_to_one_and_even_out),
		cmocka_unit_test(divergence_is_zero_only_for_the_same),
		cmocka_unit_test(terms_are_weighted_and_averaged_over_samples),
		cmocka_unit_test(schedules_have_known_values),
		cmocka_unit_test(warming_up_rises_to_the_schedule),
		cmocka_unit_test(calibration_error_by_hand),
		cmocka_unit_test(auc_counts_pairs_and_ties_half),
		cmocka_unit_test(top_five_and_confusion_by_hand),
		cmocka_unit_test(metrics_follow_the_index),
		cmocka_unit_test(regression_is_told_in_raw_units),
		cmocka_unit_test(agreement_counts_equal_answers),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
