/* conv_gemm.c - convolution as unfolding (im2col) and matrix product, tile by tile.
 *
 * Chellapilla, Puri, Simard: High performance convolutional neural networks for document processing
 * (2006).  A tile is a few whole images, or a few output rows of one, so that the unfolded columns
 * stay in cache whatever the size of the planes.  With CRS = C/G R S and `cols` outputs in the tile:
 *
 *	y  (K/G, cols)  = w (K/G, CRS) . col (CRS, cols)
 *	dw (K/G, CRS)  += dy (K/G, cols) . col^T
 *	dcol (CRS, cols) = w^T . dy, folded back into dx
 *
 * Threads take tiles; where there are too few tiles, the matrix product is left to thread itself.
 */
#include "config.h"

#include "tensor/blas.h"
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
	const int64_t fits = TILE_FLOATS / d->CRS;
	const int64_t wanted = clamp(fits < share ? fits : share, TILE_COLUMNS, 2048);
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

/* One tap of one output row (Q) from an input row; zero outside [lo, hi). */
static void unfold_row(float *restrict to, const float *restrict from, int64_t lo, int64_t hi,
		       int64_t Q, int64_t stride)
{
	for (int64_t q = 0; q < lo; q++)
		to[q] = 0;
	if (stride == 1) {
		memcpy(to + lo, from, (size_t)(hi - lo) * sizeof(*to));
	} else {
		for (int64_t q = lo; q < hi; q++)
			to[q] = from[(q - lo) * stride];
	}
	for (int64_t q = hi; q < Q; q++)
		to[q] = 0;
}

/* col (CRS, columns) from x, the group's first plane of image 0. */
static void unfold(const struct rt_conv *g, const struct dims *d, const struct tile *t,
		   float *restrict col, const float *restrict x)
{
	const struct rt_window *w = &g->win;

	for (int64_t j = 0; j < d->CRS; j++) {
		const int64_t c = j / d->RS, r = j / d->S % d->R, s = j % d->S;
		int64_t lo, hi, left;

		rt_window_span(w, 1, s, &lo, &hi);
		left = lo < hi ? lo * w->stride[1] + s * w->dilation[1] - w->pad[1] : 0;
		for (int64_t i = 0; i < t->images; i++) {
			const float *plane = x + ((t->image + i) * g->C + c) * d->HW;

			for (int64_t p = t->row; p < t->row + t->rows; p++, col += d->Q) {
				int64_t h = p * w->stride[0] + r * w->dilation[0] - w->pad[0];

				if (h < 0 || h >= d->H)
					memset(col, 0, (size_t)d->Q * sizeof(*col));
				else
					unfold_row(col, plane + h * d->W + left, lo, hi, d->Q,
						   w->stride[1]);
			}
		}
	}
}

/* The reverse: adds col (C R S, columns) of C channels to their planes; dx is the first of them in
 * image 0. */
static void fold(const struct rt_conv *g, const struct dims *d, const struct tile *t, int64_t C,
		 float *restrict dx, const float *restrict col)
{
	const struct rt_window *w = &g->win;
	const int64_t stride = w->stride[1];

	for (int64_t j = 0; j < C * d->RS; j++) {
		const int64_t c = j / d->RS, r = j / d->S % d->R, s = j % d->S;
		int64_t lo, hi, left;

		rt_window_span(w, 1, s, &lo, &hi);
		left = lo < hi ? lo * stride + s * w->dilation[1] - w->pad[1] : 0;
		for (int64_t i = 0; i < t->images; i++) {
			float *plane = dx + ((t->image + i) * g->C + c) * d->HW;

			for (int64_t p = t->row; p < t->row + t->rows; p++, col += d->Q) {
				int64_t h = p * w->stride[0] + r * w->dilation[0] - w->pad[0];
				float *restrict to = plane + h * d->W + left;

				if (h < 0 || h >= d->H)
					continue;
				if (stride == 1) {
#pragma omp simd
					for (int64_t q = lo; q < hi; q++)
						to[q - lo] += col[q];
				} else {
					for (int64_t q = lo; q < hi; q++)
						to[(q - lo) * stride] += col[q];
				}
			}
		}
	}
}

/* Between y (N,K,P,Q), the group's first plane of image 0, and rows (K, images P Q) of whole images. */
static void gather(const struct rt_conv *g, const struct dims *d, const struct tile *t, float *rows,
		   const float *y)
{
	for (int64_t k = 0; k < d->K; k++)
		for (int64_t i = 0; i < t->images; i++, rows += d->PQ)
			memcpy(rows, y + ((t->image + i) * g->K + k) * d->PQ,
			       (size_t)d->PQ * sizeof(*rows));
}

static void scatter(const struct rt_conv *g, const struct dims *d, const struct tile *t, float *y,
		    const float *rows)
{
	for (int64_t k = 0; k < d->K; k++)
		for (int64_t i = 0; i < t->images; i++, rows += d->PQ)
			memcpy(y + ((t->image + i) * g->K + k) * d->PQ, rows,
			       (size_t)d->PQ * sizeof(*rows));
}

/* Floats of one thread's scratch: unfolded columns, then the outputs of several images in one matrix. */
static size_t scratch(const struct dims *d, const struct tiling *t)
{
	return (size_t)t->columns * (size_t)(d->CRS + (t->images > 1 ? d->K : 0));
}

