/* measures.c - measures of two maps, curves of one, and maps as pictures. */
#include "config.h"

#include "tests/unit/explain_ask.h"
#include "explain/measure.h"
#include "base/mem.h"

#include <math.h>

/* rt_measure_eval() with options as words. */
static struct rt_measured measure(const char *name, const char *opts, const float *a,
				  const float *b, int64_t h, int64_t w)
{
	const struct rt_measure *m = rt_measure_find(name);
	struct rt_two_maps maps = {a, b, h, w};
	char *text = rt_strdup(opts), *word[8], *rest = text;
	void *params = rt_alloc(1, m->row.params_size);
	struct rt_measured r;
	int n = 0;

	while (n < 8 && (word[n] = strtok_r(rest, " ", &rest)))
		n++;
	rt_params_init(&m->row, params);
	assert_ok(rt_params_parse(&m->row, params, n, (const char *const *)word, &err));
	r = rt_measure_eval(m, &maps, params);
	rt_params_release(&m->row, params);
	free(params);
	free(text);
	return r;
}

static double value(const char *name, const char *opts, const float *a, const float *b, int64_t h,
		    int64_t w)
{
	struct rt_measured r = measure(name, opts, a, b, h, w);

	assert_null(r.note);
	return r.value;
}

/* Two maps of 10 x 12; rounded: full of ties. */
static void two_waves(float *a, float *b, bool rounded)
{
	for (int i = 0; i < 120; i++) {
		a[i] = (float)sin(0.7 * i + 0.1);
		b[i] = (float)(0.8 * sin(0.7 * i + 0.1) + 0.6 * sin(1.9 * i));
		if (rounded) {
			a[i] = rintf(4 * a[i]);
			b[i] = rintf(4 * b[i]);
		}
	}
}

static void rows_are_complete(void **state)
{
	(void)state;
	for (int i = 0; i < rt_measures.n; i++) {
		const struct rt_measure *m = (const struct rt_measure *)rt_measures.rows[i];

		assert_ok(rt_row_check(&m->row, &err));
		assert_non_null(m->eval);
		assert_non_null(m->source);
	}
	for (int i = 0; i < rt_curves.n; i++) {
		const struct rt_curve_row *c = (const struct rt_curve_row *)rt_curves.rows[i];

		assert_ok(rt_row_check(&c->row, &err));
		assert_non_null(c->run);
		assert_non_null(c->source);
	}
}

/* Worked out by hand for teacher T and student S; one window of all five for SSIM. */
static void five_features(void **state)
{
	static const float T[5] = {.5f, -.2f, .3f, .1f, 0}, S[5] = {.4f, -.3f, .1f, .2f, .05f};

	(void)state;
	assert_close(value("cosine", "", T, S, 1, 5), .90254050, 1e-7);
	assert_close(value("pearson", "", T, S, 1, 5), .89300704, 1e-7);
	assert_close(value("spearman", "", T, S, 1, 5), .9, 1e-12);
	assert_close(value("topk_iou", "-top 60", T, S, 1, 5), .5, 1e-12);
	assert_close(value("feature_agreement", "-top 60", T, S, 1, 5), 2.0 / 3, 1e-12);
	assert_close(value("rank_agreement", "-top 60", T, S, 1, 5), 1.0 / 3, 1e-12);
	assert_close(value("sign_agreement", "-top 60", T, S, 1, 5), 2.0 / 3, 1e-12);
	assert_close(value("signed_rank_agreement", "-top 60", T, S, 1, 5), 1.0 / 3, 1e-12);
	assert_close(value("ssim", "-window 0", T, S, 1, 5), .81181238, 1e-7);
}

/* Quantus tests/functions/test_similarity_func.py, test_loss_func.py, test_norm_func.py. */
static void answers_of_quantus(void **state)
{
	static const float a[3] = {-1, 1, 1}, b[3] = {0, 0, 2};
	static const float n[5] = {1, 2, 3, 4, 10}, zero[5] = {0};

	(void)state;
	assert_close(value("pearson", "", a, b, 1, 3), .5, 1e-12);
	assert_close(value("spearman", "", a, b, 1, 3), .5, 1e-12);
	assert_close(value("kendall", "", a, b, 1, 3), .5, 1e-12);
	assert_close(value("l2", "", a, b, 1, 3), 1.7320508, 1e-7);
	assert_close(value("cosine", "", a, b, 1, 3), .57735, 1e-5);
	assert_close(value("l2", "", n, zero, 1, 5), 11.40175425099138, 1e-12);
}

