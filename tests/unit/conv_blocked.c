/* conv_blocked.c - convolution, pools and means of blocked arrays against those of planes. */
#include "config.h"

#include "tests/unit/isas.h"
#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "tests/ops/reference.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/conv_blocked_kernel.h"

#include <math.h>

/* Every kernel there is; rt_conv_blocked_... choose one of those that can. */
static const struct conv_blocked_kernel *const kernels[] = {
	&conv_blocked_deep, &conv_blocked_winograd_2, &conv_blocked_winograd_4,
	&conv_blocked_winograd_2_BY_2, &conv_blocked_direct};

static int64_t blocked_floats(int64_t N, int64_t C, int64_t HW)
{
	return N * rt_blocks(C) * RT_BLOCK * HW;
}

/* Planes in blocked layout, one number at a time. */
static float *blocked(int64_t N, int64_t C, int64_t HW, const float *x)
{
	float *y = filled(blocked_floats(N, C, HW), 0);

	for (int64_t i = 0; i < N * C * HW; i++) {
		const int64_t n = i / HW / C, c = i / HW % C, at = i % HW;

		y[((n * rt_blocks(C) + c / RT_BLOCK) * HW + at) * RT_BLOCK + c % RT_BLOCK] = x[i];
	}
	return y;
}

struct given {
	struct rt_conv g;
	bool planes;
	int64_t nx, nw, ny;
	float *x, *w, *scale, *bias, *add;
	double *sums;		/* the convolution without scale and bias */
};

static struct given given(struct rt_conv g, bool planes)
{
	const struct rt_window *w = &g.win;
	struct given c = {
		.g = g, .planes = planes,
		.nx = g.N * g.C * w->in[0] * w->in[1],
		.nw = g.K * (g.C / g.groups) * w->kernel[0] * w->kernel[1],
		.ny = g.N * g.K * w->out[0] * w->out[1],
	};

	c.x = draw(c.nx);
	c.w = draw(c.nw);
	c.scale = draw(g.K);
	c.bias = draw(g.K);
	c.add = draw(c.ny);
	c.sums = rt_alloc((size_t)c.ny, sizeof(*c.sums));
	reference_conv(&g, c.sums, c.x, c.w, NULL);
	return c;
}

static void given_release(struct given *c)
{
	free(c->x);
	free(c->w);
	free(c->scale);
	free(c->bias);
	free(c->add);
	free(c->sums);
}

/* How much larger the rounding of a kernel's sums is than that of plain ones; see conv.c. */
static double growth(const struct conv_blocked_kernel *kernel)
{
	return kernel == &conv_blocked_winograd_4	 ? 8
	       : kernel == &conv_blocked_winograd_2	 ? 2
	       : kernel == &conv_blocked_winograd_2_BY_2 ? 2
							 : 1;
}

/* Element i of planes, in what the kernel made. */
static void assert_element(const struct conv_blocked_kernel *kernel, const struct given *c,
			   const struct rt_conv_post *post, const float *scale,
			   const float *y, int64_t i)
{
	const struct rt_conv *g = &c->g;
	const int64_t PQ = g->win.out[0] * g->win.out[1], k = i / PQ % g->K, n = i / PQ / g->K;
	const int64_t at = ((n * rt_blocks(g->K) + k / RT_BLOCK) * PQ + i % PQ) * RT_BLOCK +
			   k % RT_BLOCK;
	const double tol = growth(kernel) * 1e-6 * (4 + 4 * sqrt((double)(c->nw / g->K)));
	const double v = c->sums[i] * (scale ? (double)scale[k] : 1) +
			 (post->bias ? (double)post->bias[k] : 0) +
			 (post->add ? (double)c->add[i] : 0);
	const double wanted = fmin(fmax(v, (double)post->lo), (double)post->hi);

	if (!(fabs((double)y[at] - wanted) <= tol))
		fail_msg("%s: x %lldx%lldx%lldx%lld%s, %lld filters %lldx%lld, %lld groups, steps "
			 "%lld %lld: element %lld is %.7g, wanted %.7g",
			 kernel->name, (long long)g->N, (long long)g->C,
			 (long long)g->win.in[0], (long long)g->win.in[1],
			 c->planes ? " planes" : "", (long long)g->K,
			 (long long)g->win.kernel[0], (long long)g->win.kernel[1],
			 (long long)g->groups, (long long)g->win.stride[0],
			 (long long)g->win.stride[1], (long long)i, (double)y[at], wanted);
}