static size_t work(const struct rt_conv *g, bool backward)
{
	struct dims d = dims_of(g);
	struct tiling t = tiling_of(g, &d);
	size_t floats = scratch(&d, &t);

	if (backward)
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

/* One tile of one group: x, y at the group's first plane of image 0; w, b at its first filter. */
static void forward_tile(const struct rt_conv *g, const struct dims *d, const struct tile *t,
			 float *y, const float *x, const float *w, const float *b, float *col)
{
	const bool alone = t->images == 1, flat = d->flat && alone;
	const int64_t skip = t->row * d->Q;	/* rows < P only where the tile is one image */
	const float *B = flat ? x + t->image * g->C * d->HW + skip : col;
	float *rows = col + t->columns * d->CRS;
	float *to = alone ? y + t->image * g->K * d->PQ + skip : rows;
	const int64_t ld = alone ? d->PQ : t->columns;

	if (!flat)
		unfold(g, d, t, col, x);
	rt_gemm(false, false, d->K, t->columns, d->CRS, 1, w, d->CRS, B,
		flat ? d->HW : t->columns, 0, to, ld);
	if (b)
		add_bias(to, b, d->K, t->columns, ld);
	if (!alone)
		scatter(g, d, t, y, rows);
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const float *b, void *work_)
{
	struct dims d = dims_of(g);
	struct tiling tiling = tiling_of(g, &d);
	const int64_t items = tiling.count * g->groups;
	const size_t floats = scratch(&d, &tiling);
	int n = items < rt_threads() ? 1 : rt_split(items, rt_conv_macs(g));

#pragma omp parallel for num_threads(n) if (n > 1) schedule(static)
	for (int s = 0; s < n; s++) {
		for (int64_t i = rt_slice(items, s, n); i < rt_slice(items, s + 1, n); i++) {
			const int64_t group = i % g->groups;
			struct tile t = tile_at(g, &d, &tiling, i / g->groups);

			forward_tile(g, &d, &t, y + group * d.K * d.PQ, x + group * d.C * d.HW,
				     w + group * d.K * d.CRS, b ? b + group * d.K : NULL,
				     (float *)work_ + (size_t)s * floats);
		}
	}
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

/* Tiles of one image overlap in dx, so a thread takes whole images; where images and groups are too
 * few, ranges of channels. */
static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work_)
{
	struct dims d = dims_of(g);
	struct tiling tiling = tiling_of(g, &d);
	const int64_t blocks = tiling.count / tiling.chunks * g->groups;
	const int64_t parts = clamp(ceil_div(rt_threads(), blocks), 1, d.C);
	const size_t floats = scratch(&d, &tiling);
	int n = rt_split(blocks * parts, rt_conv_macs(g));

#pragma omp parallel for num_threads(n) if (n > 1) schedule(static)
	for (int s = 0; s < n; s++) {
		for (int64_t i = rt_slice(blocks * parts, s, n);
		     i < rt_slice(blocks * parts, s + 1, n); i++) {
			const int part = (int)(i % parts);
			const int64_t group = i / parts % g->groups;
			const int64_t first = i / parts / g->groups * tiling.chunks;
			const int64_t c = rt_slice(d.C, part, (int)parts);
			const int64_t C = rt_slice(d.C, part + 1, (int)parts) - c;

			for (int64_t j = first; j < first + tiling.chunks; j++) {
				struct tile t = tile_at(g, &d, &tiling, j);

				backward_data_tile(g, &d, &t, C, dx + (group * d.C + c) * d.HW,
						   dy + group * d.K * d.PQ,
						   w + group * d.K * d.CRS + c * d.RS,
						   (float *)work_ + (size_t)s * floats);
			}
		}
	}
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

/* Every slice of tiles sums into an array of its own; these are added in the order of the slices. */
static void backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			     void *work_)
{
	struct dims d = dims_of(g);
	struct tiling tiling = tiling_of(g, &d);
	const size_t floats = scratch(&d, &tiling), size = (size_t)(g->K * d.CRS);
	int n = tiling.count < rt_threads() ? 1 : rt_split(tiling.count, rt_conv_macs(g));
	float *sums = (float *)work_ + floats * (size_t)n;

#pragma omp parallel for num_threads(n) if (n > 1) schedule(static)
	for (int s = 0; s < n; s++) {
		const int64_t first = rt_slice(tiling.count, s, n);
		float *to = n > 1 ? sums + size * (size_t)s : dw;

		for (int64_t i = first; i < rt_slice(tiling.count, s + 1, n); i++) {
			struct tile t = tile_at(g, &d, &tiling, i);

			for (int64_t group = 0; group < g->groups; group++)
				backward_weights_tile(g, &d, &t, n > 1 && i == first ? 0 : 1,
						      to + group * d.K * d.CRS,
						      dy + group * d.K * d.PQ,
						      x + group * d.C * d.HW,
						      (float *)work_ + (size_t)s * floats);
		}
	}
	for (int s = 0; n > 1 && s < n; s++) {
		const float *restrict from = sums + size * (size_t)s;

#pragma omp simd
		for (size_t i = 0; i < size; i++)
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
