/* tensor.c - tensors and kernels: the fast against the slow and obvious. */
#include "config.h"

#include "tests/unit/unit.h"
#include "tests/ops/reference.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/sys.h"
#include "tensor/conv.h"
#include "tensor/norm.h"
#include "tensor/parallel.h"
#include "tensor/pool.h"
#include "tensor/softmax.h"

#include <math.h>

static struct rt_rng rng;

/* n numbers in [-1, 1), in memory of exactly that size. */
static float *draw(int64_t n)
{
	float *v = rt_alloc((size_t)n, sizeof(*v));

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(2 * rt_rng_uniform(&rng) - 1);
	return v;
}

static float *filled(int64_t n, float value)
{
	float *v = rt_alloc((size_t)n, sizeof(*v));

	for (int64_t i = 0; i < n; i++)
		v[i] = value;
	return v;
}

static int64_t between(int64_t lo, int64_t hi)
{
	return lo + (int64_t)rt_rng_below(&rng, (uint64_t)(hi - lo + 1));
}

/* The work space of n bytes, holding NaN, so that reading what was not written shows. */
static void *spoiled(size_t n)
{
	void *work = rt_alloc(n ? n : 1, 1);

	memset(work, 0xFF, n);
	return work;
}

/* Fills the output sizes; false when a window does not fit. */
static bool finish_window(struct rt_window *w)
{
	for (int i = 0; i < 2; i++) {
		int64_t room = w->in[i] + w->pad[i] + w->pad_end[i] -
			       (w->kernel[i] - 1) * w->dilation[i] - 1;

		if (room < 0)
			return false;
		w->out[i] = room / w->stride[i] + 1;
	}
	return true;
}

static struct rt_window draw_window(void)
{
	struct rt_window w;

	do {
		for (int i = 0; i < 2; i++) {
			w.in[i] = between(1, 9);
			w.kernel[i] = between(1, 4);
			w.stride[i] = between(1, 3);
			w.dilation[i] = between(1, 2);
			w.pad[i] = between(0, w.kernel[i] - 1);
			w.pad_end[i] = between(0, w.kernel[i] - 1);
		}
	} while (!finish_window(&w));
	return w;
}

/* A size x size image, k x k taps, the same step and padding on all sides. */
static struct rt_window square(int64_t size, int64_t k, int64_t stride, int64_t pad)
{
	struct rt_window w = {{size, size}, {0, 0}, {k, k}, {stride, stride}, {1, 1}, {pad, pad},
			      {pad, pad}};

	assert_true(finish_window(&w));
	return w;
}

/* window.h */

