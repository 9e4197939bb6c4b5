/* conv_nd.c - convolution over any number of spatial dimensions as matrix products. */
#include "config.h"

#include "tensor/conv_nd.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"

/* Sizes of one group: x (c,X), w (k,c R), y (k,P), columns (c R,P). */
struct sizes {
	int64_t c, k, X, P, R;
};

static struct sizes sizes(const struct rt_conv_nd *g)
{
	const struct rt_window_nd *w = &g->win;

	return (struct sizes){g->C / g->groups, g->K / g->groups, rt_sizes(w->n, w->in),
			      rt_sizes(w->n, w->out), rt_sizes(w->n, w->kernel)};
}

size_t rt_conv_nd_work(const struct rt_conv_nd *g)
{
	struct sizes s = sizes(g);

	return (size_t)(s.c * s.R * s.P) * sizeof(float);
}

void rt_unfold_nd(int64_t planes, const struct rt_window_nd *w, float *col, const float *x)
{
	int64_t X = rt_sizes(w->n, w->in), P = rt_sizes(w->n, w->out);
	int64_t R = rt_sizes(w->n, w->kernel);
	int threads = rt_split(planes * R, planes * R * P * 8);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t row = 0; row < planes * R; row++) {
		int64_t tap[RT_WINDOW_DIMS], out[RT_WINDOW_DIMS], at;
		const float *plane = x + row / R * X;

		rt_unravel(w->n, w->kernel, row % R, tap);
		for (int64_t p = 0; p < P; p++) {
			rt_unravel(w->n, w->out, p, out);
			col[row * P + p] = rt_window_nd_at(w, out, tap, &at) ? plane[at] : 0;
		}
	}
}

/* A thread owns planes. */
void rt_fold_nd(int64_t planes, const struct rt_window_nd *w, float *x, const float *col)
{
	int64_t X = rt_sizes(w->n, w->in), P = rt_sizes(w->n, w->out);
	int64_t R = rt_sizes(w->n, w->kernel);
	int threads = rt_split(planes, planes * R * P * 8);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t c = 0; c < planes; c++) {
		int64_t tap[RT_WINDOW_DIMS], out[RT_WINDOW_DIMS], at;

		for (int64_t row = c * R; row < (c + 1) * R; row++) {
			rt_unravel(w->n, w->kernel, row % R, tap);
			for (int64_t p = 0; p < P; p++) {
				rt_unravel(w->n, w->out, p, out);
				if (rt_window_nd_at(w, out, tap, &at))
					x[c * X + at] += col[row * P + p];
			}
		}
	}
}

void rt_conv_nd_forward(const struct rt_conv_nd *g, float *y, const float *x, const float *w,
			void *work)
{
	struct sizes s = sizes(g);
	float *col = work;

	for (int64_t i = 0; i < g->N * g->groups; i++) {
		rt_unfold_nd(s.c, &g->win, col, x + i * s.c * s.X);
		rt_gemm(false, false, s.k, s.P, s.c * s.R, 1, w + i % g->groups * s.k * s.c * s.R,
			s.c * s.R, col, s.P, 1, y + i * s.k * s.P, s.P);
	}
}

void rt_conv_nd_backward_data(const struct rt_conv_nd *g, float *dx, const float *dy,
			      const float *w, void *work)
{
	struct sizes s = sizes(g);
	float *col = work;

	for (int64_t i = 0; i < g->N * g->groups; i++) {
		rt_gemm(true, false, s.c * s.R, s.P, s.k, 1, w + i % g->groups * s.k * s.c * s.R,
			s.c * s.R, dy + i * s.k * s.P, s.P, 0, col, s.P);
		rt_fold_nd(s.c, &g->win, dx + i * s.c * s.X, col);
	}
}

void rt_conv_nd_backward_weights(const struct rt_conv_nd *g, float *dw, const float *dy,
				 const float *x, void *work)
{
	struct sizes s = sizes(g);
	float *col = work;

	for (int64_t i = 0; i < g->N * g->groups; i++) {
		rt_unfold_nd(s.c, &g->win, col, x + i * s.c * s.X);
		rt_gemm(false, true, s.k, s.c * s.R, s.P, 1, dy + i * s.k * s.P, s.P, col, s.P, 1,
			dw + i % g->groups * s.k * s.c * s.R, s.c * s.R);
	}
}

void rt_conv_nd_bias(int64_t N, int64_t K, int64_t P, float *y, const float *b)
{
	for (int64_t i = 0; i < N * K; i++)
		for (int64_t p = 0; p < P; p++)
			y[i * P + p] = b ? b[i % K] : 0;
}

void rt_conv_nd_backward_bias(int64_t N, int64_t K, int64_t P, float *db, const float *dy)
{
	for (int64_t k = 0; k < K; k++) {
		double sum = 0;

		for (int64_t n = 0; n < N; n++)
			for (int64_t p = 0; p < P; p++)
				sum += (double)dy[(n * K + k) * P + p];
		db[k] += (float)sum;
	}
}
