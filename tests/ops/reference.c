/* reference.c - convolution by seven loops. */
#include "config.h"

#include "tests/ops/reference.h"

/* One multiplication of the sum: its elements of x, w and y. */
struct term {
	int64_t x, w, y;
};

/* Calls visit for every term whose element of x is not padding. */
static void each_term(const struct rt_conv *g, void (*visit)(void *data, const struct term *t),
		      void *data)
{
	const struct rt_window *v = &g->win;
	const int64_t H = v->in[0], W = v->in[1], P = v->out[0], Q = v->out[1];
	const int64_t R = v->kernel[0], S = v->kernel[1];
	const int64_t C = g->C / g->groups, K = g->K / g->groups;

	for (int64_t n = 0; n < g->N; n++)
	for (int64_t k = 0; k < g->K; k++)
	for (int64_t p = 0; p < P; p++)
	for (int64_t q = 0; q < Q; q++)
	for (int64_t c = 0; c < C; c++)
	for (int64_t r = 0; r < R; r++)
	for (int64_t s = 0; s < S; s++) {
		int64_t h = p * v->stride[0] - v->pad[0] + r * v->dilation[0];
		int64_t w = q * v->stride[1] - v->pad[1] + s * v->dilation[1];
		struct term t = {
			.x = ((n * g->C + k / K * C + c) * H + h) * W + w,
			.w = ((k * C + c) * R + r) * S + s,
			.y = ((n * g->K + k) * P + p) * Q + q,
		};

		if (h >= 0 && h < H && w >= 0 && w < W)
			visit(data, &t);
	}
}

struct arrays {
	double *y, *dx, *dw;
	const float *x, *w, *dy;
};

static void add_product(void *data, const struct term *t)
{
	const struct arrays *a = data;

	a->y[t->y] += (double)a->x[t->x] * (double)a->w[t->w];
}

static void add_gradients(void *data, const struct term *t)
{
	const struct arrays *a = data;

	if (a->dx)
		a->dx[t->x] += (double)a->dy[t->y] * (double)a->w[t->w];
	if (a->dw)
		a->dw[t->w] += (double)a->dy[t->y] * (double)a->x[t->x];
}

void reference_conv(const struct rt_conv *g, double *y, const float *x, const float *w,
		    const float *b)
{
	const int64_t PQ = g->win.out[0] * g->win.out[1];
	struct arrays a = {.y = y, .x = x, .w = w};

	for (int64_t i = 0; i < g->N * g->K * PQ; i++)
		y[i] = b ? (double)b[i / PQ % g->K] : 0;
	each_term(g, add_product, &a);
}

void reference_conv_backward(const struct rt_conv *g, double *dx, double *dw, const float *dy,
			     const float *x, const float *w)
{
	struct arrays a = {.dx = dx, .dw = dw, .dy = dy, .x = x, .w = w};

	each_term(g, add_gradients, &a);
}