static void window_spans_are_the_taps_inside(void **state)
{
	(void)state;
	rt_rng_seed(&rng, 1);
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

/* conv.c, conv_depthwise.c, conv_gemm.c */

struct conv_case {
	struct rt_conv g;
	int64_t nx, nw, ny;
	float *x, *w, *b, *dy;
};

static struct conv_case conv_case(struct rt_conv g)
{
	const struct rt_window *w = &g.win;
	struct conv_case c = {
		.g = g,
		.nx = g.N * g.C * w->in[0] * w->in[1],
		.nw = g.K * (g.C / g.groups) * w->kernel[0] * w->kernel[1],
		.ny = g.N * g.K * w->out[0] * w->out[1],
	};

	c.x = draw(c.nx);
	c.w = draw(c.nw);
	c.b = draw(g.K);
	c.dy = draw(c.ny);
	return c;
}

static void conv_case_release(struct conv_case *c)
{
	free(c->x);
	free(c->w);
	free(c->b);
	free(c->dy);
}

/* got = before + wanted to within the rounding of sums of `terms` products. */
static void assert_sums(const struct rt_conv *g, const char *what, const float *got, float before,
			const double *wanted, int64_t n, int64_t terms)
{
	double tol = 1e-6 * (4 + sqrt((double)terms) * 4);

	for (int64_t i = 0; i < n; i++)
		if (!(fabs((double)got[i] - before - wanted[i]) <= tol))
			fail_msg("%s, %s: x %lldx%lldx%lldx%lld, %lld filters %lldx%lld, %lld groups: "
				 "element %lld is %.7g, wanted %.7g", rt_conv_kernel_name(g), what,
				 (long long)g->N, (long long)g->C, (long long)g->win.in[0],
				 (long long)g->win.in[1], (long long)g->K,
				 (long long)g->win.kernel[0], (long long)g->win.kernel[1],
				 (long long)g->groups, (long long)i, (double)got[i] - before, wanted[i]);
}

static void check_conv_forward(const struct conv_case *c, const float *b)
{
	const struct rt_conv *g = &c->g;
	void *work = spoiled(rt_conv_work(g, false));
	float *y = filled(c->ny, NAN);
	double *wanted = rt_alloc((size_t)c->ny, sizeof(*wanted));

	rt_conv_forward(g, y, c->x, c->w, b, work);
	reference_conv(g, wanted, c->x, c->w, b);
	assert_sums(g, "forward", y, 0, wanted, c->ny, c->nw / g->K);
	free(wanted);
	free(y);
	free(work);
}

static void check_conv_backward(const struct conv_case *c)
{
	const struct rt_conv *g = &c->g;
	const int64_t PQ = g->win.out[0] * g->win.out[1];
	void *work = spoiled(rt_conv_work(g, true));
	float *dx = filled(c->nx, 0.5f), *dw = filled(c->nw, 0.25f), *db = filled(g->K, -0.5f);
	double *x = rt_alloc((size_t)c->nx, sizeof(*x)), *w = rt_alloc((size_t)c->nw, sizeof(*w));
	double *b = rt_alloc((size_t)g->K, sizeof(*b));

	rt_conv_backward_data(g, dx, c->dy, c->w, work);
	rt_conv_backward_weights(g, dw, c->dy, c->x, work);
	rt_conv_backward_bias(g, db, c->dy);
	reference_conv_backward(g, x, w, c->dy, c->x, c->w);
	for (int64_t i = 0; i < c->ny; i++)
		b[i / PQ % g->K] += (double)c->dy[i];
	assert_sums(g, "backward data", dx, 0.5f, x, c->nx, g->K * g->win.kernel[0] * g->win.kernel[1]);
	assert_sums(g, "backward weights", dw, 0.25f, w, c->nw, g->N * PQ);
	assert_sums(g, "backward bias", db, -0.5f, b, g->K, g->N * PQ);
	free(dx);
	free(dw);
	free(db);
	free(x);
	free(w);
	free(b);
	free(work);
}

static void check_conv(struct rt_conv g)
{
	for (int threads = 1; threads <= 3; threads++) {
		struct conv_case c = conv_case(g);

		rt_threads_set(threads);
		check_conv_forward(&c, c.b);
		check_conv_forward(&c, NULL);
		check_conv_backward(&c);
		conv_case_release(&c);
	}
}

static void conv_agrees_with_the_reference_on_small_shapes(void **state)
{
	(void)state;
	rt_rng_seed(&rng, 2);
	for (int round = 0; round < 150; round++) {
		int64_t groups = between(1, 3);

		check_conv((struct rt_conv){.N = between(1, 5), .C = groups * between(1, 3),
					    .K = groups * between(1, 3), .groups = groups,
					    .win = draw_window()});
	}
}

/* Large enough for threads, for tiles of several images, and for tiles of a few rows. */
static void conv_agrees_with_the_reference_on_large_shapes(void **state)
{
	const struct rt_conv cases[] = {
		{.N = 5, .C = 16, .K = 8, .groups = 1, .win = square(8, 3, 1, 1)},
		{.N = 1, .C = 6, .K = 16, .groups = 1, .win = square(14, 5, 1, 0)},
		{.N = 1, .C = 5, .K = 4, .groups = 1, .win = square(61, 3, 1, 1)},
		{.N = 3, .C = 4, .K = 6, .groups = 2, .win = square(37, 3, 2, 1)},
		{.N = 7, .C = 24, .K = 20, .groups = 1, .win = square(6, 1, 1, 0)},
		{.N = 1, .C = 24, .K = 20, .groups = 1, .win = square(30, 1, 1, 0)},
		{.N = 2, .C = 12, .K = 20, .groups = 1, .win = square(15, 1, 2, 0)},
		{.N = 3, .C = 20, .K = 20, .groups = 20, .win = square(20, 3, 1, 1)},
		{.N = 2, .C = 10, .K = 30, .groups = 10, .win = square(21, 5, 2, 2)},
		{.N = 2, .C = 1, .K = 20, .groups = 1, .win = square(28, 5, 1, 0)},
	};

	(void)state;
	rt_rng_seed(&rng, 3);
	for (size_t i = 0; i < RT_COUNT(cases); i++)
		check_conv(cases[i]);
}

static void conv_gives_the_same_bits_every_time(void **state)
{
	const struct rt_conv cases[] = {
		{.N = 9, .C = 16, .K = 8, .groups = 1, .win = square(16, 3, 1, 1)},
		{.N = 9, .C = 16, .K = 16, .groups = 16, .win = square(16, 3, 1, 1)},
	};

	(void)state;
	rt_rng_seed(&rng, 4);
	rt_threads_set(3);
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct conv_case c = conv_case(cases[i]);
		void *work = spoiled(rt_conv_work(&c.g, true));
		float *first[3], *again[3];
		int64_t n[3] = {c.ny, c.nx, c.nw};

		for (int k = 0; k < 20; k++) {
			float **to = k ? again : first;

			for (int a = 0; a < 3; a++)
				to[a] = filled(n[a], 1);
			rt_conv_forward(&c.g, to[0], c.x, c.w, c.b, work);
			rt_conv_backward_data(&c.g, to[1], c.dy, c.w, work);
			rt_conv_backward_weights(&c.g, to[2], c.dy, c.x, work);
			for (int a = 0; k && a < 3; a++) {
				assert_memory_equal(again[a], first[a], (size_t)n[a] * sizeof(float));
				free(again[a]);
			}
		}
		for (int a = 0; a < 3; a++)
			free(first[a]);
		free(work);
		conv_case_release(&c);
	}
}

