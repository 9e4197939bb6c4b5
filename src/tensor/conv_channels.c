/* conv_channels.c - convolution where every channel has one filter of its own, for small planes:
 * lanes are channels.
 *
 * As many planes as a vector has lanes are woven together, positions apart, with zeros around them.
 * Then every tap is a multiplication of vectors, whatever the stride and however short the rows.
 */
#include "config.h"

#include "tensor/conv_direct.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

/* Positions of the padded input that stay in a second-level cache, with the outputs. */
#define POSITIONS 2048

/* Rows from which on planes by themselves fill vectors of columns. */
#define WIDE 48

/* The most steps between outputs, rows times columns. */
#define PARTS 16

/* Outputs that meet the same taps: all of y, or of dx those whose row and column leave the same
 * remainder by the strides. */
struct outputs {
	int64_t rows, Q;
	int64_t at;		/* the first one's place in scratch */
	int tap, taps;		/* in the order of struct shape */
};

/* Planes that are read, with zeros around them [rows][pitch], and planes that are made. */
struct shape {
	const struct rt_conv_direct_table *t;
	int64_t in[2], out[2], before[2], rows, pitch;
	int64_t down, right;	/* positions read, from output to output */
	int64_t blocks;
	int parts;
	struct outputs part[PARTS];
	int taps, order[DIRECT_WINDOW];	/* taps by part */
	int32_t off[DIRECT_WINDOW];
};

struct pass {
	const struct rt_conv *g;
	struct shape s;
	int32_t *in_place, *out_place;	/* of elements of planes; those nobody reads lie last */
	float *in, *out;	/* one of each a slice */
	float *w;		/* (blocks, taps, lanes) */
	float *start;		/* (blocks, lanes) */
	size_t w_size;
	int n;
};

/* Positions of the scratch that is read; one more takes what the window does not see. */
static int64_t positions(const struct shape *s)
{
	return s->rows * s->pitch + 1;
}

static int64_t plane(const int64_t size[2])
{
	return size[0] * size[1];
}

static void forward_shape(struct shape *s, const struct rt_window *w)
{
	int64_t seen[2];

	for (int i = 0; i < 2; i++) {
		s->in[i] = w->in[i];
		s->out[i] = w->out[i];
		s->before[i] = w->pad[i];
		seen[i] = (w->out[i] - 1) * w->stride[i] + (w->kernel[i] - 1) * w->dilation[i] + 1;
	}
	s->rows = seen[0];
	s->pitch = seen[1];
	s->down = w->stride[0] * s->pitch;
	s->right = w->stride[1];
	s->parts = 1;
	s->part[0] = (struct outputs){.rows = s->out[0], .Q = s->out[1], .taps = s->taps};
	for (int t = 0; t < s->taps; t++) {
		s->order[t] = t;
		s->off[t] = (int32_t)(t / w->kernel[1] * w->dilation[0] * s->pitch +
				      t % w->kernel[1] * w->dilation[1]);
	}
}

/* Which element of dy, along axis a, output `first` of dx meets under tap k; false where none. */
static bool meets(const struct rt_window *w, int a, int64_t first, int64_t k, int64_t *element)
{
	const int64_t distance = first + w->pad[a] - k * w->dilation[a];

	*element = distance / w->stride[a];
	return distance % w->stride[a] == 0;
}

/* Outputs of dx along axis a from `first` on, a stride apart. */
static int64_t count(const struct rt_window *w, int a, int64_t first)
{
	return first < w->in[a] ? (w->in[a] - first + w->stride[a] - 1) / w->stride[a] : 0;
}

/* dx[h] = sum over r of dy[(h + pad - r dilation) / stride] w[r] where that is whole: of every
 * remainder of h by the stride a convolution with steps of 1. */
static void backward_shape(struct shape *s, const struct rt_window *w)
{
	int64_t behind[2] = {0};
	int tap = 0;

	for (int a = 0; a < 2; a++) {
		s->in[a] = w->out[a];
		s->out[a] = w->in[a];
		for (int64_t first = 0; first < w->stride[a]; first++) {
			const int64_t n = count(w, a, first);

			for (int64_t k = 0, at; k < w->kernel[a]; k++) {
				if (!meets(w, a, first, k, &at))
					continue;
				s->before[a] = -at > s->before[a] ? -at : s->before[a];
				behind[a] = at + n > behind[a] ? at + n : behind[a];
			}
		}
	}
	s->rows = s->before[0] + behind[0];
	s->pitch = s->before[1] + behind[1];
	s->down = s->pitch;
	s->right = 1;
	s->parts = (int)(w->stride[0] * w->stride[1]);
	for (int i = 0, at = 0; i < s->parts; i++) {
		const int64_t h = i / w->stride[1], v = i % w->stride[1];
		struct outputs *o = &s->part[i];

		*o = (struct outputs){
			.rows = count(w, 0, h), .Q = count(w, 1, v), .at = at, .tap = tap};
		at += (int)(o->rows * o->Q);
		for (int t = 0; t < s->taps; t++) {
			int64_t p, q;

			if (!meets(w, 0, h, t / w->kernel[1], &p) ||
			    !meets(w, 1, v, t % w->kernel[1], &q))
				continue;
			s->off[tap] = (int32_t)((p + s->before[0]) * s->pitch + q + s->before[1]);
			s->order[tap++] = t;
		}
		o->taps = tap - o->tap;
	}
}

