/* conv_gemm.c - convolution as unfolding (im2col) and matrix product, tile by tile.
 *
 * Chellapilla, Puri, Simard: High performance convolutional neural networks for document processing
 * (2006).  A tile is a few whole images, or a few output rows of one, so that the unfolded columns
 * stay in cache whatever the size of the planes.  With CRS = C/G R S and `cols` outputs:
 *
 *	y  (K/G, cols)  = w (K/G, CRS) . col (CRS, cols)
 *	dw (K/G, CRS)  += dy (K/G, cols) . col^T
 *	dcol (CRS, cols) = w^T . dy, folded back into dx
 *
 * Threads take tiles, and parts of the channels where tiles are too few.
 */
#include "config.h"

#include "tensor/gemm.h"
#include "tensor/conv_kernel.h"
#include "tensor/parallel.h"

#include <string.h>

/* Wanted size of an unfolded tile in floats, and the columns below which products get slow. */
#define TILE_FLOATS (128 * 1024)
#define TILE_COLUMNS 256

struct tiling {
	int64_t images, rows;	/* of a full tile; rows < P only where images is 1 */
	int64_t chunks;		/* tiles down one image */
	int64_t count;		/* tiles in all */
	int64_t columns;	/* outputs of a full tile */
};

struct tile {
	int64_t image, images;	/* first, how many */
	int64_t row, rows;
	int64_t columns;	/* images * rows * Q */
};

/* Sizes that every pass needs. */
struct dims {
	int64_t C, K;		/* channels of one group */
	int64_t H, W, P, Q, R, S;
	int64_t HW, PQ, RS, CRS;
	bool flat;		/* 1x1, stride 1, no padding: x is its own unfolding */
	bool aligned;		/* stride 1, W = Q: a tap is the plane itself, shifted */
};