static void conv_kernels_are_chosen_by_shape(void **state)
{
	struct rt_conv g = {.N = 1, .C = 8, .K = 16, .groups = 8, .win = square(8, 3, 1, 1)};

	(void)state;
	assert_string_equal(rt_conv_kernel_name(&g), "depthwise");
	g.groups = 4;
	assert_string_equal(rt_conv_kernel_name(&g), "im2col+gemm");
	assert_int_equal(rt_conv_macs(&g), 8 * 8 * 16 * 2 * 9);
}

/* norm.c */

/* Runs a function with one thread and with three; the bits must agree. */
static void same_for_any_threads(void (*run)(float *out, const float *x, const float *dy), int64_t n,
				 int64_t nout)
{
	float *x = draw(n), *dy = draw(n), *one = filled(nout, 0.5f), *three = filled(nout, 0.5f);

	rt_threads_set(1);
	run(one, x, dy);
	rt_threads_set(3);
	run(three, x, dy);
	assert_memory_equal(one, three, (size_t)nout * sizeof(float));
	free(x);
	free(dy);
	free(one);
	free(three);
}

static void check_batchnorm_stats(struct rt_batchnorm g)
{
	const int64_t n = g.N * g.P;
	float *x = draw(g.N * g.C * g.P), *mean = filled(g.C, NAN), *var = filled(g.C, NAN);

	for (int64_t i = 0; i < g.N * g.C * g.P; i++)
		x[i] = x[i] * 2 + 30;
	rt_batchnorm_stats(&g, mean, var, x);
	for (int64_t c = 0; c < g.C; c++) {
		double m = 0, v = 0;

		for (int64_t k = 0; k < n; k++)
			m += x[(k / g.P * g.C + c) * g.P + k % g.P];
		m /= (double)n;
		for (int64_t k = 0; k < n; k++)
			v += pow(x[(k / g.P * g.C + c) * g.P + k % g.P] - m, 2);
		assert_close(mean[c], m, 1e-6);
		assert_close(var[c], v / (double)n, 1e-5);
	}
	free(x);
	free(mean);
	free(var);
}