static void assert_lanes_beyond(int64_t N, int64_t C, int64_t HW, const float *y)
{
	for (int64_t n = 0; n < N; n++)
		for (int64_t i = 0; i < HW; i++)
			for (int64_t c = C; c < rt_blocks(C) * RT_BLOCK; c++)
				assert_true(y[((n * rt_blocks(C) + c / RT_BLOCK) * HW + i) *
						      RT_BLOCK + c % RT_BLOCK] == 0);
}

static void check_post(const struct conv_blocked_kernel *kernel, const struct given *c,
		       const struct rt_conv_post *post, const float *scale)
{
	const struct rt_conv *g = &c->g;
	const int64_t HW = g->win.in[0] * g->win.in[1], PQ = g->win.out[0] * g->win.out[1];
	const int64_t floats = blocked_floats(g->N, g->K, PQ);
	const size_t bytes = kernel->work ? kernel->work(g, c->planes) : 0;
	const size_t size = kernel->pack_bytes(g, c->planes);
	float *packed = aligned_alloc(64, (size + 63) / 64 * 64), *y = filled(floats, NAN);
	float *x = c->planes ? c->x : blocked(g->N, g->C, HW, c->x);
	float *add = blocked(g->N, g->K, PQ, c->add);
	void *work = rt_alloc(bytes ? bytes : 1, 1);
	struct rt_conv_post with = *post;

	memset(work, 0xFF, bytes);
	if (post->add)
		with.add = add;
	kernel->pack(g, c->planes, packed, c->w, scale);
	kernel->run(g, c->planes, y, x, packed, &with, work);
	for (int64_t i = 0; i < c->ny; i++)
		assert_element(kernel, c, post, scale, y, i);
	assert_lanes_beyond(g->N, g->K, PQ, y);
	if (!c->planes)
		free(x);
	free(packed);
	free(y);
	free(add);
	free(work);
}

static void check_posts(const struct conv_blocked_kernel *kernel, const struct given *c)
{
	check_post(kernel, c, &(struct rt_conv_post){.lo = -INFINITY, .hi = INFINITY}, NULL);
	check_post(kernel, c, &(struct rt_conv_post){.bias = c->bias, .add = c->add, .lo = -0.25f,
						     .hi = 0.5f}, NULL);
	check_post(kernel, c, &(struct rt_conv_post){.bias = c->bias, .lo = 0.125f, .hi = 6},
		   c->scale);
}

static void check_kernels(struct rt_conv g, bool planes)
{
	struct given c = given(g, planes);

	for (int threads = 1; threads <= 3; threads++) {
		rt_threads_set(threads);
		for (size_t i = 0; i < RT_COUNT(kernels); i++)
			if (kernels[i]->can(&g, planes))
				check_posts(kernels[i], &c);
	}
	given_release(&c);
}

static void check(struct rt_conv g)
{
	check_kernels(g, false);
	if (g.C <= 4)
		check_kernels(g, true);
}

static void agrees_with_the_reference_on_small_shapes(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 12);
	for (int round = 0; round < 120; round++)
		check((struct rt_conv){.N = between(1, 3), .C = between(1, 40),
				       .K = between(1, 70), .groups = 1, .win = draw_window()});
}

static void agrees_with_the_reference_on_groups(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 13);
	for (int round = 0; round < 60; round++) {
		const int64_t groups = between(2, 40), G = between(2, 3);

		check((struct rt_conv){.N = between(1, 2), .C = groups, .K = groups,
				       .groups = groups, .win = draw_window()});
		check((struct rt_conv){.N = between(1, 2), .C = 16 * G * between(1, 2),
				       .K = 16 * G * between(1, 3), .groups = G,
				       .win = draw_window()});
	}
}

/* Large enough for threads that divide strips or blocks, for several strips and chunks of depths,
 * for every width of a tile. */
