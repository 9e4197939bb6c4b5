/* conv_direct_weights.c - the gradient of the weights by direct convolution: lanes are output
 * channels, sums stay in registers over the rows of a strip.
 *
 *	dw[k,j] += sum over n,p,q of dy[n,k,p,q] x[n, input of (p,q) under tap j]
 *
 * dy is repacked with the channels of a block side by side; every slice sums into an array of its
 * own (groups, blocks, C taps, lanes), and those are added in the order of the slices.
 */
#include "config.h"

#include "tensor/conv_direct.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

/* Floats of dy that a strip reads over and over: a third of a first-level cache. */
#define STRIP_FLOATS 4096

struct pass {
	struct direct d;
	int32_t *off;
	float *sums, *x, *dy;	/* one of each a slice */
	size_t sums_size, x_size, dy_size;	/* in floats */
	int n;
};

static size_t take(struct pass *p, const struct rt_conv *g, void *work)
{
	const struct direct *d = &p->d;
	struct direct_space s = {.base = work};
	const size_t threads = (size_t)rt_threads();

	direct_forward(&p->d, g);
	p->sums_size = (size_t)(d->groups * d->filters);
	p->x_size = (size_t)(d->images * d->image);
	p->dy_size = (size_t)(d->images * d->groups * d->blocks * d->t->lanes) *
		     (size_t)(d->rows * d->out[1]);
	p->off = direct_take(&s, (size_t)(d->C * d->taps) * sizeof(*p->off));
	p->sums = direct_take(&s, threads * p->sums_size * sizeof(float));
	p->x = direct_take(&s, threads * p->x_size * sizeof(float));
	p->dy = direct_take(&s, threads * p->dy_size * sizeof(float));
	return s.used;
}

size_t direct_weights_work(const struct rt_conv *g)
{
	struct pass p;

	return take(&p, g, NULL);
}

/* to (images, groups, blocks, rows Q, lanes) */
static void repack(const struct direct *d, const struct direct_item *item, float *to,
		   const float *dy)
{
	const int64_t L = d->t->lanes, PQ = d->out[0] * d->out[1], outputs = item->rows * d->out[1];

	for (int64_t i = 0; i < item->images * d->groups; i++) {
		const float *from = dy + (item->image * d->groups + i) * d->K * PQ +
				    item->row * d->out[1];

		for (int64_t k = 0; k < d->K; k += L, to += outputs * L)
			d->t->interleave(outputs, d->K - k < L ? d->K - k : L, to, from + k * PQ,
					 PQ);
	}
}

/* All taps of one or two blocks over one strip, a tile of them at a time. */
static void strip(const struct direct *d, struct rt_conv_dw_tile *t, int blocks, const int32_t *off)
{
	const bool triples = d->triples && d->t->dw_triple.most[blocks - 1];
	const struct rt_conv_dw_tiles *s = triples ? &d->t->dw_triple : &d->t->dw_single;
	const int64_t run = triples ? 3 : 1, n = d->C * d->taps / run, L = d->t->lanes;
	const int tiles = (int)((n + s->most[blocks - 1] - 1) / s->most[blocks - 1]);
	float *dw = t->dw;

	for (int i = 0; i < tiles; i++) {
		const int64_t j = rt_slice(n, i, tiles);

		t->off = off + j * run;
		t->dw = dw + j * run * L;
		s->tile[blocks - 1][rt_slice(n, i + 1, tiles) - j](t);
	}
	t->dw = dw;
}

static void item_sums(const struct pass *p, const struct direct_item *item, float *sums,
		      const float *x, const float *dy)
{
	const struct direct *d = &p->d;
	const int64_t L = d->t->lanes, Q = d->out[1], block_size = item->rows * Q * L;
	const int64_t n = d->C * d->taps;

	for (int64_t i = 0; i < item->images * d->groups; i++, dy += d->blocks * block_size) {
		const int64_t g = i % d->groups;

		for (int64_t b = 0; b < d->blocks; b += 2) {
			const int blocks = d->blocks - b > 1 ? 2 : 1;
			const int64_t fit = STRIP_FLOATS / (blocks * L * Q);
			const int64_t rows = fit > 1 ? fit : 1;
			struct rt_conv_dw_tile t = {
				.x = x + i * d->C * d->plane, .x_row = d->step[0] * d->pitch,
				.dy = dy + b * block_size, .dy_block = block_size, .Q = Q,
				.dw = sums + (g * d->blocks + b) * n * L, .dw_block = n * L,
			};

			for (int64_t row = 0; row < item->rows; row += t.rows) {
				t.rows = item->rows - row < rows ? item->rows - row : rows;
				strip(d, &t, blocks, p->off);
				t.x += t.rows * t.x_row;
				t.dy += t.rows * Q * L;
			}
		}
	}
}

static void slice(const struct pass *p, int s, const float *dy, const float *x)
{
	const struct direct *d = &p->d;
	float *sums = p->sums + p->sums_size * (size_t)s;
	float *xs = p->x + p->x_size * (size_t)s, *dys = p->dy + p->dy_size * (size_t)s;

	memset(sums, 0, p->sums_size * sizeof(*sums));
	for (int64_t i = rt_slice(d->items, s, p->n); i < rt_slice(d->items, s + 1, p->n); i++) {
		const struct direct_item item = direct_item(d, i);

		direct_pad(d, &item, xs, x);
		repack(d, &item, dys, dy);
		item_sums(p, &item, sums, xs, dys);
	}
}

/* Adds the sums of all slices in their order, then adds them, transposed, to dw. */
static void add_sums(const struct pass *p, float *dw)
{
	const struct direct *d = &p->d;
	const int64_t L = d->t->lanes, n = d->C * d->taps, all = d->groups * d->blocks;
	const int threads = rt_split(all, all * n * L * p->n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < all; i++) {
		const int64_t k = i % d->blocks * L;
		float *sums = p->sums + i * n * L;
		float *to = dw + (i / d->blocks * d->K + k) * n;

		for (int s = 1; s < p->n; s++) {
			const float *from = sums + p->sums_size * (size_t)s;

#pragma omp simd
			for (int64_t j = 0; j < n * L; j++)
				sums[j] += from[j];
		}
		d->t->end(&(struct rt_conv_end){
			.sums = sums, .n = n, .K = d->K - k < L ? d->K - k : L, .y = to, .add = to,
			.plane = n, .lo = -INFINITY, .hi = INFINITY,
		});
	}
}

void direct_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x, void *work)
{
	struct pass p;

	take(&p, g, work);
	direct_offsets(&p.d, p.off);
	p.n = rt_split_macs(p.d.items, rt_conv_macs(g));
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		slice(&p, s, dy, x);
	add_sums(&p, dw);
}
