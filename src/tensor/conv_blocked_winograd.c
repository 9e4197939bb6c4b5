/* conv_blocked_winograd.c - convolution of blocked arrays with 3 by 3 taps by minimal filtering:
 * tiles of m by m outputs, m 4 or 2, from points of inputs and filters,
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

/* What a kind of tile is: see conv_blocked_table.h. */
static const struct kind {
	int m, edge, step;
	int filter;		/* points of filters along an axis */
	int tiles, channels;	/* read from which on it is worth while */
} kinds[RT_BLOCKED_KINDS] = {
	[RT_BLOCKED_2] = {2, 4, 1, 4, 12, 8},
	[RT_BLOCKED_4] = {4, 6, 1, 6, 24, 8},
	[RT_BLOCKED_2_BY_2] = {2, 5, 2, 4, 24, 64},
};

/* So many filters have points that stay in a second-level cache: fewer tiles of 4 by 4 are
 * enough. */
#define FEW_FILTERS (64 * 64)
#define FEW_TILES 4

/* Rows of tiles are counted over all images; a strip is a few of them. */
struct winograd {
	const struct rt_conv_blocked_table *t;
	const struct rt_conv *g;
	enum rt_blocked_kind kind;
	int m, edge, points;		/* points of a tile in all, */
	int filter;			/* and of a filter along an axis */
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
	const struct rt_window *w = &d->g->win;
	const int64_t planes = d->g->N * RT_BLOCK * (d->cb * w->in[0] * w->in[1] +
						     d->kb * w->out[0] * w->out[1]);
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

static void plan(struct winograd *d, const struct rt_conv *g, enum rt_blocked_kind kind)
{
	const struct rt_window *w = &g->win;
	const struct kind *k = &kinds[kind];
	const int m = k->m;

	*d = (struct winograd){.t = rt_conv_blocked_table(), .g = g, .kind = kind, .m = m,
			       .edge = k->edge, .points = k->edge * k->edge,
			       .filter = k->filter};
	d->cb = rt_blocks(g->C);
	d->kb = rt_blocks(g->K);
	d->kgroups = ceil_div(d->kb, d->t->blocks);
	d->down = ceil_div(w->out[0], m);
	d->across = ceil_div(w->out[1], m);
	d->all = g->N * d->down;
	d->weights = d->filter * d->filter * d->cb * RT_BLOCK * RT_BLOCK;
	cut(d);
	d->v_point = odd(d->cb * d->strip * d->across);
	d->u_point = odd(d->t->blocks * d->strip * d->across);
	d->zeros = w->in[1] * RT_BLOCK;
	d->lines = d->edge * (d->across * m * k->step + d->edge) * RT_BLOCK;
}

static bool can(const struct rt_conv *g, bool x_planes, enum rt_blocked_kind kind)
{
	const struct rt_window *w = &g->win;

	for (int a = 0; a < 2; a++)
		if (w->kernel[a] != 3 || w->stride[a] != kinds[kind].step || w->dilation[a] != 1)
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
static void pack(const struct rt_conv *g, enum rt_blocked_kind kind, float *packed,
		 const float *w, const float *scale)
{
	struct winograd d;
	int n;

	plan(&d, g, kind);
	n = rt_split(d.kgroups, d.kb * d.weights);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < d.kgroups; i++) {
		const int64_t first = i * d.t->blocks, blocks = least(d.kb - first, d.t->blocks);
		const int64_t C = d.cb * RT_BLOCK;
		float *to = packed + first * d.weights, taps[9 * RT_BLOCK];

		for (int64_t c = 0; c < C; c++) {
			for (int64_t b = 0; b < blocks; b++) {
				filters_of(g, taps, w, scale, (first + b) * RT_BLOCK, c);
				d.t->filters[kind](to + (c * blocks + b) * RT_BLOCK, taps,
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
	const int64_t image = row / d->down, top = row % d->down * d->m * w->stride[0] -
							       w->pad[0];
	struct rt_blocked_tiles_in p = {.n = d->across, .W = w->in[1], .left = w->pad[1],
					.lines = lines, .point = d->v_point};

	for (int64_t b = 0; b < d->cb; b++) {
		const float *x = c->x + (image * d->cb + b) * w->in[0] * w->in[1] * RT_BLOCK;

		for (int64_t r = 0; r < d->edge; r++)
			p.row[r] = top + r >= 0 && top + r < w->in[0]
					   ? x + (top + r) * w->in[1] * RT_BLOCK
					   : zeros;
		p.v = v + (b * tiles + i * d->across) * RT_BLOCK;
		d->t->tiles_in[d->kind](&p);
	}
}

/* One point of a strip's tiles, in n pieces, under one tile's worth of blocks. */
static void product(const struct winograd *d, struct rt_blocked_tile *t, int blocks, int64_t tiles,
		    int64_t n, const float *v, float *u)
{
	for (int64_t i = 0, q = 0, next; i < n; i++, q = next) {
		next = (i + 1) * tiles / n;
		t->x = v + q * RT_BLOCK;
		t->y = u + q * RT_BLOCK;
		d->t->tile[blocks - 1][0][next - q](t);
		t->ahead += d->cb * RT_BLOCK * t->ahead_step;
	}
}

/* The sums over all channels of a strip's tiles, point by point of filters; the last of these along
 * an axis meets all points of tiles from there on. */
static void products(const struct call *c, int64_t first, int blocks, int64_t tiles,
		     const float *v, float *u)
{
	static const float zeros[RT_BLOCKED_MOST * RT_BLOCK];
	static const int32_t off[1];
	const struct winograd *d = &c->d;
	const int64_t weights = d->cb * RT_BLOCK * blocks * RT_BLOCK;
	const int64_t n = ceil_div(tiles, d->t->columns[blocks - 1][0]);
	const int last = d->filter - 1, edge = d->edge;
	struct rt_blocked_tile t = {.x_depth = tiles * RT_BLOCK, .off = off, .taps = 1,
				    .depths = d->cb, .last = RT_BLOCK, .start = zeros,
				    .y_block = tiles * RT_BLOCK};

	t.w = c->packed + first * d->weights;
	t.ahead_step = ceil_div(blocks * RT_BLOCK * (int64_t)sizeof(float), n);
	for (int i = 0; i <= last; i++) {
		for (int j = 0; j <= last; j++, t.w += weights) {
			t.ahead = (const char *)(t.w + weights);
			for (int p = i; p < (i < last ? i + 1 : edge); p++)
				for (int q = j; q < (j < last ? j + 1 : edge); q++)
					product(d, &t, blocks, tiles, n,
						v + (p * edge + q) * d->v_point,
						u + (p * edge + q) * d->u_point);
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

	d->t->tiles_out[d->kind](&(struct rt_blocked_tiles_out){
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

static void run(const struct rt_conv *g, enum rt_blocked_kind kind, float *y, const float *x,
		const float *packed, const struct rt_conv_post *post, void *work)
{
	struct call c = {.y = y, .x = x, .packed = packed, .post = post, .work = work};
	const struct winograd *d = &c.d;
	int n;

	plan(&c.d, g, kind);
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
static bool fits(const struct rt_conv *g, enum rt_blocked_kind kind)
{
	const struct rt_window *w = &g->win;
	const int64_t m = kinds[kind].m;
	const int64_t tiles = g->N * ceil_div(w->out[0], m) * ceil_div(w->out[1], m);

	if (kind == RT_BLOCKED_4 && g->C * g->K <= FEW_FILTERS && tiles >= FEW_TILES)
		return g->C >= kinds[kind].channels;
	return g->C >= kinds[kind].channels && tiles >= kinds[kind].tiles;
}

#define KERNEL(of, label)                                                                          \
	static bool can_##of(const struct rt_conv *g, bool x_planes)                               \
	{                                                                                          \
		return can(g, x_planes, RT_BLOCKED_##of);                                          \
	}                                                                                          \
	static bool fits_##of(const struct rt_conv *g)                                             \
	{                                                                                          \
		return fits(g, RT_BLOCKED_##of);                                                   \
	}                                                                                          \
	static size_t pack_bytes_##of(const struct rt_conv *g, bool x_planes)                      \
	{                                                                                          \
		struct winograd d;                                                                 \
                                                                                                   \
		(void)x_planes;                                                                    \
		plan(&d, g, RT_BLOCKED_##of);                                                      \
		return (size_t)(d.kb * d.weights) * sizeof(float);                                 \
	}                                                                                          \
	static void pack_##of(const struct rt_conv *g, bool x_planes, float *packed,               \
			      const float *w, const float *scale)                                  \
	{                                                                                          \
		(void)x_planes;                                                                    \
		pack(g, RT_BLOCKED_##of, packed, w, scale);                                        \
	}                                                                                          \
	static size_t work_##of(const struct rt_conv *g, bool x_planes)                            \
	{                                                                                          \
		struct winograd d;                                                                 \
                                                                                                   \
		(void)x_planes;                                                                    \
		plan(&d, g, RT_BLOCKED_##of);                                                      \
		return (size_t)(d.slices * slice_floats(&d)) * sizeof(float);                      \
	}                                                                                          \
	static void run_##of(const struct rt_conv *g, bool x_planes, float *y, const float *x,     \
			     const float *packed, const struct rt_conv_post *post, void *work)     \
	{                                                                                          \
		(void)x_planes;                                                                    \
		run(g, RT_BLOCKED_##of, y, x, packed, post, work);                                 \
	}                                                                                          \
	const struct conv_blocked_kernel conv_blocked_winograd_##of = {                            \
		.name = "winograd " label, .can = can_##of, .fits = fits_##of,                     \
		.pack_bytes = pack_bytes_##of, .pack = pack_##of, .work = work_##of,               \
		.run = run_##of,                                                                   \
	};
KERNEL(2, "2x2")
KERNEL(4, "4x4")
KERNEL(2_BY_2, "2x2 by 2")
