/* conv_blocked_deep.c - depthwise convolution of blocked arrays: rows of outputs, every lane by
 * itself, taps in the padding left out. */
#include "config.h"

#include "tensor/conv_blocked_kernel.h"
#include "tensor/conv_blocked_table.h"
#include "tensor/parallel.h"

#include <string.h>

struct call {
	const struct rt_conv *g;
	const struct rt_conv_blocked_table *t;
	float *y;
	const float *x, *packed;
	const struct rt_conv_post *post;
	int64_t q0, q1;		/* outputs all of whose columns of taps meet the input */
};

/* Outputs [q,q + n) of a row, all under the same columns of taps. */
static void outputs(const struct call *c, const struct rt_blocked_deep *row, int64_t q, int64_t n)
{
	const struct rt_window *w = &c->g->win;
	const int64_t left = q * w->stride[1] - w->pad[1], dilation = w->dilation[1];
	struct rt_blocked_deep d = *row;
	int64_t s = 0;

	while (s < w->kernel[1] && left + s * dilation < 0)
		s++;
	d.taps = 0;
	while (s + d.taps < w->kernel[1] && left + (s + d.taps) * dilation < w->in[1])
		d.taps++;
	d.x += (left + s * dilation) * RT_BLOCK;
	d.w += s * RT_BLOCK;
	d.y += q * RT_BLOCK;
	d.add = d.add ? d.add + q * RT_BLOCK : NULL;
	d.n = n;
	c->t->deep(&d);
}

/* Row p of one block of one image. */
static void output_row(const struct call *c, int64_t plane, int64_t p, const float *start)
{
	const struct rt_window *w = &c->g->win;
	const int64_t top = p * w->stride[0] - w->pad[0], dilation = w->dilation[0];
	const int64_t Q = w->out[1], to = (plane * w->out[0] + p) * Q * RT_BLOCK;
	const int64_t block = plane % rt_blocks(c->g->C);
	int64_t r = 0, rows = 0;
	struct rt_blocked_deep d;

	while (r < w->kernel[0] && top + r * dilation < 0)
		r++;
	while (r + rows < w->kernel[0] && top + (r + rows) * dilation < w->in[0])
		rows++;
	d = (struct rt_blocked_deep){
		.x = c->x + (plane * w->in[0] + top + r * dilation) * w->in[1] * RT_BLOCK,
		.x_row = dilation * w->in[1] * RT_BLOCK, .step = w->stride[1] * RT_BLOCK,
		.right = w->dilation[1] * RT_BLOCK, .rows = rows,
		.w = c->packed + (block * w->kernel[0] + r) * w->kernel[1] * RT_BLOCK,
		.w_row = w->kernel[1] * RT_BLOCK, .start = start, .y = c->y + to,
		.add = c->post->add ? c->post->add + to : NULL, .lo = c->post->lo,
		.hi = c->post->hi,
	};
	for (int64_t q = 0; q < c->q0; q++)
		outputs(c, &d, q, 1);
	if (c->q0 < c->q1)
		outputs(c, &d, c->q0, c->q1 - c->q0);
	for (int64_t q = c->q1; q < Q; q++)
		outputs(c, &d, q, 1);
	if ((block + 1) * RT_BLOCK > c->g->C)
		conv_blocked_clear_lanes(c->g->C, c->post, d.y, Q);
}

static void rows(const struct call *c, int64_t first, int64_t end)
{
	const int64_t P = c->g->win.out[0], blocks = rt_blocks(c->g->C);
	float start[RT_BLOCK];
	int64_t of = -1;

	for (int64_t i = first; i < end; i++) {
		const int64_t k = i / P % blocks * RT_BLOCK;

		if (k != of)
			conv_blocked_bias(start, c->post, k, RT_BLOCK, c->g->C);
		of = k;
		output_row(c, i / P, i % P, start);
	}
}

static bool can(const struct rt_conv *g, bool x_planes)
{
	return !x_planes && g->groups == g->C && g->C == g->K && g->C > 1;
}

static size_t pack_bytes(const struct rt_conv *g, bool x_planes)
{
	(void)x_planes;
	return (size_t)(rt_blocks(g->C) * RT_BLOCK * g->win.kernel[0] * g->win.kernel[1]) *
	       sizeof(float);
}

static void pack(const struct rt_conv *g, bool x_planes, float *packed, const float *w,
		 const float *scale)
{
	const int64_t taps = g->win.kernel[0] * g->win.kernel[1];

	(void)x_planes;
	memset(packed, 0, pack_bytes(g, x_planes));
	for (int64_t c = 0; c < g->C; c++)
		for (int64_t tap = 0; tap < taps; tap++)
			packed[(c / RT_BLOCK * taps + tap) * RT_BLOCK + c % RT_BLOCK] =
				w[c * taps + tap] * (scale ? scale[c] : 1);
}

static void run(const struct rt_conv *g, bool x_planes, float *y, const float *x,
		const float *packed, const struct rt_conv_post *post, void *work)
{
	const struct rt_window *w = &g->win;
	const int64_t all = g->N * rt_blocks(g->C) * w->out[0];
	const int n = rt_split_macs(all, rt_conv_macs(g));
	struct call c = {.g = g, .t = rt_conv_blocked_table(), .y = y, .x = x, .packed = packed,
			 .post = post};
	int64_t lo, hi;

	(void)x_planes;
	(void)work;
	rt_window_span(w, 1, 0, &c.q0, &hi);
	rt_window_span(w, 1, w->kernel[1] - 1, &lo, &c.q1);
	c.q1 = c.q1 < hi ? c.q1 : hi;
	c.q0 = c.q0 > lo ? c.q0 : lo;
	c.q1 = c.q1 > c.q0 ? c.q1 : c.q0;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int i = 0; i < n; i++)
		rows(&c, rt_slice(all, i, n), rt_slice(all, i + 1, n));
}

const struct conv_blocked_kernel conv_blocked_deep = {
	.name = "depthwise", .can = can, .pack_bytes = pack_bytes, .pack = pack, .run = run,
};
