/* pool.c - maxima and means over windows: plane by plane, tap by tap along output rows. */
#include "config.h"

#include "tensor/pool.h"
#include "tensor/pool_table.h"
#include "tensor/parallel.h"

#include <math.h>

/* Outputs times taps: the work of one pass. */
static int64_t pool_work(const struct rt_pool *g)
{
	const struct rt_window *w = &g->win;

	return g->planes * w->out[0] * w->out[1] * w->kernel[0] * w->kernel[1];
}

static const struct pool_table *kernels(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &pool_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &pool_avx2;
#endif
	return &pool_base;
}

bool rt_pool_is_fours(const struct rt_window *w)
{
	for (int i = 0; i < 2; i++)
		if (w->kernel[i] != 2 || w->stride[i] != 2 || w->dilation[i] != 1 || w->pad[i] ||
		    2 * w->out[i] > w->in[i])
			return false;
	return true;
}

typedef void max_plane(const struct rt_window *w, float *y, int32_t *arg, const float *x);

/* Fours want rows of some outputs. */
static max_plane *max_kernel(const struct rt_window *w)
{
	return rt_pool_is_fours(w) && w->out[1] >= 4 ? kernels()->max_fours : kernels()->max_plane;
}

void rt_max_fours(int64_t H, int64_t W, int64_t row, float *y, const float *x)
{
	const struct rt_window w = {
		.in = {H, row}, .out = {H / 2, W / 2}, .kernel = {2, 2}, .stride = {2, 2},
		.dilation = {1, 1},
	};

	max_kernel(&w)(&w, y, NULL, x);
}

void rt_maxpool(const struct rt_pool *g, float *y, int32_t *argmax, const float *x)
{
	const int64_t HW = g->win.in[0] * g->win.in[1], PQ = g->win.out[0] * g->win.out[1];
	max_plane *plane = max_kernel(&g->win);
	int n = rt_split(g->planes, pool_work(g));

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < g->planes; i++)
		plane(&g->win, y + i * PQ, argmax ? argmax + i * PQ : NULL, x + i * HW);
}

/* dx (planes,from)[argmax] += dy (planes,to) */
static void route_back(int64_t planes, int64_t from, int64_t to, float *dx, const int32_t *argmax,
		       const float *dy)
{
	int n = rt_split(planes, planes * to);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		for (int64_t j = i * to; j < (i + 1) * to; j++) {
			if (argmax[j] >= 0)
				dx[i * from + argmax[j]] += dy[j];
		}
	}
}

void rt_maxpool_backward(const struct rt_pool *g, float *dx, const int32_t *argmax,
			 const float *dy)
{
	route_back(g->planes, g->win.in[0] * g->win.in[1], g->win.out[0] * g->win.out[1], dx,
		   argmax, dy);
}

/* Taps of output o along axis a that a mean divides by. */
static int64_t counted(const struct rt_pool *g, int a, int64_t o)
{
	const struct rt_window *w = &g->win;
	int64_t from = o * w->stride[a] - w->pad[a], to = from + w->kernel[a];
	int64_t end = w->in[a] + (g->count_pads ? w->pad_end[a] : 0);

	if (!g->count_pads && from < 0)
		from = 0;
	return (to < end ? to : end) - from;
}

static void mean_plane(const struct rt_pool *g, float *restrict y, const float *restrict x)
{
	const struct rt_window *w = &g->win;
	const int64_t P = w->out[0], Q = w->out[1], S = w->kernel[1];

	for (int64_t i = 0; i < P * Q; i++)
		y[i] = 0;
	for (int64_t rs = 0; rs < w->kernel[0] * S; rs++) {
		const struct rt_tap t = rt_window_tap(w, rs / S, rs % S, 0, P);

		for (int64_t p = t.p0; p < t.p1; p++) {
			float *restrict to = y + p * Q + t.q0;
			const float *restrict from = x + t.from + (p - t.p0) * t.down;

#pragma omp simd
			for (int64_t q = 0; q < t.q1 - t.q0; q++)
				to[q] += from[q * t.right];
		}
	}
	for (int64_t p = 0; p < P; p++, y += Q) {
		const int64_t rows = counted(g, 0, p);

		for (int64_t q = 0; q < Q; q++)
			y[q] /= (float)(rows * counted(g, 1, q));
	}
}

void rt_avgpool(const struct rt_pool *g, float *y, const float *x)
{
	const int64_t HW = g->win.in[0] * g->win.in[1], PQ = g->win.out[0] * g->win.out[1];
	int n = rt_split(g->planes, pool_work(g));

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < g->planes; i++)
		mean_plane(g, y + i * PQ, x + i * HW);
}

static void mean_plane_backward(const struct rt_pool *g, float *restrict dx,
				const float *restrict dy)
{
	const struct rt_window *w = &g->win;
	const int64_t Q = w->out[1], W = w->in[1];

	for (int64_t i = 0; i < w->out[0] * Q; i++) {
		const int64_t p = i / Q, q = i % Q;
		const int64_t h = p * w->stride[0] - w->pad[0], v = q * w->stride[1] - w->pad[1];
		const int64_t h0 = h < 0 ? 0 : h, v0 = v < 0 ? 0 : v;
		const int64_t h1 = h + w->kernel[0] < w->in[0] ? h + w->kernel[0] : w->in[0];
		const int64_t v1 = v + w->kernel[1] < W ? v + w->kernel[1] : W;
		const float d = dy[i] / (float)(counted(g, 0, p) * counted(g, 1, q));

		for (int64_t a = h0; a < h1; a++)
			for (int64_t b = v0; b < v1; b++)
				dx[a * W + b] += d;
	}
}

void rt_avgpool_backward(const struct rt_pool *g, float *dx, const float *dy)
{
	const int64_t HW = g->win.in[0] * g->win.in[1], PQ = g->win.out[0] * g->win.out[1];
	int n = rt_split(g->planes, pool_work(g));

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < g->planes; i++)
		mean_plane_backward(g, dx + i * HW, dy + i * PQ);
}

void rt_plane_mean(int64_t planes, int64_t n, float *y, const float *x)
{
	int threads = rt_split(planes, planes * n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		const float *restrict row = x + i * n;
		float sum = 0;

#pragma omp simd reduction(+ : sum)
		for (int64_t j = 0; j < n; j++)
			sum += row[j];
		y[i] = sum / (float)n;
	}
}

void rt_plane_mean_backward(int64_t planes, int64_t n, float *dx, const float *dy)
{
	int threads = rt_split(planes, planes * n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		float *restrict row = dx + i * n;
		const float d = dy[i] / (float)n;

#pragma omp simd
		for (int64_t j = 0; j < n; j++)
			row[j] += d;
	}
}

void rt_plane_max(int64_t planes, int64_t n, float *y, int32_t *argmax, const float *x)
{
	int threads = rt_split(planes, planes * n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		const float *row = x + i * n;
		int64_t best = 0;

		for (int64_t j = 1; j < n; j++) {
			if (row[j] > row[best] || (row[j] != row[j] && row[best] == row[best]))
				best = j;
		}
		y[i] = row[best];
		if (argmax)
			argmax[i] = (int32_t)best;
	}
}

void rt_plane_max_backward(int64_t planes, int64_t n, float *dx, const int32_t *argmax,
			   const float *dy)
{
	route_back(planes, n, 1, dx, argmax, dy);
}