static void agrees_with_the_reference_on_large_shapes(void **state)
{
	const struct rt_conv cases[] = {
		{.N = 1, .C = 3, .K = 32, .groups = 1, .win = square(64, 3, 2, 1)},
		{.N = 2, .C = 3, .K = 40, .groups = 1, .win = square(61, 7, 2, 3)},
		{.N = 1, .C = 1, .K = 20, .groups = 1, .win = square(28, 5, 1, 0)},
		{.N = 1, .C = 64, .K = 256, .groups = 1, .win = square(29, 1, 1, 0)},
		{.N = 1, .C = 400, .K = 72, .groups = 1, .win = square(23, 1, 1, 0)},
		{.N = 2, .C = 300, .K = 200, .groups = 1, .win = square(7, 1, 1, 0)},
		{.N = 1, .C = 256, .K = 320, .groups = 1, .win = square(14, 1, 2, 0)},
		{.N = 1, .C = 64, .K = 64, .groups = 1, .win = square(30, 3, 1, 1)},
		{.N = 1, .C = 130, .K = 128, .groups = 1, .win = square(15, 3, 2, 1)},
		{.N = 1, .C = 128, .K = 160, .groups = 1, .win = square(7, 3, 1, 1)},
		{.N = 9, .C = 16, .K = 16, .groups = 1, .win = square(32, 3, 1, 1)},
		{.N = 1, .C = 144, .K = 144, .groups = 144, .win = square(56, 3, 2, 1)},
		{.N = 2, .C = 96, .K = 96, .groups = 96, .win = square(40, 3, 1, 1)},
		{.N = 1, .C = 40, .K = 40, .groups = 40, .win = square(28, 5, 1, 2)},
		{.N = 1, .C = 40, .K = 70, .groups = 1, .win = square(57, 3, 1, 1)},
		{.N = 5, .C = 16, .K = 16, .groups = 1, .win = square(7, 3, 1, 1)},
		{.N = 3, .C = 16, .K = 100, .groups = 1, .win = square(10, 3, 1, 0)},
		{.N = 2, .C = 128, .K = 256, .groups = 4, .win = square(14, 3, 1, 1)},
	};

	(void)state;
	rt_rng_seed(&draw_rng, 14);
	for (size_t i = 0; i < RT_COUNT(cases); i++)
		check(cases[i]);
	for (int64_t size = 1; size <= 33; size++)
		check((struct rt_conv){.N = 1, .C = 17, .K = 33, .groups = 1,
				       .win = square(size, 3, 1, 1)});
}

/* Windows of minimal filtering over planes of any size, padded differently on all sides. */
static void agrees_with_the_reference_on_tiles(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 18);
	for (int round = 0; round < 60; round++) {
		const int64_t step = 1 + round % 2;
		struct rt_window w = {{0}, {0}, {3, 3}, {step, step}, {1, 1}, {0}, {0}};

		for (int i = 0; i < 2; i++) {
			w.pad[i] = between(0, 3);
			w.pad_end[i] = between(0, 3);
			w.in[i] = between(3, 20);
			w.out[i] = (w.in[i] + w.pad[i] + w.pad_end[i] - 3) / step + 1;
		}
		check((struct rt_conv){.N = between(1, 5), .C = between(1, 35),
				       .K = between(1, 70), .groups = 1, .win = w});
	}
}

static void only_what_fits_blocks_has_a_kernel(void **state)
{
	struct rt_conv g = {.N = 1, .C = 32, .K = 64, .groups = 1, .win = square(8, 3, 1, 1)};

	(void)state;
	assert_true(rt_conv_blocked_has(&g, false));
	assert_false(rt_conv_blocked_has(&g, true));
	g.groups = 2;
	assert_true(rt_conv_blocked_has(&g, false));
	g.groups = 4;
	assert_false(rt_conv_blocked_has(&g, false));
	g.groups = 32;
	assert_false(rt_conv_blocked_has(&g, false));
	g.K = 32;
	assert_true(rt_conv_blocked_has(&g, false));
	g = (struct rt_conv){.N = 1, .C = 3, .K = 5, .groups = 1, .win = square(20, 13, 1, 0)};
	assert_false(rt_conv_blocked_has(&g, true));
}

static void planes_come_back(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 15);
	for (int round = 0; round < 60; round++) {
		const int64_t N = between(1, 3), C = between(1, 50), HW = between(1, 70);
		float *x = draw(N * C * HW), *back = filled(N * C * HW, NAN);
		float *y = filled(blocked_floats(N, C, HW), NAN), *wanted = blocked(N, C, HW, x);

		rt_blocked_from_planes(N, C, HW, y, x);
		assert_memory_equal(y, wanted, (size_t)blocked_floats(N, C, HW) * sizeof(float));
		rt_blocked_to_planes(N, C, HW, back, y);
		assert_memory_equal(back, x, (size_t)(N * C * HW) * sizeof(float));
		free(x);
		free(back);
		free(y);
		free(wanted);
	}
}

