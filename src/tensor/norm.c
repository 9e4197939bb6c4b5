/* norm.c - batch and layer normalization. */
#include "config.h"

#include "tensor/norm_table.h"
#include "tensor/parallel.h"

#include <math.h>

#define BLOCK RT_NORM_COLUMNS

/* Neighbouring floats of an image that make its rows worth a call. */
#define RUN 256

static const struct rt_norm_table *kernels(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &rt_norm_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &rt_norm_avx2;
#endif
	return &rt_norm_base;
}

/* Channels that are worked on together, so that a thread owns them and sums have one order. */
static int64_t channels_at_once(const struct rt_batchnorm *g)
{
	int64_t n = RUN / g->P;

	if (g->P == 1)
		return BLOCK;
	return n < 1 ? 1 : n > RT_NORM_CHANNELS ? RT_NORM_CHANNELS : n;
}

/* --- matrices ----------------------------------------------------------------------------- */

/* Sums down the columns [c, c + n): of a, or of a (b - mb). */
static void column_sums(const struct rt_batchnorm *g, int64_t c, int64_t n, double *sum,
			const float *a, const float *b, const float *mb)
{
	for (int64_t j = 0; j < n; j++)
		sum[j] = 0;
	for (int64_t i = 0; i < g->N; i++) {
		const float *p = a + i * g->C + c, *q = b ? b + i * g->C + c : NULL;

		for (int64_t j = 0; j < n; j++)
			sum[j] += b ? (double)p[j] * (q[j] - mb[c + j]) : p[j];
	}
}

static void columns_map(const struct rt_norm_forward *f, int64_t c, int64_t n)
{
	const struct rt_batchnorm_map *m = &f->map;

	for (int64_t i = 0; i < f->g.N; i++) {
		const float *x = f->x + i * f->g.C;
		float *y = f->y + i * f->g.C;

#pragma omp simd
		for (int64_t j = c; j < c + n; j++)
			y[j] = (x[j] - m->mean[j]) * (m->rstd[j] * m->scale[j]) + m->bias[j];
	}
}

static void columns_forward(const struct rt_norm_forward *f, int64_t c, int64_t n)
{
	const double count = (double)f->g.N;
	double sum[BLOCK];

	if (f->var) {
		column_sums(&f->g, c, n, sum, f->x, NULL, NULL);
		for (int64_t j = 0; j < n; j++) {
			f->mean[c + j] = (float)(sum[j] / count);
			sum[j] = 0;
		}
		for (int64_t i = 0; i < f->g.N; i++)
			for (int64_t j = 0; j < n; j++) {
				double d = f->x[i * f->g.C + c + j] - f->mean[c + j];

				sum[j] += d * d;
			}
		for (int64_t j = 0; j < n; j++) {
			f->var[c + j] = (float)(sum[j] / count);
			f->rstd[c + j] = 1 / sqrtf(f->var[c + j] + f->epsilon);
		}
	}
	columns_map(f, c, n);
}

static void columns_backward(const struct rt_norm_backward *b, int64_t c, int64_t n)
{
	const struct rt_batchnorm_map *m = &b->map;
	const float per_count = b->batch ? 1 / (float)b->g.N : 0;
	float factor[BLOCK], one[BLOCK], two[BLOCK];
	double dy[BLOCK], product[BLOCK];

	column_sums(&b->g, c, n, dy, b->dy, NULL, NULL);
	column_sums(&b->g, c, n, product, b->dy, b->x, m->mean);
	for (int64_t j = 0; j < n; j++) {
		const float rstd = m->rstd[c + j];

		if (b->to.dbias)
			b->to.dbias[c + j] += (float)dy[j];
		if (b->to.dscale)
			b->to.dscale[c + j] += (float)product[j] * rstd;
		factor[j] = m->scale[c + j] * rstd;
		one[j] = (float)dy[j] * per_count;
		two[j] = (float)product[j] * rstd * rstd * per_count;
	}
	for (int64_t i = 0; i < (b->to.dx ? b->g.N : 0); i++) {
		const float *d = b->dy + i * b->g.C + c, *x = b->x + i * b->g.C + c;
		float *dx = b->to.dx + i * b->g.C + c;

#pragma omp simd
		for (int64_t j = 0; j < n; j++) {
			float t = factor[j] * (d[j] - one[j] - (x[j] - m->mean[c + j]) * two[j]);

			dx[j] = b->to.set_dx ? t : dx[j] + t;
		}
	}
}

