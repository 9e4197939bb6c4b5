/* conv_blocked_winograd.c - convolution of blocked arrays with 3 by 3 taps by minimal filtering:
 * tiles of m by m outputs, m 4 or 2, from (m + 2)^2 points of inputs and filters,
 *
 *	y = A^T (sum over c of (G w G^T) * (B^T x B)) A
 *
 * (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015).  Of every point it
 * is a product of matrices, tiles in the place of positions.
 */
#include "config.h"

#include "tensor/conv_blocked_kernel.h"
#include "tensor/conv_blocked_table.h"
#include "tensor/parallel.h"

#include <string.h>

/* Wanted floats of a strip's points: a fifth of a second-level cache where it also holds those of
 * the filters; where these are read anew for every strip, as much as it has. */
#define STRIP_FLOATS (48 * 1024)
#define LARGE_STRIP_FLOATS (320 * 1024)

/* Tiles of m by m outputs that make up for reading the points of filters, by m / 2 - 1. */
static const int enough_tiles[2] = {12, 24};

/* So many filters have points that stay in a second-level cache: fewer tiles are enough. */
#define FEW_FILTERS (64 * 64)
#define FEW_TILES 4

/* Rows of tiles are counted over all images; a strip is a few of them. */
struct winograd {
	const struct rt_conv_blocked_table *t;
	const struct rt_conv *g;
	int m, edge, points;
	int64_t cb, kb, kgroups;	/* blocks read and made; tiles' worth of these */
	int64_t down, across;		/* tiles of an image */
	int64_t all, strip, strips;	/* rows of tiles, in all and of a strip; strips */
	int64_t v_point, u_point;	/* floats of a point of a strip */
	int64_t zeros, lines;		/* floats of a row without input, of one transformed */
	int64_t weights;		/* floats of the packed weights of one block, all points */
	int slices;
	bool by_blocks;			/* slices divide the blocks made, not the strips */
};

struct call {
	struct winograd d;
	float *y, *work;
	const float *x, *packed;
	const struct rt_conv_post *post;
};

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Floats of n positions, an odd number of cache lines, so that the same tile of many points falls
 * into different sets of the cache. */
static int64_t odd(int64_t n)
{
	return (n | 1) * RT_BLOCK;
}

static void cut(struct winograd *d)
{
	const int64_t row = d->points * (d->cb + d->t->blocks) * d->across * RT_BLOCK;
	const int64_t planes = d->g->N * (d->cb + d->kb) * RT_BLOCK * d->g->win.out[0] *
			       d->g->win.out[1];
	const int n = rt_split_macs(d->all * d->kgroups, rt_conv_macs(d->g) / 2);

	d->slices = n;
	d->by_blocks = n > 1 && d->kgroups >= n && 2 * d->weights * d->kb > 5 * planes &&
		       (d->kgroups % n == 0 || d->kgroups >= 8 * n);
	d->strips = ceil_div(d->all * row, d->by_blocks ? LARGE_STRIP_FLOATS : STRIP_FLOATS);
	d->strips = least(d->strips, d->all);
	if (!d->by_blocks)
		d->strips = least(ceil_div(d->strips, n) * n, d->all);
	d->strip = ceil_div(d->all, d->strips);
	d->strips = ceil_div(d->all, d->strip);
}

static void plan(struct winograd *d, const struct rt_conv *g, int m)
{
	const struct rt_window *w = &g->win;

	*d = (struct winograd){.t = rt_conv_blocked_table(), .g = g, .m = m, .edge = m + 2,
			       .points = (m + 2) * (m + 2)};
	d->cb = rt_blocks(g->C);
	d->kb = rt_blocks(g->K);
	d->kgroups = ceil_div(d->kb, d->t->blocks);
	d->down = ceil_div(w->out[0], m);
	d->across = ceil_div(w->out[1], m);
	d->all = g->N * d->down;
	d->weights = d->points * d->cb * RT_BLOCK * RT_BLOCK;
	cut(d);
	d->v_point = odd(d->cb * d->strip * d->across);
	d->u_point = odd(d->t->blocks * d->strip * d->across);
	d->zeros = w->in[1] * RT_BLOCK;
	d->lines = d->edge * (d->across * m + 2) * RT_BLOCK;
}

static bool can(const struct rt_conv *g, bool x_planes)
{
	const struct rt_window *w = &g->win;

	for (int a = 0; a < 2; a++)
		if (w->kernel[a] != 3 || w->stride[a] != 1 || w->dilation[a] != 1)
			return false;
	return !x_planes && g->groups == 1;
}

