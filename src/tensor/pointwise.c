/* pointwise.c - functions of one number applied to whole arrays. */
#include "config.h"

#include "tensor/pointwise.h"
#include "tensor/parallel.h"
#include "tensor/pointwise_table.h"

/* Operations one element stands for: the costlier functions are worth threads sooner. */
#define COST 8

const struct rt_pointwise_table *rt_pointwise_kernels(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &rt_pointwise_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &rt_pointwise_avx2;
#endif
	return &rt_pointwise_base;
}

void rt_pointwise(enum rt_pointwise f, int64_t N, float *y, const float *x, float p, float q)
{
	const struct rt_pointwise_table *kernels = rt_pointwise_kernels();
	int n = rt_split(N, N * COST);

	if (n == 1) {	/* a region costs as much as some hundred elements */
		kernels->unary[f].values(N, y, x, p, q);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		int64_t lo = rt_slice(N, t, n), hi = rt_slice(N, t + 1, n);

		kernels->unary[f].values(hi - lo, y + lo, x + lo, p, q);
	}
}

void rt_pointwise_grad(enum rt_pointwise f, int64_t N, float *dx, const float *dy, const float *v,
		       float p, float q, bool set)
{
	const struct rt_pointwise_table *kernels = rt_pointwise_kernels();
	int n = rt_split(N, N * COST);

	if (n == 1) {
		kernels->unary[f].grad(N, dx, dy, v, p, q, set);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		int64_t lo = rt_slice(N, t, n), hi = rt_slice(N, t + 1, n);

		kernels->unary[f].grad(hi - lo, dx + lo, dy + lo, v + lo, p, q, set);
	}
}