/* scipy 1.17 stats, scikit-image 0.26 structural_similarity, numpy. */
static void answers_of_scipy(void **state)
{
	float a[120], b[120];

	(void)state;
	two_waves(a, b, false);
	assert_close(value("pearson", "", a, b, 10, 12), 0.7999491246760451, 1e-9);
	assert_close(value("pearson", "-absolute yes", a, b, 10, 12), 0.38682020633282604, 1e-9);
	assert_close(value("spearman", "", a, b, 10, 12), 0.7960066671296616, 1e-12);
	assert_close(value("kendall", "", a, b, 10, 12), 0.5837535014005601, 1e-12);
	assert_close(value("cosine", "", a, b, 10, 12), 0.8000359454691872, 1e-9);
	assert_close(value("l2", "", a, b, 10, 12), 4.891214145398819, 1e-9);
	assert_close(value("ssim", "", a, b, 10, 12), 0.7782606882933808, 1e-9);
	assert_close(value("ssim", "-window 3", a, b, 10, 12), 0.759421196751313, 1e-9);
	assert_close(value("topk_iou", "", a, b, 10, 12), 1.0 / 7, 1e-9);
	assert_close(value("feature_agreement", "", a, b, 10, 12), 0.25, 1e-9);
	assert_close(value("rank_agreement", "-top 20", a, b, 10, 12), 1.0 / 24, 1e-9);
	assert_close(value("sign_agreement", "-top 20", a, b, 10, 12), 11.0 / 24, 1e-9);
	two_waves(a, b, true);
	assert_close(value("spearman", "", a, b, 10, 12), 0.8034337791344411, 1e-12);
	assert_close(value("kendall", "", a, b, 10, 12), 0.6619110915995237, 1e-12);
	assert_close(value("kendall", "-absolute yes", a, b, 10, 12), 0.3027035672474431, 1e-12);
}

/* Every measure gives its promised value for a map and itself, and does not care which comes
 * first. */
static void equal_maps_agree_fully(void **state)
{
	float a[120], b[120];

	(void)state;
	for (int rounded = 0; rounded < 2; rounded++) {
		two_waves(a, b, rounded);
		for (int i = 0; i < rt_measures.n; i++) {
			const struct rt_measure *m = (const struct rt_measure *)rt_measures.rows[i];
			const char *name = m->row.name;

			assert_close(value(name, "", a, a, 10, 12), m->same, 1e-12);
			assert_close(value(name, "", a, b, 10, 12), value(name, "", b, a, 10, 12),
				     1e-12);
		}
	}
}

static int sign_of(float x)
{
	return (x > 0) - (x < 0);
}

/* The fast Kendall against its definition, over pairs. */
static void kendall_counts_pairs(void **state)
{
	float a[40], b[40];
	struct rt_rng rng;

	(void)state;
	rt_rng_seed(&rng, 3);
	for (int n = 2; n <= 40; n++) {
		double s = 0, na = 0, nb = 0;
		struct rt_measured r;

		for (int i = 0; i < n; i++) {
			a[i] = (float)rt_rng_below(&rng, 6);
			b[i] = (float)rt_rng_below(&rng, 9) - a[i];
		}
		for (int i = 0; i < n; i++)
			for (int k = 0; k < i; k++) {
				s += sign_of(a[i] - a[k]) * sign_of(b[i] - b[k]);
				na += a[i] != a[k];
				nb += b[i] != b[k];
			}
		r = measure("kendall", "", a, b, 1, n);
		assert_close(r.value, na && nb ? s / sqrt(na * nb) : 0, 1e-12);
	}
}

