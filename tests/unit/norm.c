/* norm.c - batch and layer normalization by their definitions, with what follows in the same
 * pass. */
#include "config.h"

#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/norm_table.h"

#include <math.h>

static void check_batchnorm_stats(struct rt_batchnorm g)
{
	const int64_t n = g.N * g.P;
	float *x = draw(g.N * g.C * g.P), *mean = filled(g.C, NAN), *var = filled(g.C, NAN);
	float *y = draw(g.N * g.C * g.P), *rstd = filled(g.C, NAN);

	for (int64_t i = 0; i < g.N * g.C * g.P; i++)
		x[i] = x[i] * 2 + 30;
	rt_batchnorm_train(&g, y, mean, var, rstd, x, mean, mean, 0, NULL);
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
	free(y);
	free(mean);
	free(var);
	free(rstd);
}

static void batchnorm_statistics_are_biased_moments(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 5);
	rt_threads_set(2);
	check_batchnorm_stats((struct rt_batchnorm){4, 3, 5});
	check_batchnorm_stats((struct rt_batchnorm){500, 130, 1});
	check_batchnorm_stats((struct rt_batchnorm){8, 5, 1000});
	check_batchnorm_stats((struct rt_batchnorm){1, 1, 1});
}

/* A channel that begins with a row far from its mean: the sums must not lose its variance. */
static void variance_survives_a_misleading_first_row(void **state)
{
	const struct rt_batchnorm g = {64, 2, 32};
	float *x = draw(64 * 2 * 32), *y = filled(64 * 2 * 32, NAN);
	float mean[2], var[2], rstd[2], one[2] = {1, 1};

	(void)state;
	for (int64_t i = 64; i < 64 * 2 * 32; i++)
		x[i] = 1e5f + (float)(i % 7) * 0.25f;
	for (int64_t i = 0; i < 64; i++)
		x[i] = 1e5f + 800;
	rt_batchnorm_train(&g, y, mean, var, rstd, x, one, one, 0, NULL);
	for (int64_t c = 0; c < 2; c++) {
		double m = 0, v = 0;

		for (int64_t k = 0; k < 64 * 32; k++)
			m += x[(k / 32 * 2 + c) * 32 + k % 32] / (64.0 * 32);
		for (int64_t k = 0; k < 64 * 32; k++)
			v += pow(x[(k / 32 * 2 + c) * 32 + k % 32] - m, 2) / (64 * 32);
		assert_close(mean[c], m, 1e-7);
		assert_close(var[c], v, 1e-4);
	}
	free(x);
	free(y);
}

/* Everything a case has: (N,C,P) arrays, (C) vectors. */
struct norm_case {
	struct rt_batchnorm g;
	struct rt_batchnorm_post post;
	bool batch, set;
	float *x, *z, *dy, *scale, *bias, *mean, *var, *rstd;
	float *y, *dx, *dz, *dscale, *dbias;
};

static double one_y(const struct norm_case *n, int64_t c, int64_t at)
{
	double v = ((double)n->x[at] - n->mean[c]) * n->rstd[c] * n->scale[c] + n->bias[c];

	v += n->post.z ? n->z[at] : 0;
	return fmin(fmax(v, n->post.lo), n->post.hi);
}