static bool every_window_meets_the_input(const struct rt_window *w)
{
	for (int a = 0; a < 2; a++)
		for (int64_t o = 0, met; o < w->out[a]; o++) {
			met = 0;
			for (int64_t k = 0; k < w->kernel[a]; k++) {
				int64_t lo, hi;

				rt_window_span(w, a, k, &lo, &hi);
				met += o >= lo && o < hi;
			}
			if (!met)
				return false;
		}
	return true;
}

static void same_pool(int64_t N, int64_t C, struct rt_pool g, bool mean)
{
	const int64_t HW = g.win.in[0] * g.win.in[1], PQ = g.win.out[0] * g.win.out[1];
	float *x = draw(N * C * HW), *y = filled(N * C * PQ, NAN), *got = filled(N * C * PQ, NAN);
	float *from = blocked(N, C, HW, x), *to = filled(blocked_floats(N, C, PQ), NAN);

	g.planes = N * C;
	if (mean)
		rt_avgpool(&g, y, x);
	else
		rt_maxpool(&g, y, NULL, x);
	g.planes = N * rt_blocks(C);
	if (mean)
		rt_blocked_avgpool(&g, to, from);
	else
		rt_blocked_maxpool(&g, to, from);
	assert_lanes_beyond(N, C, PQ, to);
	rt_blocked_to_planes(N, C, PQ, got, to);
	for (int64_t i = 0; i < N * C * PQ; i++)
		assert_close((double)got[i], (double)y[i], mean ? 1e-6 : 0);
	free(x);
	free(y);
	free(got);
	free(from);
	free(to);
}

static void pools_agree_with_those_of_planes(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 16);
	for (int round = 0; round < 100; round++) {
		struct rt_pool g = {.win = draw_window(), .count_pads = round % 2};
		const int64_t N = between(1, 2), C = between(1, 40);

		if (!every_window_meets_the_input(&g.win))
			continue;
		rt_threads_set(round % 3 + 1);
		same_pool(N, C, g, false);
		if (g.win.dilation[0] == 1 && g.win.dilation[1] == 1)
			same_pool(N, C, g, true);
	}
	same_pool(1, 64, (struct rt_pool){.win = square(56, 3, 2, 1)}, false);
}

static void nan_wins_a_maximum(void **state)
{
	const struct rt_pool g = {.planes = 1, .win = square(3, 3, 1, 0)};
	float x[9 * RT_BLOCK] = {[4 * RT_BLOCK + 2] = NAN, [4 * RT_BLOCK + 3] = 2}, y[RT_BLOCK];

	(void)state;
	rt_blocked_maxpool(&g, y, x);
	assert_true(isnan(y[2]));
	assert_true(y[3] == 2);
	assert_true(y[4] == 0);
}

static void mean_agrees_with_that_of_planes(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 17);
	for (int round = 0; round < 30; round++) {
		const int64_t N = between(1, 3), C = between(1, 50), HW = between(1, 70);
		float *x = draw(N * C * HW), *from = blocked(N, C, HW, x);
		float *y = filled(N * C, NAN), *wanted = filled(N * C, NAN);

		rt_plane_mean(N * C, HW, wanted, x);
		rt_blocked_mean(N, C, HW, y, from);
		for (int64_t i = 0; i < N * C; i++)
			assert_close((double)y[i], (double)wanted[i], 1e-6);
		free(x);
		free(from);
		free(y);
		free(wanted);
	}
}

static int cases(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_reference_on_small_shapes),
		cmocka_unit_test(agrees_with_the_reference_on_groups),
		cmocka_unit_test(agrees_with_the_reference_on_large_shapes),
		cmocka_unit_test(agrees_with_the_reference_on_tiles),
		cmocka_unit_test(only_what_fits_blocks_has_a_kernel),
		cmocka_unit_test(planes_come_back),
		cmocka_unit_test(pools_agree_with_those_of_planes),
		cmocka_unit_test(nan_wins_a_maximum),
		cmocka_unit_test(mean_agrees_with_that_of_planes),
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
