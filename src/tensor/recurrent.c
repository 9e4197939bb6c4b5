/* recurrent.c - what LSTM, GRU and RNN layers share: rows of a step, activations, products over all
 * steps at once. */
#include "config.h"

#include "tensor/recurrent_impl.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"
#include "tensor/pointwise.h"

#include <math.h>
#include <string.h>

size_t rt_recurrent_kept(const struct rt_recurrent *g)
{
	/* gates; h; the cell and what its activation made of it (LSTM), h R + b (GRU) */
	size_t width = g->gates == 4 ? 7 : g->gates == 3 ? 5 : 1;

	return (size_t)(g->T * g->N * g->H) * width;
}

size_t rt_recurrent_work(const struct rt_recurrent *g, bool backward)
{
	size_t states = (size_t)(g->N * g->H) * 6;

	return backward ? states + (size_t)(g->T * g->N * g->H) * (size_t)(g->gates + 1) : states;
}

static int64_t time_of(const struct rt_recurrent *g, int64_t s)
{
	return g->reverse ? g->T - 1 - s : s;
}

struct rows recurrent_step(const struct rt_recurrent *g, const float *base, int64_t s,
			   int64_t width)
{
	int64_t t = time_of(g, s);
	float *p = (float *)(uintptr_t)base;

	if (g->batch_first)
		return (struct rows){p + t * width, g->T * width};
	return (struct rows){p + t * g->N * width, width};
}

bool recurrent_active(const struct rt_recurrent *g, const int32_t *lens, int64_t s, int64_t n)
{
	return !lens || time_of(g, s) < lens[n];
}

static float affine_like(const struct rt_activation *a, float x)
{
	switch (a->kind) {
	case RT_ACT_AFFINE: return a->alpha * x + a->beta;
	case RT_ACT_LEAKY_RELU: return x >= 0 ? x : a->alpha * x;
	case RT_ACT_THRESHOLDED_RELU: return x > a->alpha ? x : 0;
	case RT_ACT_SCALED_TANH: return a->alpha * tanhf(a->beta * x);
	case RT_ACT_HARD_SIGMOID: return fminf(1, fmaxf(0, a->alpha * x + a->beta));
	case RT_ACT_ELU: return x >= 0 ? x : a->alpha * expm1f(x);
	case RT_ACT_SOFTSIGN: return x / (1 + fabsf(x));
	default: return x > 20 ? x : log1pf(expf(x)); /* RT_ACT_SOFTPLUS */
	}
}

static void activate(const struct rt_activation *a, int64_t n, float *x)
{
	switch (a->kind) {
	case RT_ACT_RELU:
		rt_pointwise(RT_POINT_RELU, n, x, x, 0, 0);
		break;
	case RT_ACT_TANH:
		rt_pointwise(RT_POINT_TANH, n, x, x, 0, 0);
		break;
	case RT_ACT_SIGMOID:
		rt_pointwise(RT_POINT_SIGMOID, n, x, x, 0, 0);
		break;
	default:
		for (int64_t i = 0; i < n; i++)
			x[i] = affine_like(a, x[i]);
	}
}

void recurrent_activate(const struct rt_recurrent *g, const struct rt_activation *a, int64_t n,
			float *x)
{
	if (g->clip > 0)
		for (int64_t i = 0; i < n; i++)
			x[i] = fminf(g->clip, fmaxf(-g->clip, x[i]));
	activate(a, n, x);
}

struct slope recurrent_slope(const struct rt_recurrent *g, const struct rt_activation *a)
{
	struct slope s = {*a, -INFINITY, INFINITY};

	if (g->clip > 0) {
		s.lo = -g->clip;
		s.hi = g->clip;
		activate(a, 1, &s.lo);
		activate(a, 1, &s.hi);
	}
	return s;
}

static float slope_at(const struct rt_activation *a, float y)
{
	switch (a->kind) {
	case RT_ACT_RELU: return y > 0 ? 1 : 0;
	case RT_ACT_AFFINE: return a->alpha;
	case RT_ACT_LEAKY_RELU: return y >= 0 ? 1 : a->alpha;
	case RT_ACT_THRESHOLDED_RELU: return y > a->alpha ? 1 : 0;
	case RT_ACT_SCALED_TANH: return a->beta * (a->alpha - y * y / a->alpha);
	case RT_ACT_HARD_SIGMOID: return y > 0 && y < 1 ? a->alpha : 0;
	case RT_ACT_ELU: return y >= 0 ? 1 : y + a->alpha;
	case RT_ACT_SOFTSIGN: return (1 - fabsf(y)) * (1 - fabsf(y));
	default: return 1 - expf(-y); /* RT_ACT_SOFTPLUS */
	}
}

void recurrent_times_slope(const struct slope *s, int64_t n, float *d, const float *y)
{
	if (s->act.kind == RT_ACT_TANH)
		for (int64_t i = 0; i < n; i++)
			d[i] *= 1 - y[i] * y[i];
	else if (s->act.kind == RT_ACT_SIGMOID)
		for (int64_t i = 0; i < n; i++)
			d[i] *= y[i] * (1 - y[i]);
	else
		for (int64_t i = 0; i < n; i++)
			d[i] *= slope_at(&s->act, y[i]);
	for (int64_t i = 0; (s->lo > -INFINITY || s->hi < INFINITY) && i < n; i++)
		d[i] = y[i] <= s->lo || y[i] >= s->hi ? 0 : d[i];
}

