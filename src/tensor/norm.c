/* norm.c - batch and layer normalization. */
#include "config.h"

#include "tensor/norm.h"
#include "tensor/parallel.h"

#include <math.h>

/* Columns of a matrix that one pass down its rows sums side by side. */
#define BLOCK 64

static float row_sum(const float *restrict a, int64_t n)
{
	float sum = 0;

#pragma omp simd reduction(+ : sum)
	for (int64_t j = 0; j < n; j++)
		sum += a[j];
	return sum;
}

/* sum (a - ma) (b - mb) */
static float row_product(const float *a, float ma, const float *b, float mb, int64_t n)
{
	float sum = 0;

#pragma omp simd reduction(+ : sum)
	for (int64_t j = 0; j < n; j++)
		sum += (a[j] - ma) * (b[j] - mb);
	return sum;
}

/* The channels [c, c + n) of channel_sums(), n at most BLOCK; n is 1 unless P is. */
static void block_sums(const struct rt_batchnorm *g, int64_t c, int64_t n, double *restrict sum,
		       const float *a, const float *ma, const float *b, const float *mb)
{
	for (int64_t j = 0; j < n; j++)
		sum[j] = 0;
	for (int64_t i = 0; i < g->N; i++) {
		const float *p = a + (i * g->C + c) * g->P;
		const float *q = b ? b + (i * g->C + c) * g->P : NULL;

		if (g->P > 1) {
			sum[0] += b ? row_product(p, ma ? ma[c] : 0, q, mb[c], g->P)
				    : row_sum(p, g->P);
			continue;
		}
		for (int64_t j = 0; j < n; j++)
			sum[j] += b ? (p[j] - (ma ? ma[c + j] : 0)) * (q[j] - mb[c + j]) : p[j];
	}
}

/* out[c] = scale times the sum over images and planes of a, or with b of (a - ma[c]) (b - mb[c]);
 * ma NULL is 0.  A thread owns whole channels, so sums have one order. */
static void channel_sums(const struct rt_batchnorm *g, double scale, float *out, const float *a,
			 const float *ma, const float *b, const float *mb)
{
	const int64_t width = g->P > 1 ? 1 : BLOCK, blocks = (g->C + width - 1) / width;
	int n = rt_split(blocks, g->N * g->C * g->P);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t k = 0; k < blocks; k++) {
		const int64_t c = k * width, w = c + width < g->C ? width : g->C - c;
		double sum[BLOCK];

		block_sums(g, c, w, sum, a, ma, b, mb);
		for (int64_t j = 0; j < w; j++)
			out[c + j] = (float)(sum[j] * scale);
	}
}

void rt_batchnorm_stats(const struct rt_batchnorm *g, float *mean, float *var, const float *x)
{
	const double scale = 1 / (double)(g->N * g->P);

	channel_sums(g, scale, mean, x, NULL, NULL, NULL);
	channel_sums(g, scale, var, x, mean, x, mean);
}

void rt_batchnorm_apply(const struct rt_batchnorm *g, float *y, const float *x, const float *mean,
			const float *rstd, const float *scale, const float *bias)
{
	const int64_t N = g->N, C = g->C, P = g->P, rows = P > 1 ? N * C : N;
	int n = rt_split(rows, N * C * P);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < rows; i++) {
		if (P > 1) {
			const int64_t c = i % C;
			const float f = rstd[c] * scale[c], m = mean[c], b = bias[c];
			const float *from = x + i * P;
			float *to = y + i * P;

#pragma omp simd
			for (int64_t j = 0; j < P; j++)
				to[j] = (from[j] - m) * f + b;
		} else {
			const float *from = x + i * C;
			float *to = y + i * C;

#pragma omp simd
			for (int64_t c = 0; c < C; c++)
				to[c] = (from[c] - mean[c]) * (rstd[c] * scale[c]) + bias[c];
		}
	}
}

