/* conv.c - convolution kernels against the formula. */
#include "config.h"

#include "tests/unit/isas.h"
#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "tests/ops/reference.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/conv_kernel.h"
#include "tensor/pool.h"

#include <math.h>

/* Every kernel that fits; rt_conv_... choose one of them. */
static const struct conv_kernel *const kernels[] = {
	&conv_channels, &conv_depthwise, &conv_1x1, &conv_winograd, &conv_samples,
	&conv_flat, &conv_direct, &conv_gemm};

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
	float *x, *w, *scale, *b, *dy;
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
	c.scale = draw(g.K);
	c.b = draw(g.K);
	c.dy = draw(c.ny);
	return c;
}

static void conv_case_release(struct conv_case *c)
{
	free(c->x);
	free(c->w);
	free(c->scale);
	free(c->b);
	free(c->dy);
}

/* got = before + wanted to within the rounding of sums of `terms` products.  Minimal filtering sums
 * transforms.  Its variance is that of a plain sum times, along each axis, the sum over points of
 * the product of the squares of the three maps' rows, over the number of taps (or of outputs for
 * the gradient of the weights): errors 31 times as large for 3 by 3 taps, at most 36 times for 5 by
 * 5. */
static void assert_sums(const struct conv_kernel *kernel, const struct rt_conv *g, const char *what,
			const float *got, float before, const double *wanted, int64_t n,
			int64_t terms)
{
	const double growth = kernel == &conv_winograd ? 8 : 1;
	const double tol = growth * 1e-6 * (4 + sqrt((double)terms) * 4);

	for (int64_t i = 0; i < n; i++)
		if (!(fabs((double)got[i] - before - wanted[i]) <= tol))
			fail_msg("%s, %s: x %lldx%lldx%lldx%lld, %lld filters %lldx%lld, %lld "
				 "groups, steps %lld %lld: element %lld is %.7g, wanted %.7g",
				 kernel->name, what, (long long)g->N, (long long)g->C,
				 (long long)g->win.in[0], (long long)g->win.in[1], (long long)g->K,
				 (long long)g->win.kernel[0], (long long)g->win.kernel[1],
				 (long long)g->groups, (long long)g->win.stride[0],
				 (long long)g->win.stride[1], (long long)i, (double)got[i] - before,
				 wanted[i]);
}

static bool can(const struct conv_kernel *kernel, const struct rt_conv *g,
		enum rt_conv_direction direction)
{
	return !kernel->can || kernel->can(g, direction);
}

/* Work space of exactly that size. */
static void *work_of(const struct conv_kernel *kernel, const struct rt_conv *g,
		     enum rt_conv_direction direction)
{
	return spoiled(kernel->work ? kernel->work(g, direction) : 0);
}

/* plain: the convolution without post. */
static void check_conv_forward(const struct conv_kernel *kernel, const struct conv_case *c,
			       const struct rt_conv_post *post, const double *plain)
{
	const struct rt_conv *g = &c->g;
	const int64_t PQ = g->win.out[0] * g->win.out[1];
	void *work = work_of(kernel, g, RT_CONV_FORWARD);
	float *y = filled(c->ny, NAN);
	double *wanted = rt_alloc((size_t)c->ny, sizeof(*wanted));

	kernel->forward(g, y, c->x, c->w, post, work);
	for (int64_t i = 0; i < c->ny; i++) {
		const int64_t k = i / PQ % g->K;
		double v = plain[i] * (post->scale ? (double)post->scale[k] : 1) +
			   (post->bias ? (double)post->bias[k] : 0) +
			   (post->add ? (double)post->add[i] : 0);

		wanted[i] = fmin(fmax(v, (double)post->lo), (double)post->hi);
	}
	assert_sums(kernel, g, "forward", y, 0, wanted, c->ny, c->nw / g->K);
	free(wanted);
	free(y);
	free(work);
}

/* The maxima are those of what the kernel makes without them, to the bit. */
static void check_conv_pool(const struct conv_kernel *kernel, const struct conv_case *c,
			    struct rt_conv_post post)
{
	const struct rt_conv *g = &c->g;
	const int64_t P = g->win.out[0], Q = g->win.out[1], planes = g->N * g->K;
	void *work = work_of(kernel, g, RT_CONV_FORWARD);
	float *y = filled(c->ny, NAN), *wanted = filled(c->ny, NAN), *whole = filled(c->ny, NAN);

