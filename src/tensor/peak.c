/* peak.c - measuring the peak of arithmetic and of memory. */
#include "config.h"

#include "tensor/peak.h"
#include "base/sys.h"
#include "tensor/isa.h"

#include <stdint.h>
#include <stdlib.h>

#define STEPS 200000

/* Sixteen independent chains hide the latency of the multiply-add; width: numbers in a register. */
#define PEAK_LOOP(name, width)                                                                     \
	static float name(void)                                                                    \
	{                                                                                          \
		typedef float vec __attribute__((vector_size(4 * width)));                         \
		vec acc[16], a, b, sum = {0};                                                      \
		float total = 0;                                                                   \
                                                                                                   \
		for (int i = 0; i < width; i++) {                                                  \
			a[i] = 0.999f;                                                             \
			b[i] = 1e-3f;                                                              \
		}                                                                                  \
		for (int k = 0; k < 16; k++)                                                       \
			acc[k] = b;                                                                \
		for (int step = 0; step < STEPS; step++)                                           \
			for (int k = 0; k < 16; k++)                                               \
				acc[k] = acc[k] * a + b;                                           \
		for (int k = 0; k < 16; k++)                                                       \
			sum += acc[k];                                                             \
		for (int i = 0; i < width; i++)                                                    \
			total += sum[i];                                                           \
		return total;                                                                      \
	}

#ifdef __clang__
#pragma clang fp contract(fast)
#else
#pragma GCC push_options
#pragma GCC optimize("fp-contract=fast")
#endif
PEAK_LOOP(loop_base, 4)
#if defined(__x86_64__)
RT_ISA_BEGIN_AVX2
PEAK_LOOP(loop_avx2, 8)
RT_ISA_END
RT_ISA_BEGIN_AVX512
PEAK_LOOP(loop_avx512, 16)
RT_ISA_END
#endif
#ifndef __clang__
#pragma GCC pop_options
#endif

static float run_loop(int *width)
{
#if defined(__x86_64__)
	if (rt_isa() == RT_ISA_AVX512) {
		*width = 16;
		return loop_avx512();
	}
	if (rt_isa() == RT_ISA_AVX2) {
		*width = 8;
		return loop_avx2();
	}
#endif
	*width = 4;
	return loop_base();
}

double rt_peak_flops(double seconds)
{
	double end = rt_now() + seconds, best = 0;
	float sink = 0;

	do {
		double start = rt_now(), work, took;
		int width = 4;

#pragma omp parallel num_threads(rt_threads()) reduction(+ : sink)
		{
			int w;

			sink += run_loop(&w);
#pragma omp single
			width = w;
		}
		took = rt_now() - start;
		work = 2.0 * 16 * STEPS * width * rt_threads();
		best = work / took > best ? work / took : best;
	} while (rt_now() < end);
	/* the sum is finite; using it keeps the loops from being removed */
	return sink == sink ? best * 1e-9 : 0;
}

double rt_peak_stream(double seconds)
{
	const int64_t n = (int64_t)1 << 25;
	float *a = malloc((size_t)n * sizeof(*a)), *b = malloc((size_t)n * sizeof(*b));
	float *c = malloc((size_t)n * sizeof(*c));
	double best = 0, end;

	if (a && b && c) {
#pragma omp parallel for num_threads(rt_threads())
		for (int64_t i = 0; i < n; i++) {
			a[i] = 0;
			b[i] = 1;
			c[i] = 2;
		}
		end = rt_now() + seconds;
		do {
			double start = rt_now(), rate;

#pragma omp parallel for num_threads(rt_threads())
			for (int64_t i = 0; i < n; i++)
				a[i] = b[i] + 3 * c[i];
			rate = 3.0 * (double)n * sizeof(float) / (rt_now() - start);
			best = rate > best ? rate : best;
		} while (rt_now() < end);
	}
	free(a);
	free(b);
	free(c);
	return best * 1e-9;
}