static bool shape_of(struct shape *s, const struct rt_conv *g, enum rt_conv_direction direction)
{
	const struct rt_window *w = &g->win;
	const int64_t RS = w->kernel[0] * w->kernel[1];

	for (int a = 0; a < 2; a++)
		if (w->in[a] > POSITIONS || w->out[a] > POSITIONS || w->stride[a] > PARTS ||
		    w->dilation[a] > POSITIONS || w->kernel[a] > DIRECT_WINDOW)
			return false;
	if (g->groups != g->C || g->K != g->C || g->C < 2 || RS > DIRECT_WINDOW ||
	    w->stride[0] * w->stride[1] > PARTS)
		return false;
	*s = (struct shape){.t = direct_kernels(), .taps = (int)RS};
	if (direction == RT_CONV_DATA)
		backward_shape(s, w);
	else
		forward_shape(s, w);
	s->blocks = direct_blocks(g->C, s->t->lanes);
	return positions(s) <= POSITIONS && plane(s->in) <= POSITIONS &&
	       plane(s->out) <= POSITIONS;
}

static bool can(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct shape s;

	return shape_of(&s, g, direction);
}

static bool fits(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct shape s;

	return shape_of(&s, g, direction) && g->win.in[1] < WIDE &&
	       4 * g->C >= 3 * s.blocks * s.t->lanes;
}

static size_t take(struct pass *p, void *work, enum rt_conv_direction direction)
{
	struct direct_space space = {.base = work};
	const size_t threads = (size_t)rt_threads(), L = (size_t)p->s.t->lanes * sizeof(float);
	const size_t blocks = (size_t)p->s.blocks;

	p->w_size = blocks * (size_t)(p->s.taps * p->s.t->lanes);
	p->in_place = direct_take(&space, (size_t)plane(p->s.in) * sizeof(int32_t));
	p->out_place = direct_take(&space, (size_t)plane(p->s.out) * sizeof(int32_t));
	p->in = direct_take(&space, threads * (size_t)positions(&p->s) * L);
	p->out = direct_take(&space, threads * (size_t)plane(p->s.out) * L);
	p->w = direct_take(&space, (direction == RT_CONV_WEIGHTS ? threads : 1) * p->w_size *
					   sizeof(float));
	p->start = direct_take(&space, blocks * L);
	return space.used;
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct pass p = {.g = g};

	shape_of(&p.s, g, direction);
	return take(&p, NULL, direction);
}

static void begin(struct pass *p, const struct rt_conv *g, void *work_,
		  enum rt_conv_direction direction)
{
	const int64_t down = direction == RT_CONV_DATA ? g->win.stride[0] : 1;
	const int64_t right = direction == RT_CONV_DATA ? g->win.stride[1] : 1;
	const struct shape *s = &p->s;

	*p = (struct pass){.g = g};
	shape_of(&p->s, g, direction);
	take(p, work_, direction);
	for (int64_t i = 0; i < plane(s->in); i++) {
		const int64_t row = i / s->in[1] + s->before[0];
		const int64_t column = i % s->in[1] + s->before[1];

		p->in_place[i] = (int32_t)(row < s->rows && column < s->pitch
						   ? row * s->pitch + column
						   : positions(s) - 1);
	}
	for (int64_t i = 0; i < plane(s->out); i++) {
		const int64_t h = i / s->out[1], v = i % s->out[1];
		const struct outputs *o = &s->part[h % down * right + v % right];

		p->out_place[i] = (int32_t)(o->at + h / down * o->Q + v / right);
	}
	p->n = rt_split(g->N * s->blocks, rt_conv_macs(g));
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Filters side by side, times `scale`, taps in their order; bias (0 where there is none) too. */
static void pack(const struct pass *p, const float *w, const float *scale, const float *bias)
{
	const int64_t L = p->s.t->lanes, taps = p->s.taps;

	for (int64_t i = 0; i < p->s.blocks * L; i++) {
		const bool real = i < p->g->C;
		float *to = p->w + i / L * taps * L + i % L;

		for (int64_t t = 0; t < taps; t++)
			to[t * L] = real ? w[i * taps + p->s.order[t]] * (scale ? scale[i] : 1) : 0;
		p->start[i] = real && bias ? bias[i] : 0;
	}
}

/* Planes (N,C,size) of a block of an image, and where they lie in scratch. */
static struct rt_conv_planes planes(const struct pass *p, const float *planes, int64_t size,
				    int64_t item, float *at, const int32_t *place)
{
	const int64_t L = p->s.t->lanes, c = item % p->s.blocks * L;

	return (struct rt_conv_planes){
		.n = size, .K = least(L, p->g->C - c), .plane = size, .at = at, .place = place,
		.planes = (float *)(uintptr_t)planes + (item / p->s.blocks * p->g->C + c) * size,
		.lo = -INFINITY, .hi = INFINITY,
	};
}

static float *in_of(const struct pass *p, int s)
{
	return p->in + positions(&p->s) * p->s.t->lanes * s;
}

static float *out_of(const struct pass *p, int s)
{
	return p->out + plane(p->s.out) * p->s.t->lanes * s;
}

/* A part of the outputs in the scratch of slice s, with the filters of the item's block. */
static struct rt_conv_channels loop(const struct pass *p, int s, int64_t item, int part)
{
	const int64_t L = p->s.t->lanes, block = item % p->s.blocks;
	const struct outputs *o = &p->s.part[part];