	kernel->forward(g, whole, c->x, c->w, &post, work);
	for (int64_t i = 0; i < planes; i++)
		rt_max_fours(P, Q, Q, wanted + i * (P / 2) * (Q / 2), whole + i * P * Q);
	post.pool = true;
	kernel->forward(g, y, c->x, c->w, &post, work);
	assert_memory_equal(y, wanted, (size_t)c->ny * sizeof(float));
	free(y);
	free(wanted);
	free(whole);
	free(work);
}

static void check_conv_data(const struct conv_kernel *kernel, const struct conv_case *c,
			    const double *wanted)
{
	const struct rt_conv *g = &c->g;
	void *work = work_of(kernel, g, RT_CONV_DATA);
	float *dx = filled(c->nx, 0.5f);

	kernel->backward_data(g, dx, c->dy, c->w, work);
	assert_sums(kernel, g, "backward data", dx, 0.5f, wanted, c->nx,
		    g->K * g->win.kernel[0] * g->win.kernel[1]);
	free(dx);
	free(work);
}

static void check_conv_weights(const struct conv_kernel *kernel, const struct conv_case *c,
			       const double *wanted)
{
	const struct rt_conv *g = &c->g;
	void *work = work_of(kernel, g, RT_CONV_WEIGHTS);
	float *dw = filled(c->nw, 0.25f);

	kernel->backward_weights(g, dw, c->dy, c->x, work);
	assert_sums(kernel, g, "backward weights", dw, 0.25f, wanted, c->nw,
		    g->N * g->win.out[0] * g->win.out[1]);
	free(dw);
	free(work);
}

static void check_conv_bias(const struct conv_case *c)
{
	const struct rt_conv *g = &c->g;
	const int64_t PQ = g->win.out[0] * g->win.out[1];
	float *db = filled(g->K, -0.5f);
	double *b = rt_alloc((size_t)g->K, sizeof(*b));

	rt_conv_backward_bias(g, db, c->dy);
	for (int64_t i = 0; i < c->ny; i++)
		b[i / PQ % g->K] += (double)c->dy[i];
	assert_sums(&conv_gemm, g, "backward bias", db, -0.5f, b, g->K, g->N * PQ);
	free(db);
	free(b);
}

static void check_kernel(const struct conv_kernel *kernel, const struct conv_case *c,
			 const double *y, const double *dx, const double *dw)
{
	const struct rt_conv_post posts[] = {
		{.lo = -INFINITY, .hi = INFINITY},
		{.bias = c->b, .lo = -INFINITY, .hi = INFINITY},
		{.scale = c->scale, .bias = c->b, .lo = 0, .hi = INFINITY},
		{.bias = c->b, .add = c->dy, .lo = -0.25f, .hi = 0.5f},
	};

	for (size_t i = 0; i < RT_COUNT(posts) && can(kernel, &c->g, RT_CONV_FORWARD); i++)
		check_conv_forward(kernel, c, &posts[i], y);
	for (size_t i = 0; i < 3 && can(kernel, &c->g, RT_CONV_FORWARD); i++)
		if (c->g.win.out[0] > 1 && c->g.win.out[1] > 1 && kernel->pools &&
		    kernel->pools(&c->g))
			check_conv_pool(kernel, c, posts[i]);
	if (can(kernel, &c->g, RT_CONV_DATA))
		check_conv_data(kernel, c, dx);
	if (can(kernel, &c->g, RT_CONV_WEIGHTS))
		check_conv_weights(kernel, c, dw);
}

