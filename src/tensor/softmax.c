/* softmax.c - softmax and log-softmax, one line of D elements, B apart, at a time. */
#include "config.h"

#include "tensor/softmax.h"
#include "tensor/parallel.h"
#include "tensor/pointwise_table.h"

/* Exponentials and logarithms cost about this many elementary operations. */
#define EXP_WORK 8

/* First element of line i. */
static int64_t line_at(int64_t i, int64_t D, int64_t B)
{
	return i / B * D * B + i % B;
}

static void forward(const struct rt_line_kernels *k, int64_t A, int64_t D, int64_t B, float *y,
		    const float *x)
{
	int n = rt_split(A * B, A * D * B * EXP_WORK);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		const int64_t at = line_at(i, D, B);

		k->values(D, B, y + at, x + at);
	}
}

static void backward(const struct rt_line_kernels *k, int64_t A, int64_t D, int64_t B, float *dx,
		     const float *dy, const float *y, bool set)
{
	int n = rt_split(A * B, A * D * B * EXP_WORK);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		const int64_t at = line_at(i, D, B);

		k->grad(D, B, dx + at, dy + at, y + at, set);
	}
}

void rt_softmax(int64_t A, int64_t D, int64_t B, float *y, const float *x)
{
	forward(&rt_pointwise_kernels()->softmax, A, D, B, y, x);
}

void rt_softmax_backward(int64_t A, int64_t D, int64_t B, float *dx, const float *dy,
			 const float *y, bool set)
{
	backward(&rt_pointwise_kernels()->softmax, A, D, B, dx, dy, y, set);
}

void rt_log_softmax(int64_t A, int64_t D, int64_t B, float *y, const float *x)
{
	forward(&rt_pointwise_kernels()->log_softmax, A, D, B, y, x);
}

void rt_log_softmax_backward(int64_t A, int64_t D, int64_t B, float *dx, const float *dy,
			     const float *y, bool set)
{
	backward(&rt_pointwise_kernels()->log_softmax, A, D, B, dx, dy, y, set);
}