/* Where a measure has no answer it says so. */
static void conventions_are_flagged(void **state)
{
	static const float zero[9] = {0}, five[9] = {5, 5, 5, 5, 5, 5, 5, 5, 5};
	static const float some[9] = {0, 0, 3, 0, 0, 0, 0, 0, 0}, bad[9] = {1, NAN};
	static const char *const corr[] = {"pearson", "spearman", "kendall"};
	struct rt_measured r;

	(void)state;
	r = measure("cosine", "", zero, some, 3, 3);
	assert_true(r.value == 0);
	assert_string_equal(r.note, "a map is all zero");
	for (int i = 0; i < 3; i++) {
		r = measure(corr[i], "", five, some, 3, 3);
		assert_true(r.value == 0);
		assert_string_equal(r.note, "a map has one value everywhere");
	}
	r = measure("topk_iou", "-top 50", some, some, 3, 3);
	assert_true(r.value == 1);
	assert_non_null(strstr(r.note, "fewer than k"));
	r = measure("feature_agreement", "-top 50", zero, zero, 3, 3);
	assert_true(r.value == 0);
	assert_string_equal(r.note, "both maps are all zero");
	r = measure("ssim", "", some, five, 3, 3);
	assert_true(isnan(r.value));
	assert_non_null(strstr(r.note, "smaller than the window"));
	r = measure("l2", "", some, bad, 3, 3);
	assert_true(isnan(r.value));
	assert_non_null(strstr(r.note, "NaN"));
	r = measure("l2", "", some, some, 0, 3);
	assert_true(isnan(r.value));
}

/* --- curves ------------------------------------------------------------------------------- */

/* f = 4a + 3b + 2c + d at (1,1,1,1): 10 6 3 1 0 while deleting, 0 4 7 9 10 while inserting. */
static void curves_of_a_linear_model(void **state)
{
	static const float w[4] = {4, 3, 2, 1}, x[4] = {1, 1, 1, 1};
	static const double deleted[5] = {10, 6, 3, 1, 0}, inserted[5] = {0, 4, 7, 9, 10};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(4)};
	struct rt_attribution a;
	struct rt_curve c;

	(void)state;
	q.graph = net_linear(4, w);
	assert_ok(explain(&a, "grad_times_input", &q, ""));
	assert_ok(rt_curve_run(&c, rt_curve_find("deletion"), &q, &a, NULL, &err));
	assert_int_equal(c.n, 5);
	for (int i = 0; i < 5; i++) {
		assert_close(c.value[i], deleted[i], 1e-6);
		assert_close(c.fraction[i], i / 4.0, 1e-12);
	}
	assert_close(c.auc / 10, .375, 1e-6);
	rt_curve_release(&c);
	assert_ok(rt_curve_run(&c, rt_curve_find("insertion"), &q, &a, NULL, &err));
	for (int i = 0; i < 5; i++)
		assert_close(c.value[i], inserted[i], 1e-6);
	assert_close(c.auc / 10, .625, 1e-6);
	rt_curve_release(&c);
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

/* Whatever the ranking, a curve begins and ends where it must; pixels go with all their
 * channels. */
static void curves_end_at_sample_and_baseline(void **state)
{
	struct rt_question q = ask_conv(), grey = ask_conv();
	struct rt_attribution a;
	struct rt_curve c;
	float half[72];
	double f_x, f_half;

	(void)state;
	for (int i = 0; i < 72; i++)
		half[i] = 0.5;
	q.graph = grey.graph = net_conv(NULL);
	grey.x = half;
	assert_ok(rt_explain_value(&f_x, &q, &err));
	assert_ok(rt_explain_value(&f_half, &grey, &err));
	assert_ok(explain(&a, "grad_cam", &q, ""));
	for (int i = 0; i < rt_curves.n; i++) {
		const struct rt_curve_row *row = (const struct rt_curve_row *)rt_curves.rows[i];
		const char *words[] = {"-steps", "7", "-value", "0.5"};
		void *params = rt_alloc(1, row->row.params_size);

		rt_params_init(&row->row, params);
		assert_ok(rt_params_parse(&row->row, params, 4, words, &err));
		assert_ok(rt_curve_run(&c, row, &q, &a, params, &err));
		assert_int_equal(c.n, 8);
		assert_close(c.value[0], row->rises ? f_half : f_x, 1e-6);
		assert_close(c.value[7], row->rises ? f_x : f_half, 1e-6);
		assert_true(c.fraction[0] == 0 && c.fraction[7] == 1);
		rt_curve_release(&c);
		rt_params_release(&row->row, params);
		free(params);
	}
	rt_attribution_release(&a);
	rt_graph_free(q.graph);
}

