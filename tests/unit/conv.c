/* conv.c - convolution kernels against the formula. */
#include "config.h"

#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "tests/ops/reference.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/conv.h"

#include <math.h>

/* The work space of n bytes, holding NaN, so that reading what was not written shows. */
static void *spoiled(size_t n)
{
	void *work = rt_alloc(n ? n : 1, 1);

	memset(work, 0xFF, n);
	return work;
}

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
			fail_msg("%s, %s: x %lldx%lldx%lldx%lld, %lld filters %lldx%lld, %lld "
				 "groups: element %lld is %.7g, wanted %.7g",
				 rt_conv_kernel_name(g), what, (long long)g->N, (long long)g->C,
				 (long long)g->win.in[0], (long long)g->win.in[1], (long long)g->K,
				 (long long)g->win.kernel[0], (long long)g->win.kernel[1],
				 (long long)g->groups, (long long)i, (double)got[i] - before,
				 wanted[i]);
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
	assert_sums(g, "backward data", dx, 0.5f, x, c->nx,
		    g->K * g->win.kernel[0] * g->win.kernel[1]);
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
	rt_rng_seed(&draw_rng, 2);
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
	rt_rng_seed(&draw_rng, 3);
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
	rt_rng_seed(&draw_rng, 4);
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
				assert_memory_equal(again[a], first[a],
						    (size_t)n[a] * sizeof(float));
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conv_agrees_with_the_reference_on_small_shapes),
		cmocka_unit_test(conv_agrees_with_the_reference_on_large_shapes),
		cmocka_unit_test(conv_gives_the_same_bits_every_time),
		cmocka_unit_test(conv_kernels_are_chosen_by_shape),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
