/* gemm.c - products of matrices against the formula. */
#include "config.h"

#include "tests/unit/isas.h"
#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "base/mem.h"
#include "tensor/gemm.h"

#include <math.h>

/* Rows of what is stored lie `gap` elements apart from each other. */
struct product {
	bool ta, tb;
	int64_t M, N, K, gap;
	float alpha, beta;
	const struct rt_gemm_post *post;
};

typedef void gemm(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		  int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc);

/* What lies between the rows of C. */
#define BETWEEN 77.f

static float *result(const struct product *p, const float *before)
{
	const int64_t ld = p->N + p->gap;
	float *C = filled(p->M * ld, BETWEEN);

	for (int64_t m = 0; m < p->M; m++)
		for (int64_t n = 0; n < p->N; n++)
			C[m * ld + n] = p->beta == 0 ? NAN : before[m * p->N + n];
	return C;
}

static double wanted(const struct product *p, const float *A, const float *B, const float *before,
		     int64_t m, int64_t n)
{
	const int64_t lda = (p->ta ? p->M : p->K) + p->gap, ldb = (p->tb ? p->K : p->N) + p->gap;
	double sum = 0;

	for (int64_t k = 0; k < p->K; k++)
		sum += (double)A[p->ta ? k * lda + m : m * lda + k] *
		       (double)B[p->tb ? n * ldb + k : k * ldb + n];
	sum *= (double)p->alpha;
	if (p->beta != 0)
		sum += (double)p->beta * (double)before[m * p->N + n];
	if (!p->post)
		return sum;
	sum += p->post->bias ? (double)p->post->bias[n] : 0;
	sum = fmin(fmax(sum, (double)p->post->lo), (double)p->post->hi);
	sum += p->post->add ? (double)p->post->add[m * p->post->ldadd + n] : 0;
	return p->post->then ? -sum : sum;
}

/* With C known, which the function writes over. */
static struct rt_gemm_post post_to(const struct product *p, struct rt_gemm_then *then, float *C)
{
	struct rt_gemm_post post = *p->post;

	*then = (struct rt_gemm_then){RT_POINT_NEG, C, p->N + p->gap};
	post.then = post.then ? then : NULL;
	return post;
}

static void check(const struct product *p, gemm *f, int threads)
{
	const int64_t lda = (p->ta ? p->M : p->K) + p->gap, ldb = (p->tb ? p->K : p->N) + p->gap;
	const int64_t ldc = p->N + p->gap;
	float *A = draw((p->ta ? p->K : p->M) * lda), *B = draw((p->tb ? p->N : p->K) * ldb);
	float *before = draw(p->M * p->N), *C = result(p, before);
	const double tol = 1e-6 * (4 + 4 * sqrt((double)p->K));

	rt_threads_set(threads);
	if (p->post) {
		struct rt_gemm_then then;
		struct rt_gemm_post post = post_to(p, &then, C);

		rt_gemm_post(p->ta, p->tb, p->M, p->N, p->K, p->alpha, A, lda, B, ldb, C, ldc,
			     &post);
	} else {
		f(p->ta, p->tb, p->M, p->N, p->K, p->alpha, A, lda, B, ldb, p->beta, C, ldc);
	}
	for (int64_t i = 0; i < p->M * ldc; i++) {
		const int64_t m = i / ldc, n = i % ldc;
		double w = n < p->N ? wanted(p, A, B, before, m, n) : (double)BETWEEN;

		if (!(fabs((double)C[i] - w) <= tol))
			fail_msg("%lldx%lldx%lld%s%s, %d threads: row %lld, column %lld is %.7g, "
				 "wanted %.7g", (long long)p->M, (long long)p->N, (long long)p->K,
				 p->ta ? ", A transposed" : "", p->tb ? ", B transposed" : "",
				 threads, (long long)m, (long long)n, (double)C[i], w);
	}
	free(A);
	free(B);
	free(before);
	free(C);
}