static struct dims dims_of(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	struct dims d = {
		.C = g->C / g->groups, .K = g->K / g->groups,
		.H = w->in[0], .W = w->in[1], .P = w->out[0], .Q = w->out[1],
		.R = w->kernel[0], .S = w->kernel[1],
	};

	d.HW = d.H * d.W;
	d.PQ = d.P * d.Q;
	d.RS = d.R * d.S;
	d.CRS = d.C * d.RS;
	d.aligned = w->stride[0] == 1 && w->stride[1] == 1 && d.W == d.Q;
	d.flat = d.RS == 1 && w->stride[0] == 1 && w->stride[1] == 1 && !w->pad[0] && !w->pad[1] &&
		 d.HW == d.PQ;
	return d;
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static struct tiling tiling_of(const struct rt_conv *g, const struct dims *d)
{
	const int64_t threads = rt_threads(), share = ceil_div(g->N * d->PQ, threads);
	const int64_t fits = clamp(TILE_FLOATS / d->CRS, TILE_COLUMNS, 2048);
	const int64_t wanted = clamp(share, TILE_COLUMNS, fits);
	struct tiling t = {.images = 1, .rows = d->P, .chunks = 1};

	if (d->PQ < wanted) {
		t.images = clamp(wanted / d->PQ, 1, ceil_div(g->N, threads));
	} else {
		t.chunks = clamp(d->PQ / wanted, 1, d->P);
		t.rows = ceil_div(d->P, t.chunks);
		t.chunks = ceil_div(d->P, t.rows);
	}
	t.count = ceil_div(g->N, t.images) * t.chunks;
	t.columns = t.images * t.rows * d->Q;
	return t;
}

static struct tile tile_at(const struct rt_conv *g, const struct dims *d, const struct tiling *t,
			   int64_t i)
{
	struct tile tile = {
		.image = i / t->chunks * t->images,
		.row = i % t->chunks * t->rows,
	};

	tile.images = clamp(g->N - tile.image, 0, t->images);
	tile.rows = clamp(d->P - tile.row, 0, t->rows);
	tile.columns = tile.images * tile.rows * d->Q;
	return tile;
}

static void zero(float *to, int64_t n)
{
	memset(to, 0, (size_t)n * sizeof(*to));
}

/* Zeroes what of col (rows, Q) sees padding only; the tile's first row is `row`. */
static void zero_edges(const struct dims *d, const struct rt_tap *k, int64_t row, int64_t rows,
		       float *col)
{
	zero(col, (k->p0 - row) * d->Q);
	for (int64_t p = k->p0 - row; p < k->p1 - row; p++) {
		for (int64_t q = 0; q < k->q0; q++)
			col[p * d->Q + q] = 0;
		for (int64_t q = k->q1; q < d->Q; q++)
			col[p * d->Q + q] = 0;
	}
	zero(col + (k->p1 - row) * d->Q, (rows - (k->p1 - row)) * d->Q);
}

/* to, from: the first element that the tap meets.  Rows are short: loops are faster than memcpy. */
static void copy_tap(const struct dims *d, const struct rt_tap *k, float *restrict to,
		     const float *restrict from)
{
	const int64_t n = k->q1 - k->q0;

	if (d->aligned && k->p1 > k->p0) {
		memcpy(to, from, (size_t)((k->p1 - k->p0 - 1) * d->Q + n) * sizeof(*to));
		return;
	}
	for (int64_t p = k->p0; p < k->p1; p++, to += d->Q, from += k->down) {
		if (k->right == 1) {
#pragma omp simd
			for (int64_t q = 0; q < n; q++)
				to[q] = from[q];
		} else {
			for (int64_t q = 0; q < n; q++)
				to[q] = from[q * k->right];
		}
	}
}

/* The reverse, added; where aligned, the elements of from between the rows are zero. */
static void add_tap(const struct dims *d, const struct rt_tap *k, float *restrict to,
		    const float *restrict from)
{
	const bool whole = d->aligned && k->p1 > k->p0;
	const int64_t rows = whole ? 1 : k->p1 - k->p0;
	const int64_t n = k->q1 - k->q0 + (whole ? (k->p1 - k->p0 - 1) * d->Q : 0);

	for (int64_t p = 0; p < rows; p++, from += d->Q, to += k->down) {
		if (k->right == 1) {
#pragma omp simd
			for (int64_t q = 0; q < n; q++)
				to[q] += from[q];
		} else {
			for (int64_t q = 0; q < n; q++)
				to[q * k->right] += from[q];
		}
	}
}

/* col (CRS, columns) from x, the group's first plane of image 0. */
static void unfold(const struct rt_conv *g, const struct dims *d, const struct tile *t, float *col,
		   const float *x)
{
	for (int64_t j = 0; j < d->CRS; j++) {
		const struct rt_tap k = rt_window_tap(&g->win, j / d->S % d->R, j % d->S, t->row,
						      t->row + t->rows);

		for (int64_t i = 0; i < t->images; i++, col += t->rows * d->Q) {
			const float *plane = x + ((t->image + i) * g->C + j / d->RS) * d->HW;

			copy_tap(d, &k, col + (k.p0 - t->row) * d->Q + k.q0, plane + k.from);
			zero_edges(d, &k, t->row, t->rows, col);
		}
	}
}

/* Adds col (C R S, columns) of C channels to their planes; dx is the first of them in image 0. */
static void fold(const struct rt_conv *g, const struct dims *d, const struct tile *t, int64_t C,
		 float *dx, float *col)
{
	for (int64_t j = 0; j < C * d->RS; j++) {
		const struct rt_tap k = rt_window_tap(&g->win, j / d->S % d->R, j % d->S, t->row,
						      t->row + t->rows);

		for (int64_t i = 0; i < t->images; i++, col += t->rows * d->Q) {
			float *plane = dx + ((t->image + i) * g->C + j / d->RS) * d->HW;

			if (d->aligned)
				zero_edges(d, &k, t->row, t->rows, col);
			add_tap(d, &k, plane + k.from, col + (k.p0 - t->row) * d->Q + k.q0);
		}
	}
}

/* Between K channels of y, the first of them in image 0, and rows (K, images P Q). */
static void gather(const struct rt_conv *g, const struct dims *d, const struct tile *t, float *rows,
		   const float *y)
{
	for (int64_t k = 0; k < d->K; k++)
		for (int64_t i = 0; i < t->images; i++, rows += d->PQ)
			memcpy(rows, y + ((t->image + i) * g->K + k) * d->PQ,
			       (size_t)d->PQ * sizeof(*rows));
}

static void scatter(const struct rt_conv *g, const struct dims *d, const struct tile *t, int64_t K,
		    float *y, const float *rows)
{
	for (int64_t k = 0; k < K; k++)
		for (int64_t i = 0; i < t->images; i++, rows += d->PQ)
			memcpy(y + ((t->image + i) * g->K + k) * d->PQ, rows,
			       (size_t)d->PQ * sizeof(*rows));
}

/* Floats of one slice's scratch: unfolded columns, then the outputs of several images together. */
static size_t scratch(const struct dims *d, const struct tiling *t)
{
	return (size_t)t->columns * (size_t)(d->CRS + (t->images > 1 ? d->K : 0));
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct dims d = dims_of(g);
	struct tiling t = tiling_of(g, &d);
	size_t floats = scratch(&d, &t);

	if (direction == RT_CONV_WEIGHTS)
		floats += (size_t)(g->K * d.CRS);
	return floats * (size_t)rt_threads() * sizeof(float);
}

static void add_bias(float *y, const float *b, int64_t K, int64_t columns, int64_t ld)
{
	for (int64_t k = 0; k < K; k++) {
		float *restrict row = y + k * ld;

#pragma omp simd
		for (int64_t j = 0; j < columns; j++)
			row[j] += b[k];
	}
}

/* One tile of K filters of a group: x at the group's first plane of image 0; y, w, b at the first
 * of the filters. */
static void forward_tile(const struct rt_conv *g, const struct dims *d, const struct tile *t,
			 int64_t K, float *y, const float *x, const float *w, const float *b,
			 float *col)
{
	const bool alone = t->images == 1, flat = d->flat && alone;
	const int64_t skip = t->row * d->Q;	/* rows < P only where the tile is one image */
	const float *B = flat ? x + t->image * g->C * d->HW + skip : col;
	float *rows = col + t->columns * d->CRS;
	float *to = alone ? y + t->image * g->K * d->PQ + skip : rows;
	const int64_t ld = alone ? d->PQ : t->columns;

	if (!flat)
		unfold(g, d, t, col, x);
	rt_gemm(false, false, K, t->columns, d->CRS, 1, w, d->CRS, B, flat ? d->HW : t->columns, 0,
		to, ld);
	if (b)
		add_bias(to, b, K, t->columns, ld);
	if (!alone)
		scatter(g, d, t, K, y, rows);
}

/* One pass over all tiles, divided into n slices; slice s has the scratch of its own number. */
struct pass {
	const struct rt_conv *g;
	struct dims d;
	struct tiling tiling;
	const float *x, *w, *b, *dy;
	float *y, *dx, *dw;	/* dw: of all slices, one after the other */
	float *work;
	int64_t items, parts;
	int n;
};

static float *scratch_of(const struct pass *p, int s)
{
	return p->work + scratch(&p->d, &p->tiling) * (size_t)s;
}

/* The products of a single slice thread themselves, outside any team. */
static void run(const struct pass *p, void (*slice)(const struct pass *p, int s))
{
	if (p->n == 1) {
		slice(p, 0);
		return;
	}
#pragma omp parallel for num_threads(p->n) schedule(static)
	for (int s = 0; s < p->n; s++)
		slice(p, s);
}

static void forward_slice(const struct pass *p, int s)
{
	const struct rt_conv *g = p->g;
	const struct dims *d = &p->d;

	for (int64_t i = rt_slice(p->items, s, p->n); i < rt_slice(p->items, s + 1, p->n); i++) {
		const int part = (int)(i % p->parts);
		const int64_t group = i / p->parts % g->groups;
		const struct tile t = tile_at(g, d, &p->tiling, i / p->parts / g->groups);
		const int64_t first = rt_slice(d->K, part, (int)p->parts);
		const int64_t K = rt_slice(d->K, part + 1, (int)p->parts) - first;
		const int64_t k = group * d->K + first;

		forward_tile(g, d, &t, K, p->y + k * d->PQ, p->x + group * d->C * d->HW,
			     p->w + k * d->CRS, p->b ? p->b + k : NULL, scratch_of(p, s));
	}
}

/* Where tiles and groups are too few for the threads, they take ranges of filters. */
static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	const bool only_bias = conv_post_is_bias(post);
	struct pass p = {.g = g,
			 .d = dims_of(g),
			 .x = x,
			 .w = w,
			 .b = only_bias ? post->bias : NULL,
			 .y = y,
			 .work = work_};

	p.tiling = tiling_of(g, &p.d);
	p.n = rt_split_macs(p.tiling.count * g->groups * p.d.K, rt_conv_macs(g));
	p.parts = clamp(ceil_div(p.n, p.tiling.count * g->groups), 1, p.d.K);
	p.items = p.tiling.count * g->groups * p.parts;
	run(&p, forward_slice);
	if (!only_bias)
		conv_post(g, y, post);
}

