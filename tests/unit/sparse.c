/* sparse.c - products with blocks of zeros give what dense weights give, on every instruction set.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include "base/rng.h"
#include "base/sys.h"
#include "tensor/sparse.h"
#include "tensor/sparse_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct rt_rng draws;

static int64_t draw(int64_t lo, int64_t hi)
{
	return lo + (int64_t)(rt_rng_uniform(&draws) * (double)(hi - lo + 1));
}

static float *numbers(int64_t n)
{
	float *v = aligned_alloc(64, (size_t)(n + 16) / 16 * 64);

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(2 * rt_rng_uniform(&draws) - 1);
	return v;
}

/* Weights (outputs, inputs) of which a fraction of blocks is zero, some inside of others, too. */
static float *thin(int64_t outputs, int64_t inputs, double fraction)
{
	float *w = numbers(outputs * inputs);

	for (int64_t p = 0; p < outputs; p += RT_SPARSE_BLOCK)
		for (int64_t i = 0; i < inputs; i++) {
			const bool gone = rt_rng_uniform(&draws) < fraction;

			for (int64_t o = p; o < p + RT_SPARSE_BLOCK && o < outputs; o++)
				if (gone || rt_rng_uniform(&draws) < 0.1)
					w[o * inputs + i] = 0;
		}
	return w;
}

static const struct sparse_table *tables[] = {
	&sparse_base,
#ifdef __x86_64__
	&sparse_avx2, &sparse_avx512,
#endif
};

static struct rt_sparse *packed(const struct rt_sparse_dense *d, int table)
{
	const int64_t n = rt_sparse_count(d);
	void *memory = aligned_alloc(64, rt_sparse_bytes(d->outputs, n));
	struct rt_sparse *s;

	assert_true(n == 0 || !rt_sparse_pack(memory, n - 1, d));
	s = rt_sparse_pack(memory, n, d);
	assert_non_null(s);
	assert_true(s->blocks == n);
	s->table = tables[table];
	return s;
}