/* --- batch normalization ------------------------------------------------------------------ */

static const struct rt_batchnorm_post nothing = {NULL, -INFINITY, INFINITY};

static void forward(const struct rt_norm_forward *f)
{
	const struct rt_batchnorm *g = &f->g;
	const struct rt_norm_table *k = kernels();
	const int64_t width = channels_at_once(g), blocks = (g->C + width - 1) / width;
	int n = rt_split(blocks, g->N * g->C * g->P);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < blocks; i++) {
		const int64_t c = i * width, w = c + width < g->C ? width : g->C - c;

		if (g->P == 1)
			columns_forward(f, c, w);
		else
			k->forward(f, c, w);
	}
}

void rt_batchnorm_train(const struct rt_batchnorm *g, float *y, float *mean, float *var,
			float *rstd, const float *x, const float *scale, const float *bias,
			float epsilon, const struct rt_batchnorm_post *post)
{
	forward(&(struct rt_norm_forward){*g, {mean, rstd, scale, bias}, mean, var, rstd, y, x,
					  post ? *post : nothing, epsilon});
}

void rt_batchnorm_apply(const struct rt_batchnorm *g, float *y, const float *x,
			const struct rt_batchnorm_map *map, const struct rt_batchnorm_post *post)
{
	forward(&(struct rt_norm_forward){
		.g = *g, .map = *map, .y = y, .x = x, .post = post ? *post : nothing});
}

void rt_batchnorm_backward(const struct rt_batchnorm *g, const struct rt_batchnorm_grads *to,
			   const float *dy, const float *x, const float *y,
			   const struct rt_batchnorm_map *map, bool batch,
			   const struct rt_batchnorm_post *post)
{
	const struct rt_norm_backward b = {*g, *to, dy, x, y, *map, post ? *post : nothing, batch};
	const struct rt_norm_table *k = kernels();
	const int64_t width = channels_at_once(g), blocks = (g->C + width - 1) / width;
	int n = rt_split(blocks, g->N * g->C * g->P);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < blocks; i++) {
		const int64_t c = i * width, w = c + width < g->C ? width : g->C - c;

		if (g->P == 1)
			columns_backward(&b, c, w);
		else
			k->backward(&b, c, w);
	}
}

/* --- layer normalization ------------------------------------------------------------------ */

void rt_layernorm(int64_t M, int64_t D, float *y, float *saved, const float *x, const float *scale,
		  const float *bias, float epsilon)
{
	const struct rt_norm_table *k = kernels();
	int n = rt_split(M, M * D);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < M; i++) {
		float stats[2];

		k->row(D, y + i * D, stats, x + i * D, scale, bias, epsilon);
		if (saved) {
			saved[i] = stats[0];
			saved[M + i] = stats[1];
		}
	}
}

void rt_layernorm_backward(int64_t M, int64_t D, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *saved, const float *scale,
			   bool set)
{
	const struct rt_norm_table *k = kernels();
	const int64_t blocks = dscale || dbias ? (D + BLOCK - 1) / BLOCK : 0;
	int n = rt_split(M, M * D), m = rt_split(blocks, M * D);

#pragma omp parallel for num_threads(m) schedule(static)
	for (int64_t i = 0; i < blocks; i++) {
		const int64_t c = i * BLOCK, width = c + BLOCK < D ? BLOCK : D - c;

		k->columns(M, D, width, dscale ? dscale + c : NULL, dbias ? dbias + c : NULL,
			   dy + c, x + c, saved);
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < (dx ? M : 0); i++)
		k->row_grad(D, dx + i * D, dy + i * D, x + i * D, saved[i], saved[M + i], scale,
			    set);
}