	return (struct rt_conv_channels){
		.rows = o->rows, .Q = o->Q, .down = p->s.down, .right = p->s.right,
		.off = p->s.off + o->tap, .taps = o->taps, .x = in_of(p, s),
		.y = out_of(p, s) + o->at * L, .w = p->w + (block * p->s.taps + o->tap) * L,
		.start = p->start + block * L,
	};
}

static void zero_in(const struct pass *p, int s)
{
	memset(in_of(p, s), 0,
	       (size_t)(positions(&p->s) * p->s.t->lanes) * sizeof(float));
}

/* post NULL: added to what is there. */
static void slice(const struct pass *p, int s, float *to, const float *from,
		  const struct rt_conv_post *post)
{
	const int64_t items = p->g->N * p->s.blocks;

	zero_in(p, s);
	for (int64_t i = rt_slice(items, s, p->n); i < rt_slice(items, s + 1, p->n); i++) {
		struct rt_conv_planes in = planes(p, from, plane(p->s.in), i, in_of(p, s),
						  p->in_place);
		struct rt_conv_planes out = planes(p, to, plane(p->s.out), i, out_of(p, s),
						   p->out_place);

		p->s.t->planes_in(&in);
		for (int part = 0; part < p->s.parts; part++) {
			const struct rt_conv_channels c = loop(p, s, i, part);

			p->s.t->channels(&c);
		}
		out.add = out.planes;
		if (post) {
			out.add = post->add ? post->add + (out.planes - to) : NULL;
			out.lo = post->lo;
			out.hi = post->hi;
		}
		p->s.t->planes_out(&out);
	}
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	struct pass p;

	begin(&p, g, work_, RT_CONV_FORWARD);
	pack(&p, w, post->scale, post->bias);
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		slice(&p, s, y, x, post);
}

static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work_)
{
	struct pass p;

	begin(&p, g, work_, RT_CONV_DATA);
	pack(&p, w, NULL, NULL);
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		slice(&p, s, dx, dy, NULL);
}

/* Every slice has sums of its own, which are added in the order of the slices. */
static void weights_slice(const struct pass *p, int s, const float *dy, const float *x)
{
	const int64_t items = p->g->N * p->s.blocks;

	zero_in(p, s);
	memset(p->w + p->w_size * (size_t)s, 0, p->w_size * sizeof(float));
	for (int64_t i = rt_slice(items, s, p->n); i < rt_slice(items, s + 1, p->n); i++) {
		struct rt_conv_channels c = loop(p, s, i, 0);
		struct rt_conv_planes in[] = {
			planes(p, x, plane(p->s.in), i, c.x, p->in_place),
			planes(p, dy, plane(p->s.out), i, c.y, p->out_place),
		};

		c.w += p->w_size * (size_t)s;
		p->s.t->planes_in(&in[0]);
		p->s.t->planes_in(&in[1]);
		p->s.t->channels_dw(&c);
	}
}

static void backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			     void *work_)
{
	struct pass p;

	begin(&p, g, work_, RT_CONV_WEIGHTS);
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		weights_slice(&p, s, dy, x);
	for (int64_t i = 0; i < g->C * p.s.taps; i++) {
		const int64_t L = p.s.t->lanes, c = i / p.s.taps, t = i % p.s.taps;
		const float *sums = p.w + (c / L * p.s.taps + t) * L + c % L;
		float sum = 0;

		for (int s = 0; s < p.n; s++)
			sum += sums[p.w_size * (size_t)s];
		dw[i] += sum;
	}
}

const struct conv_kernel conv_channels = {
	.name = "depthwise by channels",
	.can = can,
	.fits = fits,
	.work = work,
	.forward = forward,
	.backward_data = backward_data,
	.backward_weights = backward_weights,
};
