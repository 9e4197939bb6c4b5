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
	int64_t inner[2][2];
};

/* The outputs [to[0], to[1]) along axis a under which no tap is in the padding. */
static void inner(const struct rt_window *w, int a, int64_t to[2])
{
	int64_t lo, hi;

	rt_window_span(w, a, 0, &to[0], &hi);
	rt_window_span(w, a, w->kernel[a] - 1, &lo, &to[1]);
	to[0] = to[0] > lo ? to[0] : lo;
	to[1] = to[1] < hi ? to[1] : hi;
	to[1] = to[1] > to[0] ? to[1] : to[0];
}

/* Rows [first, end) of one block of one image. */
static void plane(const struct call *c, int64_t plane, int64_t first, int64_t end)
{
	const struct rt_window *w = &c->g->win;
	const int64_t Q = w->out[1], to = plane * w->out[0] * Q * RT_BLOCK;
	const int64_t block = plane % rt_blocks(c->g->C);
	struct rt_blocked_deep d;
	float start[RT_BLOCK];

	conv_blocked_bias(start, c->post, block * RT_BLOCK, RT_BLOCK, c->g->C);
	d = (struct rt_blocked_deep){
		.win = w, .x = c->x + plane * w->in[0] * w->in[1] * RT_BLOCK, .first = first,
		.end = end,
		.w = c->packed + block * w->kernel[0] * w->kernel[1] * RT_BLOCK,
		.start = start, .y = c->y + to, .add = c->post->add ? c->post->add + to : NULL,
		.lo = c->post->lo, .hi = c->post->hi,
	};
	memcpy(d.inner, c->inner, sizeof(d.inner));
	c->t->deep(&d);
	if ((block + 1) * RT_BLOCK > c->g->C)
		conv_blocked_clear_lanes(c->g->C, c->post, c->y + to + first * Q * RT_BLOCK,
					 (end - first) * Q);
}

/* Rows [first, end), counted over all images, of all blocks. */
static void rows(const struct call *c, int64_t first, int64_t end)
{
	const int64_t P = c->g->win.out[0], blocks = rt_blocks(c->g->C);

	for (int64_t i = first, next; i < end; i = next) {
		next = (i / P + 1) * P;
		next = next < end ? next : end;
		for (int64_t b = 0; b < blocks; b++)
			plane(c, i / P * blocks + b, i % P, next - i / P * P);
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
	const int64_t all = g->N * w->out[0];
	const int n = rt_split_macs(all, 4 * rt_conv_macs(g));
	struct call c = {.g = g, .t = rt_conv_blocked_table(), .y = y, .x = x, .packed = packed,
			 .post = post};

	(void)x_planes;
	(void)work;
	inner(w, 0, c.inner[0]);
	inner(w, 1, c.inner[1]);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int i = 0; i < n; i++)
		rows(&c, rt_slice(all, i, n), rt_slice(all, i + 1, n));
}

const struct conv_blocked_kernel conv_blocked_deep = {
	.name = "depthwise", .can = can, .pack_bytes = pack_bytes, .pack = pack, .run = run,
};