static void check_conv(struct rt_conv g)
{
	struct conv_case c = conv_case(g);
	double *y = rt_alloc((size_t)c.ny, sizeof(*y));
	double *dx = rt_alloc((size_t)c.nx, sizeof(*dx)), *dw = rt_alloc((size_t)c.nw, sizeof(*dw));

	reference_conv(&g, y, c.x, c.w, NULL);
	reference_conv_backward(&g, dx, dw, c.dy, c.x, c.w);
	for (int threads = 1; threads <= 3; threads++) {
		rt_threads_set(threads);
		for (size_t i = 0; i < RT_COUNT(kernels); i++)
			check_kernel(kernels[i], &c, y, dx, dw);
		check_conv_bias(&c);
	}
	free(y);
	free(dx);
	free(dw);
	conv_case_release(&c);
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

/* Channels around the lanes of a vector, columns around the widest tile. */
static void conv_agrees_with_the_reference_on_blocks_of_channels(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 5);
	for (int round = 0; round < 40; round++) {
		struct rt_window w = draw_window();

		for (int i = 0; i < 2; i++) {
			int64_t more = between(0, 17);

			w.out[i] += more;
			w.in[i] += more * w.stride[i];
		}
		check_conv((struct rt_conv){.N = between(1, 2), .C = between(1, 20),
					    .K = between(1, 50), .groups = 1, .win = w});
	}
}

/* Windows of minimal filtering over planes of any size, padded differently on all sides. */
static void conv_agrees_with_the_reference_on_tiles(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 7);
	for (int round = 0; round < 40; round++) {
		const int64_t r = round % 2 ? 3 : 5;
		struct rt_window w = {{0}, {0}, {r, r}, {1, 1}, {1, 1}, {0}, {0}};

		for (int i = 0; i < 2; i++) {
			w.pad[i] = between(0, r - 1);
			w.pad_end[i] = between(0, r - 1);
			w.out[i] = between(1, 19);
			w.in[i] = w.out[i] + r - 1 - w.pad[i] - w.pad_end[i];
			if (w.in[i] < 1) {
				w.out[i] += 1 - w.in[i];
				w.in[i] = 1;
			}
		}
		check_conv((struct rt_conv){.N = between(1, 9), .C = between(1, 35),
					    .K = between(1, 50), .groups = 1, .win = w});
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
		{.N = 5, .C = 40, .K = 70, .groups = 1, .win = square(4, 1, 1, 0)},
		{.N = 3, .C = 70, .K = 36, .groups = 1, .win = square(16, 1, 1, 0)},
		{.N = 9, .C = 33, .K = 150, .groups = 1, .win = square(7, 1, 1, 0)},
		{.N = 3, .C = 36, .K = 24, .groups = 3, .win = square(8, 1, 1, 0)},
		{.N = 2, .C = 600, .K = 9, .groups = 1, .win = square(12, 1, 1, 0)},
		{.N = 1, .C = 20, .K = 40, .groups = 1, .win = square(5, 1, 3, 0)},
		{.N = 3, .C = 20, .K = 20, .groups = 20, .win = square(20, 3, 1, 1)},
		{.N = 2, .C = 10, .K = 30, .groups = 10, .win = square(21, 5, 2, 2)},
		{.N = 2, .C = 5, .K = 5, .groups = 5, .win = square(67, 3, 2, 1)},
		{.N = 2, .C = 1, .K = 20, .groups = 1, .win = square(28, 5, 1, 0)},
		{.N = 1, .C = 3, .K = 20, .groups = 1, .win = square(40, 7, 2, 3)},
		{.N = 2, .C = 40, .K = 36, .groups = 2, .win = square(13, 3, 1, 1)},
		{.N = 1, .C = 90, .K = 5, .groups = 1, .win = square(40, 3, 1, 1)},
		{.N = 2, .C = 17, .K = 33, .groups = 1, .win = square(67, 3, 2, 1)},
		{.N = 1, .C = 2, .K = 3, .groups = 1, .win = square(12, 11, 1, 5)},
		{.N = 3, .C = 18, .K = 1, .groups = 1, .win = square(9, 3, 1, 1)},
		{.N = 2, .C = 3, .K = 17, .groups = 1, .win = square(9, 1, 1, 1)},
		{.N = 2, .C = 17, .K = 2, .groups = 1, .win = square(9, 1, 2, 2)},
	};

	(void)state;
	rt_rng_seed(&draw_rng, 3);
	for (size_t i = 0; i < RT_COUNT(cases); i++)
		check_conv(cases[i]);
}

