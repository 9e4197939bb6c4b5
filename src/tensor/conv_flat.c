/* conv_flat.c - convolution for few taps in all, as of first layers: lanes are outputs of one
 * plane, rows run together, and every vector of inputs serves several filters.
 *
 * Unlike lanes of output channels these are full whatever the number of channels; only the columns
 * between the end of a row of outputs and that of the padded input are lost.
 */
#include "config.h"

#include "tensor/conv_direct.h"
#include "tensor/parallel.h"
#include "tensor/pool.h"

#include <math.h>

/* Taps, over all input channels, whose weights are worth reading one by one. */
#define MOST_TAPS 128

struct pass {
	struct direct d;
	int32_t *off;
	float *w, *bias;	/* (K, C taps), scaled; (K) */
	float *scratch, *sums;	/* one of each a slice */
	size_t scratch_size, sums_size;
	float *y;
	const float *x;
	const struct rt_conv_post *post;
	int n;
};

/* Floats of one filter's sums, whole vectors. */
static int64_t sums_of(const struct direct *d, int64_t rows)
{
	const int64_t n = (rows - 1) * d->pitch + d->out[1];

	return direct_blocks(n, d->t->lanes) * d->t->lanes;
}

static size_t take(struct pass *p, const struct rt_conv *g, void *work)
{
	const struct direct *d = &p->d;
	const size_t threads = (size_t)rt_threads();
	struct direct_space s = {.base = work};

	direct_forward(&p->d, g);
	p->scratch_size = (size_t)(d->images * d->image + d->t->lanes + 15) / 16 * 16;
	p->sums_size = (size_t)(d->t->filters * sums_of(d, d->rows) + 15) / 16 * 16;
	p->off = direct_take(&s, (size_t)(d->C * d->taps) * sizeof(*p->off));
	p->w = direct_take(&s, (size_t)(d->K * d->C * d->taps) * sizeof(float));
	p->bias = direct_take(&s, (size_t)d->K * sizeof(float));
	p->scratch = direct_take(&s, threads * p->scratch_size * sizeof(float));
	p->sums = direct_take(&s, threads * p->sums_size * sizeof(float));
	return s.used;
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct pass p;

	(void)direction;
	return take(&p, g, NULL);
}

/* The finished rows of filter k, from its sums. */
static void finish(const struct pass *p, const struct direct_item *item, int64_t i, int64_t k,
		   const float *sums)
{
	const struct direct *d = &p->d;
	const struct rt_conv_post *post = p->post;
	const int shrink = post->pool ? 2 : 1;
	const int64_t P = d->out[0] / shrink, Q = d->out[1] / shrink;
	const int64_t at = (((item->image + i) * d->K + k) * P + item->row / shrink) * Q;
	struct rt_conv_rows r = {
		.y = p->y + at, .add = post->add ? post->add + at : NULL, .from = sums,
		.rows = item->rows, .Q = Q, .from_row = d->pitch, .lo = post->lo, .hi = post->hi,
	};

	if (post->pool) {
		rt_max_fours(item->rows, d->out[1], d->pitch, r.y, sums);
		r.from = r.y;
		r.Q *= item->rows / 2;
		r.rows = 1;
	}
	if (!post->pool || !isinf(post->lo) || !isinf(post->hi))
		d->t->rows(&r);
}

/* All filters over one image's rows, as many at once as fill the registers. */
static void image(const struct pass *p, const struct direct_item *item, int64_t i, const float *x,
		  float *sums)
{
	const struct direct *d = &p->d;
	const int64_t n = sums_of(d, item->rows), taps = d->C * d->taps;
	const int parts = (int)direct_blocks(d->K, d->t->filters);

	for (int j = 0; j < parts; j++) {
		const int64_t first = rt_slice(d->K, j, parts), end = rt_slice(d->K, j + 1, parts);

		d->t->filter[end - first](&(struct rt_conv_flats){
			.n = n, .y = sums, .x = x, .w = p->w + first * taps, .off = p->off,
			.taps = taps, .start = p->bias + first,
		});
		for (int64_t k = first; k < end; k++)
			finish(p, item, i, k, sums + (k - first) * n);
	}
}

static void slice(const struct pass *p, int s)
{
	const struct direct *d = &p->d;
	float *scratch = p->scratch + p->scratch_size * (size_t)s;
	float *sums = p->sums + p->sums_size * (size_t)s;

	for (int64_t i = rt_slice(d->items, s, p->n); i < rt_slice(d->items, s + 1, p->n); i++) {
		const struct direct_item item = direct_item(d, i);

		direct_pad(d, &item, scratch, p->x);
		for (int64_t j = 0; j < item.images; j++)
			image(p, &item, j, scratch + j * d->image, sums);
	}
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	struct pass p = {.x = x, .y = y, .post = post};
	int64_t taps;

	take(&p, g, work_);
	direct_offsets(&p.d, p.off);
	taps = p.d.C * p.d.taps;
	for (int64_t k = 0; k < g->K; k++) {
		const float scale = post->scale ? post->scale[k] : 1;

		p.bias[k] = post->bias ? post->bias[k] : 0;
		for (int64_t j = 0; j < taps; j++)
			p.w[k * taps + j] = scale * w[k * taps + j];
	}
	p.n = rt_split(p.d.items, rt_conv_macs(g));
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		slice(&p, s);
}

static bool can(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct direct d;

	return direction == RT_CONV_FORWARD && g->groups == 1 && g->win.stride[0] == 1 &&
	       g->win.stride[1] == 1 && direct_forward(&d, g);
}

/* Where no window lies across two items. */
static bool pools(const struct rt_conv *g)
{
	struct direct d;

	return direct_forward(&d, g) && (d.chunks == 1 || d.rows % 2 == 0);
}

/* Worth it where the lanes that are real outputs are not fewer than would be real channels, or
 * not much fewer where vectors are wide: finished sums need no transpose. */
static bool fits(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct direct d;
	int64_t real;

	if (g->C * g->win.kernel[0] * g->win.kernel[1] > MOST_TAPS || !can(g, direction) ||
	    g->win.kernel[0] * g->win.kernel[1] == 1)
		return false;
	direct_forward(&d, g);
	real = d.K * d.pitch;
	return d.out[1] * d.blocks * d.t->lanes > (d.t->lanes < 16 ? real : real * 4 / 5) &&
	       d.rows >= 4;
}

const struct conv_kernel conv_flat = {
	.name = "flat",
	.can = can,
	.fits = fits,
	.work = work,
	.pools = pools,
	.forward = forward,
};