/* Channel c of y, dx, dz, dscale and dbias by their definitions. */
static void check_channel(const struct norm_case *n, int64_t c)
{
	const int64_t P = n->g.P, count = n->g.N * P;
	double sum = 0, product = 0, start = n->set ? 0 : 0.5;

	for (int pass = 0; pass < 2; pass++)
		for (int64_t k = 0; k < count; k++) {
			const int64_t at = (k / P * n->g.C + c) * P + k % P;
			double hat = ((double)n->x[at] - n->mean[c]) * n->rstd[c];
			double y = one_y(n, c, at);
			double g = y > n->post.lo && y < n->post.hi ? n->dy[at] : 0, dx = g;

			/* at a limit rounding decides */
			if (fabs(y - n->post.lo) < 1e-5 || fabs(y - n->post.hi) < 1e-5)
				g = n->y[at] > n->post.lo && n->y[at] < n->post.hi ? n->dy[at] : 0;
			sum += pass ? 0 : g;
			product += pass ? 0 : g * hat;
			if (!pass)
				continue;
			dx = g - (n->batch ? (sum + hat * product) / (double)count : 0);
			assert_close(n->y[at], y, 1e-5);
			assert_close(n->dx[at], start + n->scale[c] * n->rstd[c] * dx, 2e-5);
			if (n->post.z)
				assert_close(n->dz[at], start + g, 1e-6);
		}
	assert_close(n->dbias[c], 0.5 + sum, 1e-4);
	assert_close(n->dscale[c], 0.5 + product, 1e-4);
}

/* By one table, or all through norm.c. */
static void run_case(const struct norm_case *n, const struct rt_norm_table *t)
{
	const struct rt_batchnorm_map map = {n->mean, n->rstd, n->scale, n->bias};
	const struct rt_batchnorm_grads to = {n->dx, n->post.z ? n->dz : NULL, n->dscale, n->dbias,
					      n->set, n->set};
	const struct rt_norm_forward f = {n->g, map, n->mean, n->var, n->rstd, n->y, n->x, n->post,
					  1e-5f};
	const struct rt_norm_backward b = {n->g, to, n->dy, n->x, n->y, map, n->post, n->batch};

	if (!t) {
		rt_batchnorm_train(&n->g, n->y, n->mean, n->var, n->rstd, n->x, n->scale, n->bias,
				   1e-5f, &n->post);
		rt_batchnorm_backward(&n->g, &to, n->dy, n->x, n->y, &map, n->batch, &n->post);
		return;
	}
	for (int64_t c = 0; c < n->g.C; c += RT_NORM_CHANNELS) {
		int64_t w = n->g.C - c < RT_NORM_CHANNELS ? n->g.C - c : RT_NORM_CHANNELS;

		t->forward(&f, c, w);
		t->backward(&b, c, w);
	}
}

static void check_case(const struct rt_norm_table *t, int round)
{
	static const float limits[][2] = {{-INFINITY, INFINITY}, {0, INFINITY}, {0, 0.6f}};
	struct norm_case n = {.batch = round % 5, .set = round % 2};
	const int64_t rows = 1 + (int64_t)rt_rng_below(&draw_rng, 5);
	int64_t total;

	n.g = (struct rt_batchnorm){rows, 1 + (int64_t)rt_rng_below(&draw_rng, 40),
				    2 + (int64_t)rt_rng_below(&draw_rng, round % 3 ? 70 : 1500)};
	total = n.g.N * n.g.C * n.g.P;
	n.x = draw(total);
	n.z = draw(total);
	n.dy = draw(total);
	n.scale = draw(n.g.C);
	n.bias = draw(n.g.C);
	n.mean = draw(n.g.C);
	n.var = draw(n.g.C);
	n.rstd = draw(n.g.C);
	n.y = filled(total, NAN);
	n.dx = filled(total, n.set ? NAN : 0.5f);
	n.dz = filled(total, n.set ? NAN : 0.5f);
	n.dscale = filled(n.g.C, 0.5f);
	n.dbias = filled(n.g.C, 0.5f);
	n.post = (struct rt_batchnorm_post){round % 4 < 2 ? n.z : NULL, limits[round % 3][0],
					    limits[round % 3][1]};
	run_case(&n, t);
	for (int64_t c = 0; c < n.g.C; c++)
		check_channel(&n, c);
	for (float **a = &n.x; a <= &n.dbias; a++)
		free(*a);
}

/* Random shapes, what follows in the same pass, gradients set or added to, every instruction
 * set. */