/* The filters (3,3,16) of channel c for made channels [k, k + 16), 0 beyond those there are. */
static void filters_of(const struct rt_conv *g, float *to, const float *w, const float *scale,
		       int64_t k, int64_t c)
{
	const int64_t n = c < g->C ? least(g->K - k, RT_BLOCK) : 0;

	memset(to, 0, 9 * RT_BLOCK * sizeof(*to));
	for (int64_t i = 0; i < n; i++)
		for (int tap = 0; tap < 9; tap++)
			to[tap * RT_BLOCK + i] = w[((k + i) * g->C + c) * 9 + tap] *
						 (scale ? scale[k + i] : 1);
}

/* packed: tile's worths of (points, C, blocks, 16). */
static void pack(const struct rt_conv *g, int m, float *packed, const float *w,
		 const float *scale)
{
	struct winograd d;
	int n;

	plan(&d, g, m);
	n = rt_split(d.kgroups, d.kb * d.weights);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < d.kgroups; i++) {
		const int64_t first = i * d.t->blocks, blocks = least(d.kb - first, d.t->blocks);
		const int64_t C = d.cb * RT_BLOCK;
		float *to = packed + first * d.weights, taps[9 * RT_BLOCK];

		for (int64_t c = 0; c < C; c++) {
			for (int64_t b = 0; b < blocks; b++) {
				filters_of(g, taps, w, scale, (first + b) * RT_BLOCK, c);
				d.t->filters[m / 2 - 1](to + (c * blocks + b) * RT_BLOCK, taps,
							C * blocks * RT_BLOCK);
			}
		}
	}
}

/* Bytes of one slice: points of inputs and of sums, a row of zeros, a row transformed. */
static int64_t slice_floats(const struct winograd *d)
{
	return d->points * (d->v_point + d->u_point) + d->zeros + d->lines;
}

/* Row `row` of tiles, the i'th of its strip, of all blocks, to v. */
static void row_in(const struct call *c, int64_t row, int64_t i, int64_t tiles, float *v,
		   const float *zeros, float *lines)
{
	const struct winograd *d = &c->d;
	const struct rt_window *w = &d->g->win;
	const int64_t image = row / d->down, top = row % d->down * d->m - w->pad[0];
	struct rt_blocked_tiles_in p = {.n = d->across, .W = w->in[1], .left = w->pad[1],
					.lines = lines, .point = d->v_point};

	for (int64_t b = 0; b < d->cb; b++) {
		const float *x = c->x + (image * d->cb + b) * w->in[0] * w->in[1] * RT_BLOCK;

		for (int64_t r = 0; r < d->edge; r++)
			p.row[r] = top + r >= 0 && top + r < w->in[0]
					   ? x + (top + r) * w->in[1] * RT_BLOCK
					   : zeros;
		p.v = v + (b * tiles + i * d->across) * RT_BLOCK;
		d->t->tiles_in[d->m / 2 - 1](&p);
	}
}

/* The sums over all channels of a strip's tiles under one tile's worth of blocks. */
static void products(const struct call *c, int64_t first, int blocks, int64_t tiles,
		     const float *v, float *u)
{
	static const float zeros[RT_BLOCKED_MOST * RT_BLOCK];
	static const int32_t off[1];
	const struct winograd *d = &c->d;
	const int64_t weights = d->weights / d->points * blocks;
	const int64_t n = ceil_div(tiles, d->t->columns[blocks - 1][0]);
	struct rt_blocked_tile t = {.x_depth = tiles * RT_BLOCK, .off = off, .taps = 1,
				    .depths = d->cb, .last = RT_BLOCK, .start = zeros,
				    .y_block = tiles * RT_BLOCK};

	t.w = c->packed + first * d->weights;
	t.ahead_step = ceil_div(blocks * RT_BLOCK * (int64_t)sizeof(float), n);
	for (int i = 0; i < d->points; i++, t.w += weights) {
		t.ahead = (const char *)(t.w + weights);
		for (int64_t j = 0, q = 0, next; j < n; j++, q = next) {
			next = (j + 1) * tiles / n;
			t.x = v + i * d->v_point + q * RT_BLOCK;
			t.y = u + i * d->u_point + q * RT_BLOCK;
			d->t->tile[blocks - 1][0][next - q](&t);
			t.ahead += d->cb * RT_BLOCK * t.ahead_step;
		}
	}
}

/* Row `row` of tiles, the i'th of its strip, of one block. */
static void row_out(const struct call *c, int64_t row, int64_t i, int64_t block,
		    const float *bias, const float *u)
{
	const struct winograd *d = &c->d;
	const struct rt_window *w = &d->g->win;
	const int64_t P = w->out[0], Q = w->out[1], p = row % d->down * d->m;
	const int64_t to = ((row / d->down * d->kb + block) * P + p) * Q * RT_BLOCK;
	const int64_t rows = least(P - p, d->m);

	d->t->tiles_out[d->m / 2 - 1](&(struct rt_blocked_tiles_out){
		.u = u + i * d->across * RT_BLOCK, .point = d->u_point, .n = d->across,
		.rows = rows, .Q = Q, .start = bias, .y = c->y + to,
		.add = c->post->add ? c->post->add + to : NULL, .y_row = Q * RT_BLOCK,
		.lo = c->post->lo, .hi = c->post->hi,
	});
	if (block == d->kb - 1)
		conv_blocked_clear_lanes(d->g->K, c->post, c->y + to, rows * Q);
}