/* dx += f (dy - one / count - xhat two / count) with f = scale rstd; per_count 0: without sums. */
static void batchnorm_dx(const struct rt_batchnorm *g, float *dx, const float *dy, const float *x,
			 const float *mean, const float *rstd, const float *scale,
			 const float *one, const float *two, float per_count)
{
	const int64_t N = g->N, C = g->C, P = g->P, rows = P > 1 ? N * C : N;
	int n = rt_split(rows, N * C * P);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < rows; i++) {
		const float *restrict d = dy + i * (P > 1 ? P : C);
		const float *restrict from = x + i * (P > 1 ? P : C);
		float *restrict to = dx + i * (P > 1 ? P : C);

		if (P > 1) {
			const int64_t c = i % C;
			const float f = scale[c] * rstd[c], m = mean[c], a = one[c] * per_count;
			const float b = two[c] * rstd[c] * rstd[c] * per_count;

#pragma omp simd
			for (int64_t j = 0; j < P; j++)
				to[j] += f * (d[j] - a - (from[j] - m) * b);
		} else {
#pragma omp simd
			for (int64_t c = 0; c < C; c++)
				to[c] += scale[c] * rstd[c] *
					 (d[c] - one[c] * per_count -
					  (from[c] - mean[c]) *
						  (two[c] * rstd[c] * rstd[c] * per_count));
		}
	}
}

void rt_batchnorm_backward(const struct rt_batchnorm *g, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *mean, const float *rstd,
			   const float *scale, bool batch, float *work)
{
	float *one = work, *two = work + g->C;	/* sum dy, sum dy (x - mean) */

	channel_sums(g, 1, one, dy, NULL, NULL, NULL);
	channel_sums(g, 1, two, dy, NULL, x, mean);
	for (int64_t c = 0; dbias && c < g->C; c++)
		dbias[c] += one[c];
	for (int64_t c = 0; dscale && c < g->C; c++)
		dscale[c] += two[c] * rstd[c];
	if (dx)
		batchnorm_dx(g, dx, dy, x, mean, rstd, scale, one, two,
			     batch ? 1 / (float)(g->N * g->P) : 0);
}

void rt_layernorm(int64_t M, int64_t D, float *y, float *saved, const float *x, const float *scale,
		  const float *bias, float epsilon)
{
	int n = rt_split(M, M * D);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < M; i++) {
		const float *from = x + i * D;
		float *to = y + i * D;
		const float mean = row_sum(from, D) / (float)D;
		const float var = row_product(from, mean, from, mean, D) / (float)D;
		const float rstd = 1 / sqrtf(var + epsilon);

		if (saved) {
			saved[i] = mean;
			saved[M + i] = rstd;
		}
#pragma omp simd
		for (int64_t j = 0; j < D; j++)
			to[j] = (from[j] - mean) * rstd * scale[j] + (bias ? bias[j] : 0);
	}
}

static void layernorm_dx_row(int64_t D, float *restrict dx, const float *restrict dy,
			     const float *restrict x, float mean, float rstd,
			     const float *restrict scale)
{
	float one = 0, two = 0;

#pragma omp simd reduction(+ : one, two)
	for (int64_t j = 0; j < D; j++) {
		float g = dy[j] * scale[j];

		one += g;
		two += g * (x[j] - mean);
	}
	one /= (float)D;
	two *= rstd * rstd / (float)D;
#pragma omp simd
	for (int64_t j = 0; j < D; j++)
		dx[j] += rstd * (dy[j] * scale[j] - one - (x[j] - mean) * two);
}

/* Columns [c, c + n) of dscale and dbias, n at most BLOCK. */
static void layernorm_columns(int64_t M, int64_t D, int64_t c, int64_t n, float *dscale,
			      float *dbias, const float *dy, const float *x, const float *saved)
{
	double one[BLOCK] = {0}, two[BLOCK] = {0};

	for (int64_t i = 0; i < M; i++) {
		const float *d = dy + i * D + c, *from = x + i * D + c;

		for (int64_t j = 0; j < n; j++) {
			one[j] += d[j];
			two[j] += d[j] * (from[j] - saved[i]) * saved[M + i];
		}
	}
	for (int64_t j = 0; dbias && j < n; j++)
		dbias[c + j] += (float)one[j];
	for (int64_t j = 0; dscale && j < n; j++)
		dscale[c + j] += (float)two[j];
}

void rt_layernorm_backward(int64_t M, int64_t D, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *saved, const float *scale)
{
	const int64_t blocks = (D + BLOCK - 1) / BLOCK;
	int n = rt_split(M, M * D), m = rt_split(blocks, M * D);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < (dx ? M : 0); i++)
		layernorm_dx_row(D, dx + i * D, dy + i * D, x + i * D, saved[i], saved[M + i],
				 scale);
	if (!dscale && !dbias)
		return;
#pragma omp parallel for num_threads(m) schedule(static)
	for (int64_t k = 0; k < blocks; k++)
		layernorm_columns(M, D, k * BLOCK, k * BLOCK + BLOCK < D ? BLOCK : D - k * BLOCK,
				  dscale, dbias, dy, x, saved);
}