static void batchnorm_is_its_definition(void **state)
{
	const struct rt_norm_table *tables[] = {
		NULL, &rt_norm_base,
#ifdef __x86_64__
		rt_isa() >= RT_ISA_AVX2 ? &rt_norm_avx2 : NULL,
		rt_isa() >= RT_ISA_AVX512 ? &rt_norm_avx512 : NULL,
#endif
	};

	(void)state;
	rt_rng_seed(&draw_rng, 7);
	rt_threads_set(2);
	for (size_t t = 0; t < RT_COUNT(tables); t++)
		for (int round = 0; round < 60; round++)
			check_case(tables[t], round);
}

/* The gradient may take the place of the one it comes from. */
static void batchnorm_goes_back_in_place(void **state)
{
	const struct rt_batchnorm g = {3, 5, 37};
	const struct rt_batchnorm_post post = {NULL, 0, INFINITY};
	float mean[5], var[5], rstd[5], scale[5] = {1, 2, 3, 4, 5}, bias[5] = {0};
	const struct rt_batchnorm_map map = {mean, rstd, scale, bias};
	float *x = draw(555), *dy = draw(555), *y = filled(555, NAN), *dx = filled(555, NAN);

	(void)state;
	rt_batchnorm_train(&g, y, mean, var, rstd, x, scale, bias, 1e-5f, &post);
	rt_batchnorm_backward(&g, &(struct rt_batchnorm_grads){.dx = dx, .set_dx = true}, dy, x, y,
			      &map, true, &post);
	rt_batchnorm_backward(&g, &(struct rt_batchnorm_grads){.dx = dy, .set_dx = true}, dy, x, y,
			      &map, true, &post);
	assert_memory_equal(dx, dy, 555 * sizeof(float));
	free(x);
	free(y);
	free(dx);
	free(dy);
}

static void run_batchnorm(float *out, const float *x, const float *dy)
{
	const struct rt_batchnorm g = {16, 10, 700};
	const struct rt_batchnorm_post post = {dy, 0, 6};
	float mean[10], var[10], rstd[10], *end = out + 16 * 10 * 700;
	const struct rt_batchnorm_map map = {mean, rstd, x, dy};
	const struct rt_batchnorm_grads to = {.dx = out, .dscale = end, .dbias = end + 10};

	rt_batchnorm_train(&g, out, mean, var, rstd, x, x, dy, 1e-5f, &post);
	rt_batchnorm_backward(&g, &to, dy, x, x, &map, true, &post);
}

static void run_batchnorm_matrix(float *out, const float *x, const float *dy)
{
	const struct rt_batchnorm g = {400, 280, 1};
	float mean[280], var[280], rstd[280], *end = out + 400 * 280;
	const struct rt_batchnorm_map map = {mean, rstd, x, dy};
	const struct rt_batchnorm_grads to = {.dx = out, .dscale = end, .dbias = end + 280};

	rt_batchnorm_train(&g, out, mean, var, rstd, x, x, dy, 1e-5f, NULL);
	rt_batchnorm_backward(&g, &to, dy, x, x, &map, true, NULL);
}

static void run_layernorm(float *out, const float *x, const float *dy)
{
	static float saved[2 * 500];

	rt_layernorm(500, 224, out, saved, x, dy, NULL, 1e-5f);
	rt_layernorm_backward(500, 224, out, out + 500 * 224, out + 501 * 224, dy, x, saved, x,
			      false);
}

static void normalization_does_not_depend_on_threads(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 6);
	same_for_any_threads(run_batchnorm, 16 * 10 * 700, 16 * 10 * 700 + 20);
	same_for_any_threads(run_batchnorm_matrix, 400 * 280, 400 * 280 + 560);
	same_for_any_threads(run_layernorm, 500 * 224, 502 * 224);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batchnorm_statistics_are_biased_moments),
		cmocka_unit_test(variance_survives_a_misleading_first_row),
		cmocka_unit_test(batchnorm_is_its_definition),
		cmocka_unit_test(batchnorm_goes_back_in_place),
		cmocka_unit_test(normalization_does_not_depend_on_threads),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
