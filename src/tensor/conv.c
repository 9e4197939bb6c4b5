/* conv.c - chooses the convolution kernel, and what all kernels have in common. */
#include "config.h"

#include "tensor/conv.h"
#include "tensor/conv_kernel.h"
#include "tensor/parallel.h"

/* The first that fits is taken; the last fits always. */
static const struct conv_kernel *const kernels[] = {&conv_depthwise, &conv_gemm};

static const struct conv_kernel *choose(const struct rt_conv *g)
{
	size_t i = 0;

	while (kernels[i]->fits && !kernels[i]->fits(g))
		i++;
	return kernels[i];
}

size_t rt_conv_work(const struct rt_conv *g, bool backward)
{
	const struct conv_kernel *k = choose(g);

	return k->work ? k->work(g, backward) : 0;
}

void rt_conv_forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		     const float *b, void *work)
{
	choose(g)->forward(g, y, x, w, b, work);
}

void rt_conv_backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			   void *work)
{
	choose(g)->backward_data(g, dx, dy, w, work);
}

void rt_conv_backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			      void *work)
{
	choose(g)->backward_weights(g, dw, dy, x, work);
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

const char *rt_conv_kernel_name(const struct rt_conv *g)
{
	return choose(g)->name;
}
