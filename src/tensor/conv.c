/* conv.c - chooses the convolution kernel, and what all kernels have in common. */
#include "config.h"

#include "tensor/clear.h"
#include "tensor/conv.h"
#include "tensor/conv_kernel.h"
#include "tensor/parallel.h"

#include <math.h>

/* The first that fits is taken; the last fits always. */
static const struct conv_kernel *const kernels[] = {
	&conv_channels, &conv_depthwise, &conv_1x1, &conv_winograd, &conv_samples, &conv_flat,
	&conv_direct, &conv_gemm};

static const struct conv_kernel *choose(const struct rt_conv *g, enum rt_conv_direction direction)
{
	size_t i = 0;

	while (kernels[i]->fits && !kernels[i]->fits(g, direction))
		i++;
	return kernels[i];
}

size_t rt_conv_work(const struct rt_conv *g, bool backward)
{
	size_t most = 0;

	for (int i = RT_CONV_FORWARD; i <= (backward ? RT_CONV_WEIGHTS : RT_CONV_FORWARD); i++) {
		const struct conv_kernel *k = choose(g, (enum rt_conv_direction)i);
		size_t bytes = k->work ? k->work(g, (enum rt_conv_direction)i) : 0;

		most = most > bytes ? most : bytes;
	}
	return most;
}

size_t rt_conv_kept(const struct rt_conv *g)
{
	const struct conv_kernel *k = choose(g, RT_CONV_FORWARD);

	return k->kept ? k->kept(g) : 0;
}

bool rt_conv_pools(const struct rt_conv *g)
{
	const struct conv_kernel *k = choose(g, RT_CONV_FORWARD);

	return k->pools && g->win.out[0] > 1 && g->win.out[1] > 1 && k->pools(g);
}

void rt_conv_forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		     const float *b, void *work)
{
	const struct rt_conv_post post = {.bias = b, .lo = -INFINITY, .hi = INFINITY};

	rt_conv_forward_post(g, y, x, w, &post, work);
}

void rt_conv_forward_post(const struct rt_conv *g, float *y, const float *x, const float *w,
			  const struct rt_conv_post *post, void *work)
{
	choose(g, RT_CONV_FORWARD)->forward(g, y, x, w, post, work);
}

void rt_conv_backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			   void *work)
{
	const struct conv_kernel *k = choose(g, RT_CONV_DATA);

	if (g->fresh && !k->sets)
		rt_clear(dx, g->N * g->C * g->win.in[0] * g->win.in[1]);
	k->backward_data(g, dx, dy, w, work);
}

void rt_conv_backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			      void *work)
{
	choose(g, RT_CONV_WEIGHTS)->backward_weights(g, dw, dy, x, work);
}

/* One plane of PQ numbers. */
static void post_plane(float *y, const float *add, int64_t PQ, float a, float c, float lo, float hi)
{
#pragma omp simd
	for (int64_t i = 0; i < PQ; i++) {
		float v = a * y[i] + c + (add ? add[i] : 0);

		v = v < lo ? lo : v;
		y[i] = v > hi ? hi : v;
	}
}

bool conv_post_is_bias(const struct rt_conv_post *post)
{
	return !post->scale && !post->add && isinf(post->lo) && isinf(post->hi);
}

void conv_post(const struct rt_conv *g, float *y, const struct rt_conv_post *post)
{
	rt_conv_apply_post(g->N, g->K, g->win.out[0] * g->win.out[1], y, post);
}

void rt_conv_apply_post(int64_t N, int64_t K, int64_t PQ, float *y, const struct rt_conv_post *post)
{
	const int64_t planes = N * K;
	const int n = rt_split(planes, planes * PQ);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		const int64_t k = i % K;

		post_plane(y + i * PQ, post->add ? post->add + i * PQ : NULL, PQ,
			   post->scale ? post->scale[k] : 1, post->bias ? post->bias[k] : 0,
			   post->lo, post->hi);
	}
}

void rt_conv_backward_bias(const struct rt_conv *g, float *db, const float *dy)
{
	const int64_t N = g->N, K = g->K, PQ = g->win.out[0] * g->win.out[1];
	int n = rt_split(K, N * K * PQ);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t k = 0; k < K; k++) {
		double sum = 0;

		for (int64_t i = 0; i < N; i++) {
			const float *restrict row = dy + (i * K + k) * PQ;
			float part = 0;

#pragma omp simd reduction(+ : part)
			for (int64_t j = 0; j < PQ; j++)
				part += row[j];
			sum += part;
		}
		db[k] += (float)sum;
	}
}

int64_t rt_conv_macs(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;

	return g->N * g->K * w->out[0] * w->out[1] * (g->C / g->groups) * w->kernel[0] *
	       w->kernel[1];
}

const char *rt_conv_kernel_name(const struct rt_conv *g, enum rt_conv_direction direction)
{
	return choose(g, direction)->name;
}
