/* conv_depthwise.c - convolution where every group has one input channel: plane by plane, tap by
 * tap. */
#include "config.h"

#include "tensor/conv_kernel.h"
#include "tensor/parallel.h"

/* One image channel is better off with a matrix product: all filters share its unfolding. */
static bool fits(const struct rt_conv *g, enum rt_conv_direction direction)
{
	(void)direction;
	return g->groups == g->C && g->C > 1;
}

/* y (P,Q) += x (H,W) under one tap, times v. */
static void add_tap(const struct rt_tap *t, int64_t Q, float *restrict y, const float *restrict x,
		    float v)
{
	const int64_t n = t->q1 - t->q0;

	for (int64_t p = t->p0; p < t->p1; p++) {
		float *restrict to = y + p * Q + t->q0;
		const float *restrict from = x + t->from + (p - t->p0) * t->down;

		if (t->right == 1) {
#pragma omp simd
			for (int64_t q = 0; q < n; q++)
				to[q] += v * from[q];
		} else {
			for (int64_t q = 0; q < n; q++)
				to[q] += v * from[q * t->right];
		}
	}
}

/* dx (H,W) under one tap += dy (P,Q) times v. */
static void spread_tap(const struct rt_tap *t, int64_t Q, float *restrict dx,
		       const float *restrict dy, float v)
{
	const int64_t n = t->q1 - t->q0;

	for (int64_t p = t->p0; p < t->p1; p++) {
		float *restrict to = dx + t->from + (p - t->p0) * t->down;
		const float *restrict from = dy + p * Q + t->q0;

		if (t->right == 1) {
#pragma omp simd
			for (int64_t q = 0; q < n; q++)
				to[q] += v * from[q];
		} else {
			for (int64_t q = 0; q < n; q++)
				to[q * t->right] += v * from[q];
		}
	}
}

/* Sum over the outputs of dy (P,Q) times x (H,W) under one tap. */
static double dot_tap(const struct rt_tap *t, int64_t Q, const float *restrict dy,
		      const float *restrict x)
{
	const int64_t n = t->q1 - t->q0;
	double sum = 0;

	for (int64_t p = t->p0; p < t->p1; p++) {
		const float *restrict a = dy + p * Q + t->q0;
		const float *restrict b = x + t->from + (p - t->p0) * t->down;
		float row = 0;

		if (t->right == 1) {
#pragma omp simd reduction(+ : row)
			for (int64_t q = 0; q < n; q++)
				row += a[q] * b[q];
		} else {
			for (int64_t q = 0; q < n; q++)
				row += a[q] * b[q * t->right];
		}
		sum += row;
	}
	return sum;
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work)
{
	const bool only_bias = conv_post_is_bias(post);
	const float *b = only_bias ? post->bias : NULL;
	const struct rt_window *win = &g->win;
	const int64_t K = g->K, C = g->C, HW = win->in[0] * win->in[1];
	const int64_t P = win->out[0], Q = win->out[1], PQ = P * Q, S = win->kernel[1];
	const int64_t RS = win->kernel[0] * S, planes = g->N * K;
	int n = rt_split(planes, rt_conv_macs(g));

	(void)work;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		const int64_t k = i % K, c = i / K * C + k / (K / C);
		float *plane = y + i * PQ;

		for (int64_t j = 0; j < PQ; j++)
			plane[j] = b ? b[k] : 0;
		for (int64_t rs = 0; rs < RS; rs++) {
			struct rt_tap t = rt_window_tap(win, rs / S, rs % S, 0, P);

			add_tap(&t, Q, plane, x + c * HW, w[k * RS + rs]);
		}
	}
	if (!only_bias)
		conv_post(g, y, post);
}

static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work)
{
	const struct rt_window *win = &g->win;
	const int64_t C = g->C, K = g->K, M = K / C, HW = win->in[0] * win->in[1];
	const int64_t P = win->out[0], Q = win->out[1], PQ = P * Q, S = win->kernel[1];
	const int64_t RS = win->kernel[0] * S, planes = g->N * C;
	int n = rt_split(planes, rt_conv_macs(g));

	(void)work;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		for (int64_t j = 0; j < M * RS; j++) {
			const int64_t k = i % C * M + j / RS, rs = j % RS;
			struct rt_tap t = rt_window_tap(win, rs / S, rs % S, 0, P);

			spread_tap(&t, Q, dx + i * HW, dy + (i / C * K + k) * PQ, w[k * RS + rs]);
		}
	}
}

/* Each thread owns whole output channels, so that sums over images have one order. */
static void backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			     void *work)
{
	const struct rt_window *win = &g->win;
	const int64_t N = g->N, C = g->C, K = g->K, HW = win->in[0] * win->in[1];
	const int64_t P = win->out[0], Q = win->out[1], PQ = P * Q, S = win->kernel[1];
	const int64_t RS = win->kernel[0] * S;
	int n = rt_split(K, rt_conv_macs(g));

	(void)work;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t k = 0; k < K; k++) {
		for (int64_t rs = 0; rs < RS; rs++) {
			struct rt_tap t = rt_window_tap(win, rs / S, rs % S, 0, P);
			double sum = 0;

			for (int64_t i = 0; i < N; i++)
				sum += dot_tap(&t, Q, dy + (i * K + k) * PQ,
					       x + (i * C + k / (K / C)) * HW);
			dw[k * RS + rs] += (float)sum;
		}
	}
}

const struct conv_kernel conv_depthwise = {
	.name = "depthwise",
	.can = fits,
	.fits = fits,
	.forward = forward,
	.backward_data = backward_data,
	.backward_weights = backward_weights,
};