static void curves_want_a_map_of_the_sample(void **state)
{
	static const float w[4] = {4, 3, 2, 1}, x[4] = {1, 1, 1, 1};
	struct rt_question q = {.x = x, .shape = RT_SHAPE(4)};
	float map[9] = {0};
	struct rt_attribution a = {.shape = RT_SHAPE(3, 3), .map = map};
	struct rt_curve c;

	(void)state;
	q.graph = net_linear(4, w);
	assert_fails(rt_curve_run(&c, rt_curve_find("deletion"), &q, &a, NULL, &err), RT_ESHAPE,
		     "the map 3x3 ranks 9 pixels, the sample 4 has 4");
	assert_null(c.value);
	rt_graph_free(q.graph);
}

/* --- pictures ----------------------------------------------------------------------------- */

/* PyTorch 2.13: interpolate(mode="bilinear", align_corners=False), enlarging and shrinking. */
static void resizing_aligns_pixel_centres(void **state)
{
	static const float m[6] = {0, 1, 2, 3, 5, 8};
	static const double wide[10] = {0, .4, 1, 1.6, 2, 3, 3.8, 5, 6.8, 8};
	static const double small[2] = {1.875, 4.5};
	float *r = rt_map_resize(m, 2, 3, 2, 5);

	(void)state;
	assert_map(r, 10, wide, 1e-6);
	free(r);
	r = rt_map_resize(m, 2, 3, 1, 2);
	assert_map(r, 2, small, 1e-6);
	free(r);
	r = rt_map_resize(m, 2, 3, 2, 3);
	assert_memory_equal(r, m, sizeof(m));
	free(r);
}

static void planes_sum_channels(void **state)
{
	float map[8] = {1, 2, 3, 4, 10, 20, 30, -4};
	struct rt_attribution a = {.shape = RT_SHAPE(2, 2, 2), .map = map};
	int64_t h, w;
	float *p = rt_attribution_plane(&a, &h, &w);

	(void)state;
	assert_true(h == 2 && w == 2);
	assert_map(p, 4, (double[]){11, 22, 33, 0}, 1e-6);
	free(p);
	a.shape = RT_SHAPE(8);
	p = rt_attribution_plane(&a, &h, &w);
	assert_true(h == 1 && w == 8);
	assert_memory_equal(p, map, sizeof(map));
	free(p);
}

/* numpy.percentile over |values| of both maps; Quantus tests/functions/test_normalise_func.py for
 * the largest. */
static void clip_is_shared(void **state)
{
	static const float one[8] = {0, 1, 2, 3, 4, 4, 5, -1}, zero[3] = {0};
	static const double scaled[8] = {0, .2, .4, .6, .8, .8, 1, -.2};
	float a[120], b[120], sparse[200] = {[7] = -3}, clip;
	const float *both[2] = {a, b}, *p = one;
	int64_t n[2] = {120, 120}, eight = 8;

	(void)state;
	two_waves(a, b, false);
	assert_close(rt_map_clip(both, n, 2, RT_MAP_PERCENTILE), 1.36312005162239, 1e-6);
	clip = rt_map_clip(&p, &eight, 1, 100);
	for (int i = 0; i < 8; i++)
		assert_close(one[i] / clip, scaled[i], 1e-7);
	p = sparse;
	assert_close(rt_map_clip(&p, &(int64_t){200}, 1, 99), 3, 1e-7);
	p = zero;
	assert_true(rt_map_clip(&p, &(int64_t){3}, 1, 99) == 0);
	assert_true(rt_map_clip(&p, n, 0, 99) == 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(five_features),
		cmocka_unit_test(answers_of_quantus),
		cmocka_unit_test(answers_of_scipy),
		cmocka_unit_test(equal_maps_agree_fully),
		cmocka_unit_test(kendall_counts_pairs),
		cmocka_unit_test(conventions_are_flagged),
		cmocka_unit_test(curves_of_a_linear_model),
		cmocka_unit_test(curves_end_at_sample_and_baseline),
		cmocka_unit_test(curves_want_a_map_of_the_sample),
		cmocka_unit_test(resizing_aligns_pixel_centres),
		cmocka_unit_test(planes_sum_channels),
		cmocka_unit_test(clip_is_shared),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