/* One tile of C channels of a group: dx, w at the first of them. */
static void backward_data_tile(const struct rt_conv *g, const struct dims *d, const struct tile *t,
			       int64_t C, float *dx, const float *dy, const float *w, float *col)
{
	const bool alone = t->images == 1;
	const int64_t skip = t->row * d->Q;
	float *rows = col + t->columns * d->CRS;
	const float *B = alone ? dy + t->image * g->K * d->PQ + skip : rows;
	const int64_t ld = alone ? d->PQ : t->columns;

	if (!alone)
		gather(g, d, t, rows, dy);
	if (d->flat && alone) {
		rt_gemm(true, false, C, t->columns, d->K, 1, w, d->CRS, B, ld, 1,
			dx + t->image * g->C * d->HW + skip, d->HW);
		return;
	}
	rt_gemm(true, false, C * d->RS, t->columns, d->K, 1, w, d->CRS, B, ld, 0, col, t->columns);
	fold(g, d, t, C, dx, col);
}

static void backward_data_slice(const struct pass *p, int s)
{
	const struct rt_conv *g = p->g;
	const struct dims *d = &p->d;

	for (int64_t i = rt_slice(p->items, s, p->n); i < rt_slice(p->items, s + 1, p->n); i++) {
		const int part = (int)(i % p->parts);
		const int64_t group = i / p->parts % g->groups;
		const int64_t first = i / p->parts / g->groups * p->tiling.chunks;
		const int64_t c = rt_slice(d->C, part, (int)p->parts);
		const int64_t C = rt_slice(d->C, part + 1, (int)p->parts) - c;

		for (int64_t j = first; j < first + p->tiling.chunks; j++) {
			const struct tile t = tile_at(g, d, &p->tiling, j);

			backward_data_tile(g, d, &t, C, p->dx + (group * d->C + c) * d->HW,
					   p->dy + group * d->K * d->PQ,
					   p->w + group * d->K * d->CRS + c * d->RS,
					   scratch_of(p, s));
		}
	}
}