void recurrent_inputs(const struct rt_recurrent *g, const struct rt_recurrent_in *in, float *gates,
		      int nr)
{
	const int64_t M = g->T * g->N, GH = g->gates * g->H;

	for (int64_t j = 0; j < GH && M > 0; j++) {
		float b = in->B ? in->B[j] : 0;

		gates[j] = in->B && j < nr * g->H ? b + in->B[GH + j] : b;
	}
	for (int64_t m = 1; m < M; m++)
		memcpy(gates + m * GH, gates, (size_t)GH * sizeof(*gates));
	rt_gemm(false, true, M, GH, g->I, 1, in->X, g->I, in->W, g->I, 1, gates, GH);
}

void recurrent_begin(const struct rt_recurrent *g, float *state, const float *given)
{
	for (int64_t n = 0; n < g->N; n++) {
		if (given)
			memcpy(state + n * g->H, given + n * g->state_row,
			       (size_t)g->H * sizeof(*state));
		else
			memset(state + n * g->H, 0, (size_t)g->H * sizeof(*state));
	}
}

void recurrent_last(const struct rt_recurrent *g, float *Yh, const float *h)
{
	struct rows last = recurrent_step(g, h, g->T - 1, g->H);

	for (int64_t n = 0; Yh && n < g->N; n++)
		memcpy(Yh + n * g->state_row, last.p + n * last.ld, (size_t)g->H * sizeof(*Yh));
}

void recurrent_finish(const struct rt_recurrent *g, const struct rt_recurrent_in *in, float *Y,
		      float *Yh, const float *h)
{
	for (int64_t s = 0; Y && s < g->T; s++) {
		struct rows from = recurrent_step(g, h, s, g->H);

		for (int64_t n = 0; n < g->N; n++) {
			float *to = Y + time_of(g, s) * g->y_step + n * g->y_row;

			if (recurrent_active(g, in->lens, s, n))
				memcpy(to, from.p + n * from.ld, (size_t)g->H * sizeof(*to));
			else
				memset(to, 0, (size_t)g->H * sizeof(*to));
		}
	}
	recurrent_last(g, Yh, h);
}

void recurrent_add_dy(const struct rt_recurrent *g, float *dh, const float *dY,
		      const int32_t *lens, int64_t s)
{
	for (int64_t n = 0; dY && n < g->N; n++) {
		const float *from = dY + time_of(g, s) * g->y_step + n * g->y_row;

		if (!recurrent_active(g, lens, s, n))
			continue;
		for (int64_t j = 0; j < g->H; j++)
			dh[n * g->H + j] += from[j];
	}
}

void recurrent_add_state(const struct rt_recurrent *g, float *to, const float *d)
{
	for (int64_t n = 0; to && n < g->N; n++)
		for (int64_t j = 0; j < g->H; j++)
			to[n * g->state_row + j] += d[n * g->H + j];
}

/* Steps follow each other in memory, of all samples together or of each, so that all but the first
 * are one product or one a sample. */
void recurrent_state_grads(const struct rt_recurrent *g, float *dR, int64_t rows, const float *d,
			   int64_t width, const float *h0, const float *h)
{
	const struct rows first = recurrent_step(g, d, 0, width);
	const int64_t samples = g->batch_first ? g->N : 1, block = g->T * g->N / samples;
	const int64_t step = g->N / samples, from_d = g->reverse ? 0 : step;
	const int64_t from_h = g->reverse ? step : 0;

	if (g->T == 0)
		return;
	rt_gemm(true, false, rows, g->H, g->N, 1, first.p, first.ld, h0, g->H, 1, dR, g->H);
	for (int64_t n = 0; n < samples; n++)
		rt_gemm(true, false, rows, g->H, block - step, 1, d + (n * block + from_d) * width,
			width, h + (n * block + from_h) * g->H, g->H, 1, dR, g->H);
}

void recurrent_input_grads(const struct rt_recurrent *g, const struct rt_recurrent_grad *grad,
			   const struct rt_recurrent_in *in, const float *dG, int nr)
{
	const int64_t M = g->T * g->N, GH = g->gates * g->H;

	if (grad->dX)
		rt_gemm(false, false, M, g->I, GH, 1, dG, GH, in->W, g->I, 1, grad->dX, g->I);
	if (grad->dW)
		rt_gemm(true, false, GH, g->I, M, 1, dG, GH, in->X, g->I, 1, grad->dW, g->I);
	for (int64_t j = 0; grad->dB && j < GH; j++) {
		double sum = 0;

		for (int64_t m = 0; m < M; m++)
			sum += (double)dG[m * GH + j];
		grad->dB[j] += (float)sum;
		if (j < nr * g->H)
			grad->dB[GH + j] += (float)sum;
	}
}
