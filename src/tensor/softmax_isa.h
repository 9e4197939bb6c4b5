/* softmax_isa.h - one line of softmax.h, D elements that lie B apart; part of pointwise_isa.h. */
#ifndef RT_TENSOR_SOFTMAX_ISA_H
#define RT_TENSOR_SOFTMAX_ISA_H

#include <math.h>

#define MAXIMA 16

/* Several maxima side by side: clang makes no vector code of one that may meet a NaN. */
static inline float rt_line_max(const float *x, int64_t D, int64_t B)
{
	float best[MAXIMA], max = x[0];
	int64_t d = 0;

	for (int k = 0; k < MAXIMA; k++)
		best[k] = max;
	for (; d + MAXIMA <= D; d += MAXIMA) {
#pragma omp simd
		for (int k = 0; k < MAXIMA; k++) {
			const float v = x[(d + k) * B];

			best[k] = v > best[k] ? v : best[k];
		}
	}
	for (; d < D; d++)
		max = x[d * B] > max ? x[d * B] : max;
	for (int k = 0; k < MAXIMA; k++)
		max = best[k] > max ? best[k] : max;
	return max;
}

static inline void rt_softmax_line(int64_t D, int64_t B, float *y, const float *x)
{
	const float max = rt_line_max(x, D, B);
	float scale;
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (int64_t d = 0; d < D; d++) {
		y[d * B] = rt_expf(x[d * B] - max);
		sum += (double)y[d * B];
	}
	scale = (float)(1 / sum);
#pragma omp simd
	for (int64_t d = 0; d < D; d++)
		y[d * B] *= scale;
}

static inline void rt_softmax_line_grad(int64_t D, int64_t B, float *dx, const float *dy,
					const float *y, bool set)
{
	double dot = 0;
	float mean;

#pragma omp simd reduction(+ : dot)
	for (int64_t d = 0; d < D; d++)
		dot += (double)dy[d * B] * (double)y[d * B];
	mean = (float)dot;
#pragma omp simd
	for (int64_t d = 0; d < D; d++) {
		float g = y[d * B] * (dy[d * B] - mean);

		dx[d * B] = set ? g : dx[d * B] + g;
	}
}

static inline void rt_log_softmax_line(int64_t D, int64_t B, float *y, const float *x)
{
	const float max = rt_line_max(x, D, B);
	float log_sum;
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (int64_t d = 0; d < D; d++)
		sum += (double)rt_expf(x[d * B] - max);
	log_sum = (float)log(sum);
#pragma omp simd
	for (int64_t d = 0; d < D; d++)
		y[d * B] = x[d * B] - max - log_sum;
}

static inline void rt_log_softmax_line_grad(int64_t D, int64_t B, float *dx, const float *dy,
					    const float *y, bool set)
{
	double sum = 0;
	float all;

#pragma omp simd reduction(+ : sum)
	for (int64_t d = 0; d < D; d++)
		sum += (double)dy[d * B];
	all = (float)sum;
#pragma omp simd
	for (int64_t d = 0; d < D; d++) {
		float g = dy[d * B] - rt_expf(y[d * B]) * all;

		dx[d * B] = set ? g : dx[d * B] + g;
	}
}

/* With B = 1 on its own, so that it becomes vector code. */
#define LINE(name)                                                                                 \
	static void name(int64_t D, int64_t B, float *y, const float *x)                           \
	{                                                                                          \
		if (B == 1)                                                                        \
			rt_##name##_line(D, 1, y, x);                                              \
		else                                                                               \
			rt_##name##_line(D, B, y, x);                                              \
	}                                                                                          \
	static void name##_grad(int64_t D, int64_t B, float *dx, const float *dy, const float *y,  \
				bool set)                                                          \
	{                                                                                          \
		if (B == 1)                                                                        \
			rt_##name##_line_grad(D, 1, dx, dy, y, set);                               \
		else                                                                               \
			rt_##name##_line_grad(D, B, dx, dy, y, set);                               \
	}
LINE(softmax)
LINE(log_softmax)

#endif