/* Tiles of one image overlap in dx, so a slice takes whole images; where images and groups are too
 * few, ranges of channels. */
static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work_)
{
	struct pass p = {.g = g, .d = dims_of(g), .dx = dx, .dy = dy, .w = w, .work = work_};
	int64_t blocks;

	p.tiling = tiling_of(g, &p.d);
	blocks = p.tiling.count / p.tiling.chunks * g->groups;
	p.n = rt_split_macs(blocks * p.d.C, rt_conv_macs(g));
	p.parts = clamp(ceil_div(p.n, blocks), 1, p.d.C);
	p.items = blocks * p.parts;
	run(&p, backward_data_slice);
}

/* dw (K,CRS) of one group = beta dw + dy . col^T over one tile. */
static void backward_weights_tile(const struct rt_conv *g, const struct dims *d,
				  const struct tile *t, float beta, float *dw, const float *dy,
				  const float *x, float *col)
{
	const bool alone = t->images == 1, flat = d->flat && alone;
	const int64_t skip = t->row * d->Q;
	float *rows = col + t->columns * d->CRS;
	const float *A = alone ? dy + t->image * g->K * d->PQ + skip : rows;
	const float *B = flat ? x + t->image * g->C * d->HW + skip : col;

	if (!alone)
		gather(g, d, t, rows, dy);
	if (!flat)
		unfold(g, d, t, col, x);
	rt_gemm(false, true, d->K, d->CRS, t->columns, 1, A, alone ? d->PQ : t->columns, B,
		flat ? d->HW : t->columns, beta, dw, d->CRS);
}

static void backward_weights_slice(const struct pass *p, int s)
{
	const struct rt_conv *g = p->g;
	const struct dims *d = &p->d;
	const int64_t first = rt_slice(p->items, s, p->n);
	float *to = p->dw + g->K * d->CRS * s;

	for (int64_t i = first; i < rt_slice(p->items, s + 1, p->n); i++) {
		const struct tile t = tile_at(g, d, &p->tiling, i);

		for (int64_t group = 0; group < g->groups; group++)
			backward_weights_tile(g, d, &t, p->n > 1 && i == first ? 0 : 1,
					      to + group * d->K * d->CRS,
					      p->dy + group * d->K * d->PQ,
					      p->x + group * d->C * d->HW, scratch_of(p, s));
	}
}

/* Several slices sum into arrays of their own, which are added in the order of the slices. */
static void backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			     void *work_)
{
	struct pass p = {.g = g, .d = dims_of(g), .dw = dw, .dy = dy, .x = x, .work = work_};
	const int64_t size = g->K * p.d.CRS;

	p.tiling = tiling_of(g, &p.d);
	p.items = p.tiling.count;
	p.n = p.items < rt_threads() ? 1 : rt_split_macs(p.items, rt_conv_macs(g));
	if (p.n > 1)
		p.dw = scratch_of(&p, p.n);
	run(&p, backward_weights_slice);
	for (int s = 0; p.n > 1 && s < p.n; s++) {
		const float *restrict from = p.dw + size * s;

#pragma omp simd
		for (int64_t i = 0; i < size; i++)
			dw[i] += from[i];
	}
}

const struct conv_kernel conv_gemm = {
	.name = "im2col+gemm",
	.work = work,
	.forward = forward,
	.backward_data = backward_data,
	.backward_weights = backward_weights,
};