/* Tile's worths [k0,k1) of one strip. */
static void strip(const struct call *c, int64_t s, int64_t k0, int64_t k1, float *work)
{
	const struct winograd *d = &c->d;
	const int64_t first = s * d->strip, rows = least(d->all - first, d->strip);
	const int64_t tiles = rows * d->across;
	float *v = work, *u = v + d->points * d->v_point, *zeros = u + d->points * d->u_point;

	memset(zeros, 0, (size_t)d->zeros * sizeof(*zeros));
	for (int64_t i = 0; i < rows; i++)
		row_in(c, first + i, i, tiles, v, zeros, zeros + d->zeros);
	for (int64_t k = k0; k < k1; k++) {
		const int64_t block = k * d->t->blocks;
		const int blocks = (int)least(d->kb - block, d->t->blocks);

		products(c, block, blocks, tiles, v, u);
		for (int b = 0; b < blocks; b++) {
			float bias[RT_BLOCK];

			conv_blocked_bias(bias, c->post, (block + b) * RT_BLOCK, RT_BLOCK,
					  d->g->K);
			for (int64_t i = 0; i < rows; i++)
				row_out(c, first + i, i, block + b, bias,
					u + b * tiles * RT_BLOCK);
		}
	}
}

static void run(const struct rt_conv *g, int m, float *y, const float *x, const float *packed,
		const struct rt_conv_post *post, void *work)
{
	struct call c = {.y = y, .x = x, .packed = packed, .post = post, .work = work};
	const struct winograd *d = &c.d;
	int n;

	plan(&c.d, g, m);
	n = d->slices;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int i = 0; i < n; i++) {
		const bool k = d->by_blocks;
		const int64_t s0 = k ? 0 : rt_slice(d->strips, i, n);
		const int64_t s1 = k ? d->strips : rt_slice(d->strips, i + 1, n);

		for (int64_t s = s0; s < s1; s++)
			strip(&c, s, k ? rt_slice(d->kgroups, i, n) : 0,
			      k ? rt_slice(d->kgroups, i + 1, n) : d->kgroups,
			      c.work + i * slice_floats(d));
	}
}

/* Whether the filters' points are worth reading: under few tiles there are fewer products of each
 * than it takes to bring it from memory. */
static bool fits(const struct rt_conv *g, int m)
{
	const struct rt_window *w = &g->win;
	const int64_t tiles = g->N * ceil_div(w->out[0], m) * ceil_div(w->out[1], m);

	if (m == 4 && g->C * g->K <= FEW_FILTERS && tiles >= FEW_TILES)
		return g->C >= RT_BLOCK / 2;
	return g->C >= RT_BLOCK / 2 && tiles >= enough_tiles[m / 2 - 1];
}

#define KERNEL(m)                                                                          \
	static bool fits_##m(const struct rt_conv *g)                                              \
	{                                                                                          \
		return fits(g, m);                                                                 \
	}                                                                                          \
	static size_t pack_bytes_##m(const struct rt_conv *g, bool x_planes)                       \
	{                                                                                          \
		struct winograd d;                                                                 \
                                                                                                   \
		(void)x_planes;                                                                    \
		plan(&d, g, m);                                                                    \
		return (size_t)(d.kb * d.weights) * sizeof(float);                                 \
	}                                                                                          \
	static void pack_##m(const struct rt_conv *g, bool x_planes, float *packed,                \
			     const float *w, const float *scale)                                   \
	{                                                                                          \
		(void)x_planes;                                                                    \
		pack(g, m, packed, w, scale);                                                      \
	}                                                                                          \
	static size_t work_##m(const struct rt_conv *g, bool x_planes)                             \
	{                                                                                          \
		struct winograd d;                                                                 \
                                                                                                   \
		(void)x_planes;                                                                    \
		plan(&d, g, m);                                                                    \
		return (size_t)(d.slices * slice_floats(&d)) * sizeof(float);                      \
	}                                                                                          \
	static void run_##m(const struct rt_conv *g, bool x_planes, float *y, const float *x,      \
			    const float *packed, const struct rt_conv_post *post, void *work)      \
	{                                                                                          \
		(void)x_planes;                                                                    \
		run(g, m, y, x, packed, post, work);                                               \
	}                                                                                          \
	const struct conv_blocked_kernel conv_blocked_winograd_##m = {                             \
		.name = "winograd " #m "x" #m, .can = can, .fits = fits_##m,                       \
		.pack_bytes = pack_bytes_##m, .pack = pack_##m, .work = work_##m, .run = run_##m,  \
	};
KERNEL(2)
KERNEL(4)