static void batchnorm_statistics_are_biased_moments(void **state)
{
	(void)state;
	rt_rng_seed(&rng, 5);
	rt_threads_set(2);
	check_batchnorm_stats((struct rt_batchnorm){4, 3, 5});
	check_batchnorm_stats((struct rt_batchnorm){500, 130, 1});
	check_batchnorm_stats((struct rt_batchnorm){8, 5, 1000});
	check_batchnorm_stats((struct rt_batchnorm){1, 1, 1});
}

static void run_batchnorm(float *out, const float *x, const float *dy)
{
	const struct rt_batchnorm g = {16, 10, 700};
	float mean[10], var[10], work[20], scale[10];

	rt_batchnorm_stats(&g, mean, var, x);
	for (int c = 0; c < 10; c++)
		scale[c] = 1 / sqrtf(var[c]);
	rt_batchnorm_apply(&g, out, x, mean, scale, scale, mean);
	rt_batchnorm_backward(&g, out, out + 16 * 10 * 700, out + 16 * 10 * 700 + 10, dy, x, mean, scale,
			      scale, true, work);
}

static void run_batchnorm_matrix(float *out, const float *x, const float *dy)
{
	const struct rt_batchnorm g = {400, 280, 1};
	float mean[280], var[280], work[560];

	rt_batchnorm_stats(&g, mean, var, x);
	rt_batchnorm_apply(&g, out, x, mean, var, var, mean);
	rt_batchnorm_backward(&g, out, out + 400 * 280, out + 400 * 280 + 280, dy, x, mean, var, var,
			      true, work);
}

static void run_layernorm(float *out, const float *x, const float *dy)
{
	static float saved[2 * 500];

	rt_layernorm(500, 224, out, saved, x, dy, NULL, 1e-5f);
	rt_layernorm_backward(500, 224, out, out + 500 * 224, out + 501 * 224, dy, x, saved, x);
}

static void normalization_does_not_depend_on_threads(void **state)
{
	(void)state;
	rt_rng_seed(&rng, 6);
	same_for_any_threads(run_batchnorm, 16 * 10 * 700, 16 * 10 * 700 + 20);
	same_for_any_threads(run_batchnorm_matrix, 400 * 280, 400 * 280 + 560);
	same_for_any_threads(run_layernorm, 500 * 224, 502 * 224);
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
	rt_rng_seed(&rng, 7);
	rt_threads_set(2);
	for (int round = 0; round < 200; round++) {
		struct rt_pool g = {.planes = between(1, 4), .win = draw_window()};
		float *x = draw(g.planes * g.win.in[0] * g.win.in[1]);

		check_maxpool(&g, x);
		check_avgpool(&g, x);
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
	rt_rng_seed(&rng, 8);
	same_for_any_threads(run_pools, 64 * 784, 64 * (196 + 784));
}

/* softmax.c */

static void softmax_sums_to_one_and_log_softmax_is_its_logarithm(void **state)
{
	const int64_t A = 50, D = 37, B = 29;
	float *x = filled(A * D * B, 0), *y = filled(A * D * B, NAN), *l = filled(A * D * B, NAN);

	(void)state;
	rt_rng_seed(&rng, 9);
	rt_threads_set(3);
	for (int64_t i = 0; i < A * D * B; i++)
		x[i] = (float)(480 + 40 * rt_rng_uniform(&rng));
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_spans_are_the_taps_inside),
		cmocka_unit_test(conv_agrees_with_the_reference_on_small_shapes),
		cmocka_unit_test(conv_agrees_with_the_reference_on_large_shapes),
		cmocka_unit_test(conv_gives_the_same_bits_every_time),
		cmocka_unit_test(conv_kernels_are_chosen_by_shape),
		cmocka_unit_test(batchnorm_statistics_are_biased_moments),
		cmocka_unit_test(normalization_does_not_depend_on_threads),
		cmocka_unit_test(pools_agree_with_their_definition),
		cmocka_unit_test(pools_do_not_depend_on_threads),
		cmocka_unit_test(softmax_sums_to_one_and_log_softmax_is_its_logarithm),
		cmocka_unit_test(slices_cover_everything_once),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
