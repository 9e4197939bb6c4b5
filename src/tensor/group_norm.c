/* group_norm.c - normalization over groups of channels. */
#include "config.h"

#include "tensor/group_norm.h"
#include "tensor/parallel.h"

#include <math.h>

/* Mean and 1 / sqrt(var + epsilon) of n numbers. */
static void statistics(int64_t n, const float *x, float epsilon, float *mean, float *rstd)
{
	double sum = 0, square = 0;

	for (int64_t i = 0; i < n; i++)
		sum += (double)x[i];
	sum /= (double)n;
	for (int64_t i = 0; i < n; i++)
		square += ((double)x[i] - sum) * ((double)x[i] - sum);
	*mean = (float)sum;
	*rstd = (float)(1 / sqrt(square / (double)n + (double)epsilon));
}

void rt_groupnorm(const struct rt_groupnorm *g, float *y, float *saved, const float *x,
		  const float *scale, const float *bias, float epsilon)
{
	const int64_t groups = g->N * g->G, each = g->C / g->G, size = each * g->P;
	float *mean = saved, *rstd = saved + groups;
	int n = rt_split(groups, groups * size * 6);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t k = 0; k < groups; k++) {
		statistics(size, x + k * size, epsilon, &mean[k], &rstd[k]);
		for (int64_t c = 0; c < each; c++) {
			const int64_t channel = k % g->G * each + c, at = k * size + c * g->P;
			const float factor = rstd[k] * scale[channel];
			const float shift = bias[channel] - mean[k] * factor;

			for (int64_t p = 0; p < g->P; p++)
				y[at + p] = x[at + p] * factor + shift;
		}
	}
}

/* Sums of dy and of dy (x - mean) over one plane. */
static void plane_sums(int64_t P, const float *dy, const float *x, float mean, double *plain,
		       double *centred)
{
	double a = 0, b = 0;

	for (int64_t p = 0; p < P; p++) {
		a += (double)dy[p];
		b += (double)dy[p] * (double)(x[p] - mean);
	}
	*plain = a;
	*centred = b;
}

static void group_backward(const struct rt_groupnorm *g, int64_t k, float *dx, const float *dy,
			   const float *x, float mean, float rstd, const float *scale)
{
	const int64_t each = g->C / g->G, size = each * g->P, first = k % g->G * each;
	double sum = 0, product = 0, plain, centred;
	float level, slope;

	for (int64_t c = 0; c < each; c++) {
		const int64_t at = k * size + c * g->P;

		plane_sums(g->P, dy + at, x + at, mean, &plain, &centred);
		sum += plain * (double)scale[first + c];
		product += centred * (double)scale[first + c];
	}
	level = (float)(sum / (double)size);
	slope = (float)(product / (double)size) * rstd * rstd;
	for (int64_t c = 0; c < each; c++)
		for (int64_t at = k * size + c * g->P; at < k * size + (c + 1) * g->P; at++)
			dx[at] += rstd * (dy[at] * scale[first + c] - level -
					  (x[at] - mean) * slope);
}

void rt_groupnorm_backward(const struct rt_groupnorm *g, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *saved, const float *scale)
{
	const int64_t groups = g->N * g->G, each = g->C / g->G, work = g->N * g->C * g->P * 6;
	const float *mean = saved, *rstd = saved + groups;
	int n = rt_split(groups, work);

	if (dx) {
#pragma omp parallel for num_threads(n) schedule(static)
		for (int64_t k = 0; k < groups; k++)
			group_backward(g, k, dx, dy, x, mean[k], rstd[k], scale);
	}
	n = rt_split(g->C, work);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t c = 0; c < g->C; c++) {
		double shift = 0, factor = 0, plain, centred;

		for (int64_t i = 0; (dscale || dbias) && i < g->N; i++) {
			const int64_t k = i * g->G + c / each, at = (i * g->C + c) * g->P;

			plane_sums(g->P, dy + at, x + at, mean[k], &plain, &centred);
			shift += plain;
			factor += centred * (double)rstd[k];
		}
		if (dbias)
			dbias[c] += (float)shift;
		if (dscale)
			dscale[c] += (float)factor;
	}
}
