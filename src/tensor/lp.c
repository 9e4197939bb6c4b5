/* lp.c - lengths by the p-norm along lines and over windows. */
#include "config.h"

#include "tensor/lp.h"
#include "tensor/parallel.h"

#include <math.h>

static double power(double x, int64_t p)
{
	x = fabs(x);
	return p == 1 ? x : p == 2 ? x * x : pow(x, (double)p);
}

static float root(double sum, int64_t p)
{
	return (float)(p == 1 ? sum : p == 2 ? sqrt(sum) : pow(sum, 1 / (double)p));
}

static float slope(float x, float y, int64_t p)
{
	float ratio = fabsf(x) / y;

	if (y == 0 || x == 0)
		return 0;
	return copysignf(p == 1 ? 1 : p == 2 ? ratio : powf(ratio, (float)(p - 1)), x);
}

void rt_lp(int64_t A, int64_t D, int64_t B, int64_t p, float *y, const float *x)
{
	int threads = rt_split(A * B, A * B * D * 4);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		const float *line = x + i / B * D * B + i % B;
		double sum = 0;

		for (int64_t d = 0; d < D; d++)
			sum += power((double)line[d * B], p);
		y[i] = root(sum, p);
	}
}

void rt_lp_backward(int64_t A, int64_t D, int64_t B, int64_t p, float *dx, const float *dy,
		    const float *y, const float *x)
{
	int threads = rt_split(A * B, A * B * D * 4);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		int64_t first = i / B * D * B + i % B;

		for (int64_t d = 0; d < D; d++)
			dx[first + d * B] += dy[i] * slope(x[first + d * B], y[i], p);
	}
}

void rt_lp_pool(int64_t planes, const struct rt_window_nd *w, int64_t p, float *y, const float *x)
{
	int64_t in = rt_sizes(w->n, w->in), out = rt_sizes(w->n, w->out);
	int64_t taps = rt_sizes(w->n, w->kernel);
	int threads = rt_split(planes * out, planes * out * taps * 8);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < planes * out; i++) {
		int64_t place[RT_WINDOW_DIMS], tap[RT_WINDOW_DIMS], at;
		double sum = 0;

		rt_unravel(w->n, w->out, i % out, place);
		for (int64_t t = 0; t < taps; t++) {
			rt_unravel(w->n, w->kernel, t, tap);
			if (rt_window_nd_at(w, place, tap, &at))
				sum += power((double)x[i / out * in + at], p);
		}
		y[i] = root(sum, p);
	}
}

void rt_lp_pool_backward(int64_t planes, const struct rt_window_nd *w, int64_t p, float *dx,
			 const float *dy, const float *y, const float *x)
{
	int64_t in = rt_sizes(w->n, w->in), out = rt_sizes(w->n, w->out);
	int64_t taps = rt_sizes(w->n, w->kernel);
	int threads = rt_split(planes, planes * out * taps * 8);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t plane = 0; plane < planes; plane++) {
		int64_t place[RT_WINDOW_DIMS], tap[RT_WINDOW_DIMS], at;

		for (int64_t i = plane * out; i < (plane + 1) * out; i++) {
			rt_unravel(w->n, w->out, i % out, place);
			for (int64_t t = 0; t < taps; t++) {
				rt_unravel(w->n, w->kernel, t, tap);
				if (rt_window_nd_at(w, place, tap, &at))
					dx[plane * in + at] +=
						dy[i] * slope(x[plane * in + at], y[i], p);
			}
		}
	}
}
