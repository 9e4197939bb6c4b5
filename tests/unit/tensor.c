/* tensor.c - pools, softmax and the geometry they share, by their definitions. */
#include "config.h"

#include "tests/unit/isas.h"
#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/parallel.h"
#include "tensor/pool.h"
#include "tensor/softmax.h"

#include <math.h>

/* window.h */

static void window_spans_are_the_taps_inside(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 1);
	for (int round = 0; round < 200; round++) {
		struct rt_window w = draw_window();

		for (int64_t k = 0; k < w.kernel[1]; k++) {
			int64_t lo, hi;

			rt_window_span(&w, 1, k, &lo, &hi);
			assert_true(0 <= lo && lo <= hi && hi <= w.out[1]);
			for (int64_t o = 0; o < w.out[1]; o++) {
				int64_t at = o * w.stride[1] + k * w.dilation[1] - w.pad[1];

				assert_int_equal(o >= lo && o < hi, at >= 0 && at < w.in[1]);
			}
		}
	}
}

/* pool.c */

/* Taps of output (p, q) that lie inside; the best of them and their sum. */
struct taps {
	int64_t inside, best;
	double sum;
};

static struct taps taps_of(const struct rt_window *w, const float *x, int64_t p, int64_t q)
{
	struct taps t = {.best = -1};

	for (int64_t k = 0; k < w->kernel[0] * w->kernel[1]; k++) {
		int64_t h = p * w->stride[0] + k / w->kernel[1] * w->dilation[0] - w->pad[0];
		int64_t v = q * w->stride[1] + k % w->kernel[1] * w->dilation[1] - w->pad[1];
		int64_t at = h * w->in[1] + v;

		if (h < 0 || h >= w->in[0] || v < 0 || v >= w->in[1])
			continue;
		t.inside++;
		t.sum += (double)x[at];
		if (t.best < 0 || x[at] > x[t.best])
			t.best = at;
	}
	return t;
}

static void check_maxpool(const struct rt_pool *g, const float *x)
{
	const int64_t HW = g->win.in[0] * g->win.in[1], PQ = g->win.out[0] * g->win.out[1];
	float *y = filled(g->planes * PQ, NAN), *bare = filled(g->planes * PQ, NAN);
	int32_t *arg = rt_alloc((size_t)(g->planes * PQ), sizeof(*arg));

	rt_maxpool(g, y, arg, x);
	rt_maxpool(g, bare, NULL, x);
	assert_memory_equal(y, bare, (size_t)(g->planes * PQ) * sizeof(*y));
	for (int64_t i = 0; i < g->planes * PQ; i++) {
		const float *plane = x + i / PQ * HW;
		struct taps t = taps_of(&g->win, plane, i % PQ / g->win.out[1], i % g->win.out[1]);

		assert_int_equal(arg[i], t.best);
		assert_true(t.best < 0 ? isinf(y[i]) : y[i] == plane[t.best]);
	}
	free(y);
	free(bare);
	free(arg);
}

static void check_nan_wins(const struct rt_pool *g, const float *x)
{
	const struct rt_window *w = &g->win;
	const int64_t PQ = w->out[0] * w->out[1];
	float *y = filled(g->planes * PQ, 0);
	int32_t *arg = rt_alloc((size_t)(g->planes * PQ), sizeof(*arg));

	rt_maxpool(g, y, arg, x);
	for (int64_t i = 0; i < g->planes * PQ; i++) {
		const float *plane = x + i / PQ * w->in[0] * w->in[1];
		const float *a = plane + i % PQ / w->out[1] * 2 * w->in[1] + i % w->out[1] * 2;
		bool any = isnan(a[0]) || isnan(a[1]) || isnan(a[w->in[1]]) ||
			   isnan(a[w->in[1] + 1]);

		assert_int_equal(isnan(y[i]), any);
		assert_true(any ? isnan(plane[arg[i]]) : plane[arg[i]] == y[i]);
	}
	free(y);
	free(arg);
}

static void check_avgpool(struct rt_pool *g, const float *x)
{
	const int64_t HW = g->win.in[0] * g->win.in[1], PQ = g->win.out[0] * g->win.out[1];
	float *y = filled(g->planes * PQ, NAN);

	g->win.dilation[0] = g->win.dilation[1] = 1;
	for (int count = 0; count < 2; count++) {
		g->count_pads = count;
		rt_avgpool(g, y, x);
		for (int64_t i = 0; i < g->planes * PQ; i++) {
			struct taps t = taps_of(&g->win, x + i / PQ * HW, i % PQ / g->win.out[1],
						i % g->win.out[1]);
			int64_t n = count ? g->win.kernel[0] * g->win.kernel[1] : t.inside;

			assert_close(y[i], t.sum / (double)n, 1e-6);
		}
	}
	free(y);
}