static void check_bits(const struct conv_kernel *kernel, const struct conv_case *c)
{
	const struct rt_conv_post post = {.bias = c->b, .lo = -INFINITY, .hi = INFINITY};
	void *work[3];
	float *first[3], *again[3];
	int64_t n[3] = {c->ny, c->nx, c->nw};

	for (int a = 0; a < 3; a++)
		work[a] = work_of(kernel, &c->g, (enum rt_conv_direction)a);
	for (int k = 0; k < 20; k++) {
		float **to = k ? again : first;

		for (int a = 0; a < 3; a++)
			to[a] = filled(n[a], 1);
		kernel->forward(&c->g, to[0], c->x, c->w, &post, work[0]);
		if (can(kernel, &c->g, RT_CONV_DATA))
			kernel->backward_data(&c->g, to[1], c->dy, c->w, work[1]);
		if (can(kernel, &c->g, RT_CONV_WEIGHTS))
			kernel->backward_weights(&c->g, to[2], c->dy, c->x, work[2]);
		for (int a = 0; k && a < 3; a++) {
			assert_memory_equal(again[a], first[a], (size_t)n[a] * sizeof(float));
			free(again[a]);
		}
	}
	for (int a = 0; a < 3; a++) {
		free(first[a]);
		free(work[a]);
	}
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

		for (size_t k = 0; k < RT_COUNT(kernels); k++)
			if (can(kernels[k], &c.g, RT_CONV_FORWARD))
				check_bits(kernels[k], &c);
		conv_case_release(&c);
	}
}

static void conv_kernels_are_chosen_by_shape(void **state)
{
	struct rt_conv g = {.N = 1, .C = 8, .K = 16, .groups = 8, .win = square(8, 3, 1, 1)};

	(void)state;
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_FORWARD), "depthwise");
	g.groups = 4;
	assert_int_equal(rt_conv_macs(&g), 8 * 8 * 16 * 2 * 9);
	g = (struct rt_conv){.N = 1, .C = 3, .K = 16, .groups = 1, .win = square(8, 3, 1, 1)};
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_FORWARD), "direct");
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_WEIGHTS), "direct");
	g.C = 1;
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_DATA), "im2col+gemm");
	g.win = square(8, 1, 1, 0);
	for (int i = 0; i <= RT_CONV_WEIGHTS; i++)
		assert_string_equal(rt_conv_kernel_name(&g, (enum rt_conv_direction)i), "1x1");
	g.win = square(8, 1, 1, 1);
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_FORWARD), "im2col+gemm");
	g = (struct rt_conv){.N = 1, .C = 512, .K = 512, .groups = 1, .win = square(7, 3, 1, 1)};
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_FORWARD), "direct");
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_DATA), "im2col+gemm");
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_WEIGHTS), "im2col+gemm");
	g.N = 64;
	for (int i = 0; i <= RT_CONV_WEIGHTS; i++)
		assert_string_equal(rt_conv_kernel_name(&g, (enum rt_conv_direction)i), "winograd");
	g.win = square(8, 3, 2, 1);
	assert_string_equal(rt_conv_kernel_name(&g, RT_CONV_FORWARD), "direct");
}

/* What rt_conv_... do with the work space they ask for, whatever kernels they take. */
static void conv_work_serves_every_direction(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 6);
	for (int round = 0; round < 20; round++) {
		struct rt_conv g = {.N = between(1, 3), .C = between(1, 20), .K = between(1, 20),
				    .groups = 1, .win = draw_window()};
		struct conv_case c = conv_case(g);
		float *y = filled(c.ny, 0), *dx = filled(c.nx, 0), *dw = filled(c.nw, 0);
		void *work;

		rt_threads_set(2);
		work = spoiled(rt_conv_work(&g, false));
		rt_conv_forward(&g, y, c.x, c.w, c.b, work);
		free(work);
		work = spoiled(rt_conv_work(&g, true));
		rt_conv_backward_data(&g, dx, c.dy, c.w, work);
		rt_conv_backward_weights(&g, dw, c.dy, c.x, work);
		free(work);
		free(y);
		free(dx);
		free(dw);
		conv_case_release(&c);
	}
}

static int cases(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conv_agrees_with_the_reference_on_small_shapes),
		cmocka_unit_test(conv_agrees_with_the_reference_on_blocks_of_channels),
		cmocka_unit_test(conv_agrees_with_the_reference_on_tiles),
		cmocka_unit_test(conv_agrees_with_the_reference_on_large_shapes),
		cmocka_unit_test(conv_gives_the_same_bits_every_time),
		cmocka_unit_test(conv_kernels_are_chosen_by_shape),
		cmocka_unit_test(conv_work_serves_every_direction),
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