static void check_all(int64_t M, int64_t N, int64_t K)
{
	static const float factors[][2] = {{1, 0}, {1, 1}, {-0.5f, 1}, {2, 0.25f}, {0.5f, 0}};
	const float *f = factors[between(0, 4)];
	float *bias = draw(N), *add = draw(M * (N + 2));
	const struct rt_gemm_then then = {0};
	const struct rt_gemm_post posts[] = {
		{.lo = -INFINITY, .hi = INFINITY},
		{.bias = bias, .lo = -INFINITY, .hi = INFINITY},
		{.bias = bias, .lo = 0, .hi = INFINITY},
		{.bias = bias, .lo = -0.5f, .hi = 0.25f},
		{.bias = bias, .lo = -INFINITY, .hi = INFINITY, .add = add, .ldadd = N + 2},
		{.lo = -INFINITY, .hi = INFINITY, .add = add, .then = &then},
		{.bias = bias, .lo = -INFINITY, .hi = 0.25f, .add = add, .ldadd = N, .then = &then},
	};

	for (int i = 0; i < 4; i++) {
		struct product p = {.ta = i & 1, .tb = i & 2, .M = M, .N = N, .K = K,
				    .gap = between(0, 3), .alpha = f[0], .beta = f[1]};
		const int threads = (int)between(1, 3);

		check(&p, rt_gemm, threads);
		check(&p, rt_gemm_own, threads);
		p.beta = 0;
		p.alpha = between(0, 1) ? 1 : p.alpha;
		p.post = &posts[between(0, 6)];
		check(&p, NULL, threads);
	}
	free(bias);
	free(add);
}

static void gemm_agrees_with_the_formula_on_small_matrices(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 1);
	for (int round = 0; round < 300; round++)
		check_all(between(1, 20), between(1, 20), between(1, 20));
}

/* Rows around the highest tile, lanes around a vector and around a panel. */
static void gemm_agrees_with_the_formula_on_matrices_of_some_tiles(void **state)
{
	(void)state;
	rt_rng_seed(&draw_rng, 2);
	for (int round = 0; round < 60; round++) {
		check_all(between(1, 70), between(1, 70), between(1, 40));
		check_all(between(1, 8), between(1, 300), between(1, 40));
		check_all(between(1, 300), between(1, 8), between(1, 40));
	}
}

/* Inner dimensions summed in pieces, panels in groups, rows in strips, and threads. */
static void gemm_agrees_with_the_formula_on_large_matrices(void **state)
{
	static const int64_t sizes[][3] = {
		{128, 100, 700}, {33, 300, 1100}, {300, 33, 520}, {1, 500, 800}, {500, 1, 600},
		{7, 260, 513}, {250, 250, 30}, {128, 10, 800}, {3, 3, 5000}, {130, 257, 64},
	};

	(void)state;
	rt_rng_seed(&draw_rng, 3);
	for (size_t i = 0; i < RT_COUNT(sizes); i++)
		check_all(sizes[i][0], sizes[i][1], sizes[i][2]);
}

static void gemm_of_nothing_is_the_bias(void **state)
{
	const float bias[2] = {3, -4};
	const struct rt_gemm_post post = {.bias = bias, .lo = 0, .hi = INFINITY};
	float C[4] = {1, 2, 3, 4};

	(void)state;
	rt_gemm(false, false, 0, 2, 3, 1, C, 3, C, 2, 0, C, 2);
	assert_true(C[0] == 1 && C[3] == 4);
	rt_gemm(false, false, 2, 2, 0, 1, C, 1, C, 2, 0.5f, C, 2);
	assert_true(C[0] == 0.5f && C[1] == 1 && C[2] == 1.5f && C[3] == 2);
	rt_gemm_post(false, true, 2, 2, 0, 1, C, 1, C, 1, C, 2, &post);
	assert_true(C[0] == 3 && C[1] == 0 && C[2] == 3 && C[3] == 0);
}

static void gemm_gives_the_same_bits_every_time(void **state)
{
	float *A = draw(128 * 700), *B = draw(700 * 90), *first = filled(128 * 90, 0);
	float *again = filled(128 * 90, 1);

	(void)state;
	rt_threads_set(2);
	for (int tb = 0; tb < 2; tb++) {
		rt_gemm(false, tb, 128, 90, 700, 1, A, 700, B, tb ? 700 : 90, 0, first, 90);
		for (int i = 0; i < 5; i++) {
			rt_gemm(false, tb, 128, 90, 700, 1, A, 700, B, tb ? 700 : 90, 0, again, 90);
			assert_memory_equal(first, again, sizeof(float) * 128 * 90);
		}
	}
	free(A);
	free(B);
	free(first);
	free(again);
}

static int cases(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gemm_agrees_with_the_formula_on_small_matrices),
		cmocka_unit_test(gemm_agrees_with_the_formula_on_matrices_of_some_tiles),
		cmocka_unit_test(gemm_agrees_with_the_formula_on_large_matrices),
		cmocka_unit_test(gemm_of_nothing_is_the_bias),
		cmocka_unit_test(gemm_gives_the_same_bits_every_time),
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