static void pools_agree_with_their_definition(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 7);
	rt_threads_set(2);
	for (int round = 0; round < 200; round++) {
		struct rt_pool g = {.planes = between(1, 4), .win = draw_window()};
		float *x = draw(g.planes * g.win.in[0] * g.win.in[1]);

		check_maxpool(&g, x);
		check_avgpool(&g, x);
		free(x);
	}
}

/* Windows side by side, with equal elements in most of them and none a number in some. */
static void maxima_of_fours_are_the_first_of_equals(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 17);
	for (int round = 0; round < 60; round++) {
		const int64_t H = between(2, 9), W = between(2, 90);
		struct rt_pool g = {.planes = 3, .win = {
			.in = {H, W}, .out = {H / 2, W / 2}, .kernel = {2, 2}, .stride = {2, 2},
			.dilation = {1, 1},
		}};
		float *x = draw(g.planes * H * W);

		for (int64_t i = 0; i < g.planes * H * W; i++)
			x[i] = roundf(2 * x[i]);
		check_maxpool(&g, x);
		for (int64_t i = 0; i < g.planes * H * W; i += 7)
			x[i] = NAN;
		check_nan_wins(&g, x);
		free(x);
	}
}

static void run_pools(float *out, const float *x, const float *dy)
{
	const struct rt_pool g = {.planes = 64, .win = square(28, 3, 2, 1)};
	static int32_t arg[64 * 14 * 14];

	rt_maxpool(&g, out, arg, x);
	rt_maxpool_backward(&g, out + 64 * 196, arg, dy);
	rt_avgpool_backward(&g, out + 64 * 196, dy);
}

static void pools_do_not_depend_on_threads(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 8);
	same_for_any_threads(run_pools, 64 * 784, 64 * (196 + 784));
}

/* softmax.c */

static void softmax_sums_to_one_and_log_softmax_is_its_logarithm(void **state)
{
	const int64_t A = 50, D = 37, B = 29;
	float *x = filled(A * D * B, 0), *y = filled(A * D * B, NAN), *l = filled(A * D * B, NAN);

	(void)state;
	rt_rng_seed(&draw_rng, 9);
	rt_threads_set(3);
	for (int64_t i = 0; i < A * D * B; i++)
		x[i] = (float)(480 + 40 * rt_rng_uniform(&draw_rng));
	rt_softmax(A, D, B, y, x);
	rt_log_softmax(A, D, B, l, x);
	for (int64_t i = 0; i < A * B; i++) {
		double sum = 0;

		for (int64_t d = 0; d < D; d++) {
			int64_t at = (i / B * D + d) * B + i % B;

			sum += (double)y[at];
			assert_close(y[at], exp((double)l[at]), 1e-5);
		}
		assert_close(sum, 1, 1e-6);
	}
	free(x);
	free(y);
	free(l);
}

/* parallel.h */

static void slices_cover_everything_once(void **state)
{
	(void)state;
	for (int64_t items = 0; items < 40; items++) {
		for (int n = 1; n < 9; n++) {
			assert_int_equal(rt_slice(items, 0, n), 0);
			assert_int_equal(rt_slice(items, n, n), items);
			for (int t = 0; t < n; t++) {
				int64_t size = rt_slice(items, t + 1, n) - rt_slice(items, t, n);

				assert_true(size == items / n || size == items / n + 1);
			}
		}
	}
	rt_threads_set(4);
	assert_int_equal(rt_split(100, 1000), 1);
	assert_int_equal(rt_split(3, 1000000000), 3);
	assert_int_equal(rt_split(100, 1000000000), 4);
}

static int cases(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_spans_are_the_taps_inside),
		cmocka_unit_test(pools_agree_with_their_definition),
		cmocka_unit_test(maxima_of_fours_are_the_first_of_equals),
		cmocka_unit_test(pools_do_not_depend_on_threads),
		cmocka_unit_test(softmax_sums_to_one_and_log_softmax_is_its_logarithm),
		cmocka_unit_test(slices_cover_everything_once),
		cmocka_unit_test(agrees_on_lesser_instruction_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	unit_args(argc, argv);
	run_lesser_isas(cases);
	return cases();
}
