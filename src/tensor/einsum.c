/* einsum.c - sums of products over named axes. */
#include "config.h"

#include "tensor/einsum.h"
#include "tensor/parallel.h"

static int64_t count(const struct rt_einsum *e, int from, int to)
{
	int64_t n = 1;

	for (int a = from; a < to; a++)
		n *= e->size[a];
	return n;
}

/* at[k] += where iteration i of the axes [from, to) lies in operand k. */
static void advance(const struct rt_einsum *e, int from, int to, int64_t i, int64_t *at)
{
	for (int a = to - 1; a >= from; a--) {
		int64_t index = i % e->size[a];

		i /= e->size[a];
		for (int k = 0; k < e->operands; k++)
			at[k] += index * e->step[k][a];
	}
}

/* The product of all operands, summed along the last axis. */
static double along_last(const struct rt_einsum *e, const int64_t *at, const float *const *x)
{
	int last = e->axes - 1;
	double sum = 0;

	for (int64_t i = 0; i < e->size[last]; i++) {
		float term = 1;

		for (int k = 0; k < e->operands; k++)
			term *= x[k][at[k] + i * e->step[k][last]];
		sum += (double)term;
	}
	return sum;
}

static double product(const struct rt_einsum *e, int but, const int64_t *at, const float *const *x)
{
	double term = 1;

	for (int k = 0; k < e->operands; k++)
		if (k != but)
			term *= (double)x[k][at[k]];
	return term;
}

void rt_einsum(const struct rt_einsum *e, float *y, const float *const *x)
{
	int64_t outs = count(e, 0, e->out_axes), sums = count(e, e->out_axes, e->axes);
	int64_t rows = e->axes > e->out_axes ? count(e, e->out_axes, e->axes - 1) : 0;
	int threads = rt_split(outs, outs * sums * 2);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t o = 0; o < outs; o++) {
		int64_t base[RT_EINSUM_OPERANDS] = {0};
		double sum = 0;

		advance(e, 0, e->out_axes, o, base);
		if (e->axes == e->out_axes)
			sum = product(e, -1, base, x);
		for (int64_t r = 0; r < rows; r++) {
			int64_t at[RT_EINSUM_OPERANDS];

			for (int k = 0; k < e->operands; k++)
				at[k] = base[k];
			advance(e, e->out_axes, e->axes - 1, r, at);
			sum += along_last(e, at, x);
		}
		y[o] = (float)sum;
	}
}

void rt_einsum_backward(const struct rt_einsum *e, int k, float *dx, const float *dy,
			const float *const *x)
{
	int64_t outs = count(e, 0, e->out_axes), sums = count(e, e->out_axes, e->axes);

	for (int64_t i = 0; i < outs * sums; i++) {
		int64_t at[RT_EINSUM_OPERANDS] = {0};

		advance(e, 0, e->axes, i, at);
		dx[at[k]] += (float)((double)dy[i / sums] * product(e, k, at, x));
	}
}