static float clamp(float v, float lo, float hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* At most so many of four neighbouring inputs are left; some panels have fewer. */
static float *of_four(int64_t outputs, int64_t inputs, int slots)
{
	float *w = numbers(outputs * inputs);

	for (int64_t g = 0; g < outputs * inputs / 4; g++) {
		int64_t stay = draw(0, slots);

		for (int64_t k = 0; k < 4; k++) {
			if (rt_rng_uniform(&draws) * (double)(4 - k) < (double)stay)
				stay--;
			else
				w[g * 4 + k] = 0;
		}
	}
	return w;
}

static struct rt_sparse *picked(const struct rt_sparse_dense *d, int slots, int table)
{
	void *memory = aligned_alloc(64, rt_sparse_slots_bytes(d->outputs, d->inputs, slots));
	struct rt_sparse *s;

	assert_true(rt_sparse_slots(d) <= slots && rt_sparse_slots(d) > 0);
	s = rt_sparse_pack_slots(memory, slots, d);
	assert_non_null(s);
	s->table = tables[table];
	return s;
}

static void check_rows(int table, int round)
{
	const int slots = tables[table]->highest_picks ? round / 2 % 3 : 0;
	const int64_t M = draw(1, round % 3 ? 9 : 70), N = draw(1, 70);
	const int64_t K = slots ? 4 * draw(1, 15) : draw(1, 60);
	const int64_t ldx = K + draw(0, 3), ldy = N + draw(0, 3);
	const bool turned = round % 2 || slots;
	const float alpha = round % 5 ? 1 : 0.5f;
	float *w = slots    ? of_four(N, K, slots)
		   : turned ? thin(N, K, 0.6)
			    : thin(K, N, 0);
	float *x = numbers(M * ldx);
	float *y = numbers(M * ldy), *bias = numbers(N), *was = numbers(M * ldy);
	const struct rt_sparse_dense d = {w, N, K, turned ? K : 1, turned ? 1 : N};
	const struct rt_gemm_post post = {round % 3 ? bias : NULL, round % 4 ? -INFINITY : -0.5f,
					  round % 4 ? INFINITY : 0.5f};
	struct rt_sparse *s = slots ? picked(&d, slots, table) : packed(&d, table);

	memcpy(was, y, (size_t)(M * ldy) * sizeof(float));
	rt_sparse_gemm(s, M, alpha, x, ldx, y, ldy, &post);
	for (int64_t m = 0; m < M; m++) {
		for (int64_t n = 0; n < N; n++) {
			double sum = 0;

			for (int64_t k = 0; k < K; k++)
				sum += (double)x[m * ldx + k] *
				       (double)w[n * d.down + k * d.right];
			sum = (double)alpha * sum + (double)(post.bias ? bias[n] : 0);
			assert_float_equal(y[m * ldy + n], clamp((float)sum, post.lo, post.hi),
					   1e-5);
		}
		for (int64_t n = N; n < ldy; n++)
			assert_true(y[m * ldy + n] == was[m * ldy + n]);
	}
	free(s);
	free(w);
	free(x);
	free(y);
	free(bias);
	free(was);
}

static struct rt_conv geometry(int round)
{
	struct rt_conv g = {.N = draw(1, 3), .C = draw(1, 9), .K = draw(1, 40), .groups = 1};

	for (int a = 0; a < 2; a++) {
		struct rt_window *w = &g.win;
		int64_t reach;

		w->kernel[a] = round % 3 ? draw(1, 4) : 1;
		w->stride[a] = round % 2 ? draw(1, 3) : 1;
		w->dilation[a] = round % 5 ? 1 : draw(1, 2);
		w->pad[a] = round % 3 ? draw(0, 3) : 0;
		w->pad_end[a] = round % 3 ? draw(0, 3) : 0;
		reach = (w->kernel[a] - 1) * w->dilation[a] + 1;
		w->in[a] = draw(reach, 24);
		w->out[a] = (w->in[a] + w->pad[a] + w->pad_end[a] - reach) / w->stride[a] + 1;
	}
	return g;
}

static double slow_sum(const struct rt_conv *g, const float *x, const float *w, int64_t n,
		       int64_t k, int64_t p, int64_t q)
{
	const struct rt_window *v = &g->win;
	double sum = 0;

	for (int64_t c = 0; c < g->C; c++)
		for (int64_t r = 0; r < v->kernel[0]; r++)
			for (int64_t s = 0; s < v->kernel[1]; s++) {
				int64_t i = p * v->stride[0] + r * v->dilation[0] - v->pad[0];
				int64_t j = q * v->stride[1] + s * v->dilation[1] - v->pad[1];

				if (i < 0 || i >= v->in[0] || j < 0 || j >= v->in[1])
					continue;
				sum += (double)x[((n * g->C + c) * v->in[0] + i) * v->in[1] + j] *
				       (double)w[((k * g->C + c) * v->kernel[0] + r) *
							 v->kernel[1] +
						 s];
			}
	return sum;
}

static void check_conv(int table, int round)
{
	const struct rt_conv g = geometry(round);
	const int64_t P = g.win.out[0], Q = g.win.out[1], all = g.N * g.K * P * Q;
	float *w = thin(g.K, g.C * g.win.kernel[0] * g.win.kernel[1], 0.6);
	float *x = numbers(g.N * g.C * g.win.in[0] * g.win.in[1]), *y = numbers(all);
	float *scale = numbers(g.K), *bias = numbers(g.K), *add = numbers(all);
	const struct rt_sparse_dense d = rt_sparse_conv_dense(&g, w);
	const struct rt_conv_post post = {
		.scale = round % 2 ? scale : NULL, .bias = round % 3 ? bias : NULL,
		.add = round % 4 ? NULL : add, .lo = round % 5 ? 0 : -INFINITY, .hi = INFINITY};
	struct rt_sparse *s = packed(&d, table);
	void *work = aligned_alloc(64, rt_sparse_conv_work(&g) + 64);

	rt_sparse_conv_place(s, &g);
	rt_sparse_conv(s, &g, y, x, &post, work);
	for (int64_t i = 0; i < all; i++) {
		const int64_t k = i / (P * Q) % g.K;
		double sum = slow_sum(&g, x, w, i / (P * Q) / g.K, k, i / Q % P, i % Q);

		sum = sum * (double)(post.scale ? scale[k] : 1) +
		      (double)(post.bias ? bias[k] : 0) + (double)(post.add ? add[i] : 0);
		assert_float_equal(y[i], clamp((float)sum, post.lo, post.hi), 1e-5);
	}
	free(work);
	free(s);
	free(w);
	free(x);
	free(y);
	free(scale);
	free(bias);
	free(add);
}

static void each(void (*check)(int table, int round), int rounds)
{
	rt_rng_seed(&draws, 5);
	for (int threads = 1; threads <= 3; threads += 2) {
		rt_threads_set(threads);
		for (int t = 0; t <= (int)rt_isa() && t < (int)RT_COUNT(tables); t++)
			for (int round = 0; round < rounds; round++)
				check(t, round);
	}
}

static void rows_are_their_definition(void **state)
{
	(void)state;
	each(check_rows, 60);
}

static void convolution_is_its_definition(void **state)
{
	(void)state;
	each(check_conv, 60);
}

/* Large enough for threads: the same bits whatever their number, since each sum is one thread's. */
static void threads_do_not_show(void **state)
{
	const int64_t M = 40, N = 200, K = 300;
	const struct rt_gemm_post post = {.lo = -INFINITY, .hi = INFINITY};
	struct rt_conv g = {.N = 1, .C = 32, .K = 48, .groups = 1};
	float *w, *x, *y[2];
	struct rt_sparse_dense d;
	struct rt_sparse *s;

	(void)state;
	rt_rng_seed(&draws, 6);
	w = thin(N, K, 0.5);
	x = numbers(M * K);
	d = (struct rt_sparse_dense){w, N, K, K, 1};
	s = packed(&d, 0);
	for (int t = 0; t < 2; t++) {
		rt_threads_set(t ? 4 : 1);
		y[t] = numbers(M * N);
		rt_sparse_gemm(s, M, 1, x, K, y[t], N, &post);
	}
	assert_memory_equal(y[0], y[1], (size_t)(M * N) * sizeof(float));
	free(s);
	free(w);
	for (int a = 0; a < 2; a++) {
		g.win.in[a] = g.win.out[a] = 24;
		g.win.kernel[a] = 3;
		g.win.pad[a] = g.win.pad_end[a] = g.win.stride[a] = g.win.dilation[a] = 1;
	}
	w = thin(48, 288, 0.5);
	free(x);
	x = numbers(32 * 576);
	d = rt_sparse_conv_dense(&g, w);
	s = packed(&d, 0);
	rt_sparse_conv_place(s, &g);
	for (int t = 0; t < 2; t++) {
		const struct rt_conv_post after = {.lo = 0, .hi = INFINITY};
		void *work;

		rt_threads_set(t ? 4 : 1);
		work = aligned_alloc(64, rt_sparse_conv_work(&g));
		free(y[t]);
		y[t] = numbers(48 * 576);
		rt_sparse_conv(s, &g, y[t], x, &after, work);
		free(work);
	}
	assert_memory_equal(y[0], y[1], 48 * 576 * sizeof(float));
	free(s);
	free(w);
	free(x);
	free(y[0]);
	free(y[1]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_their_definition),
		cmocka_unit_test(convolution_is_its_definition),
		cmocka_unit_test(threads_do_not_show),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
