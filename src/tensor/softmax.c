/* softmax.c - softmax and log-softmax, one line of D elements, B apart, at a time. */
#include "config.h"

#include "tensor/softmax.h"
#include "tensor/fmath.h"
#include "tensor/parallel.h"

#include <math.h>

/* Exponentials and logarithms cost about this many elementary operations. */
#define EXP_WORK 8

static float line_max(const float *x, int64_t D, int64_t B)
{
	float max = x[0];

	for (int64_t d = 1; d < D; d++)
		max = x[d * B] > max ? x[d * B] : max;
	return max;
}

/* First element of line i. */
static int64_t line_at(int64_t i, int64_t D, int64_t B)
{
	return i / B * D * B + i % B;
}

/* One line; inlined with B = 1 too, which becomes vector code. */
static inline void softmax_line(float *to, const float *from, int64_t D, int64_t B)
{
	const float max = line_max(from, D, B);
	float scale;
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (int64_t d = 0; d < D; d++) {
		to[d * B] = rt_expf(from[d * B] - max);
		sum += (double)to[d * B];
	}
	scale = (float)(1 / sum);
#pragma omp simd
	for (int64_t d = 0; d < D; d++)
		to[d * B] *= scale;
}

void rt_softmax(int64_t A, int64_t D, int64_t B, float *y, const float *x)
{
	int n = rt_split(A * B, A * D * B * EXP_WORK);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		const int64_t at = line_at(i, D, B);

		if (B == 1)
			softmax_line(y + at, x + at, D, 1);
		else
			softmax_line(y + at, x + at, D, B);
	}
}

void rt_softmax_backward(int64_t A, int64_t D, int64_t B, float *dx, const float *dy,
			 const float *y)
{
	int n = rt_split(A * B, A * D * B);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		const int64_t at = line_at(i, D, B);
		double dot = 0;

		for (int64_t d = 0; d < D; d++)
			dot += (double)dy[at + d * B] * (double)y[at + d * B];
		for (int64_t d = 0; d < D; d++)
			dx[at + d * B] += y[at + d * B] * (dy[at + d * B] - (float)dot);
	}
}

static inline void log_softmax_line(float *to, const float *from, int64_t D, int64_t B)
{
	const float max = line_max(from, D, B);
	float log_sum;
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (int64_t d = 0; d < D; d++)
		sum += (double)rt_expf(from[d * B] - max);
	log_sum = (float)log(sum);
#pragma omp simd
	for (int64_t d = 0; d < D; d++)
		to[d * B] = from[d * B] - max - log_sum;
}

void rt_log_softmax(int64_t A, int64_t D, int64_t B, float *y, const float *x)
{
	int n = rt_split(A * B, A * D * B * EXP_WORK);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		const int64_t at = line_at(i, D, B);

		if (B == 1)
			log_softmax_line(y + at, x + at, D, 1);
		else
			log_softmax_line(y + at, x + at, D, B);
	}
}

void rt_log_softmax_backward(int64_t A, int64_t D, int64_t B, float *dx, const float *dy,
			     const float *y)
{
	int n = rt_split(A * B, A * D * B * EXP_WORK);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < A * B; i++) {
		const int64_t at = line_at(i, D, B);
		double sum = 0;

		for (int64_t d = 0; d < D; d++)
			sum += (double)dy[at + d * B];
		for (int64_t d = 0; d < D; d++)
			dx[at + d * B] += dy[at + d * B] - rt_expf(y[at + d * B]) * (float)sum;
	}
}
