/* conv_blocked_direct.c - convolution of blocked arrays as it is defined: tiles of outputs under
 * one or two blocks of channels, over strips of x that stay in the cache. */
#include "config.h"

#include "tensor/conv_blocked_kernel.h"
#include "tensor/conv_blocked_plan.h"
#include "tensor/parallel.h"

#include <string.h>


/* Image channels at most that are read from planes. */
#define PLANES_MAX 4

static bool can(const struct rt_conv *g, bool x_planes)
{
	const struct rt_window *w = &g->win;
	const int64_t C = g->C / g->groups, K = g->K / g->groups;
	const int64_t pad = w->pad[1] + w->pad_end[1];

	/* Offsets in scratch are of 32 bits. */
	if (w->kernel[0] * w->kernel[1] > BLOCKED_WINDOW ||
	    (w->in[1] + pad + w->stride[1]) * w->kernel[0] * w->dilation[0] > INT32_MAX / 64)
		return false;
	if (x_planes)
		return g->groups == 1 && g->C <= PLANES_MAX;
	return g->groups == 1 || (C % RT_BLOCK == 0 && K % RT_BLOCK == 0);
}

static size_t pack_bytes(const struct rt_conv *g, bool x_planes)
{
	struct blocked b;

	blocked_plan(&b, g, x_planes);
	return (size_t)(g->groups * b.kb * b.weights) * sizeof(float);
}

/* The weights w (blocks 16, C, taps) of one tile's worth of blocks, K of which there are, times
 * scale, depth by depth: (depths, taps, channels, blocks, 16). */
static void pack_blocks(const struct blocked *b, float *packed, const float *w,
			const float *scale, int64_t K, int64_t blocks)
{
	const int64_t C = b->g->C / b->g->groups, width = blocks * RT_BLOCK, taps = b->taps;

	memset(packed, 0, (size_t)(blocks * b->weights) * sizeof(*packed));
	for (int64_t c = 0, n; c < C; c += n, packed += n * taps * width) {
		n = C - c < b->element ? C - c : b->element;
		for (int64_t k = 0; k < K && k < width; k++)
			for (int64_t i = 0; i < n; i++)
				for (int64_t tap = 0; tap < taps; tap++)
					packed[(tap * n + i) * width + k] =
						w[(k * C + c + i) * taps + tap] *
						(scale ? scale[k] : 1);
	}
}

static void pack(const struct rt_conv *g, bool x_planes, float *packed, const float *w,
		 const float *scale)
{
	struct blocked b;
	int64_t items, K;
	int n;

	blocked_plan(&b, g, x_planes);
	K = g->K / g->groups;
	items = g->groups * b.kgroups;
	n = rt_split(items, g->groups * b.kb * b.weights);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < items; i++) {
		const int64_t q = i / b.kgroups, first = i % b.kgroups * b.t->blocks;
		const int64_t left = b.kb - first, k = q * K + first * RT_BLOCK;

		pack_blocks(&b, packed + (q * b.kb + first) * b.weights,
			    w + k * (g->C / g->groups) * b.taps, scale ? scale + k : NULL,
			    K - first * RT_BLOCK, left < b.t->blocks ? left : b.t->blocks);
	}
}

static size_t work(const struct rt_conv *g, bool x_planes)
{
	struct blocked b;

	blocked_plan(&b, g, x_planes);
	return (size_t)(b.slices * b.scratch) * sizeof(float);
}

/* One strip of outputs under one tile's worth of blocks. */
struct part {
	const struct blocked *b;
	struct rt_blocked_tile tile;
	int blocks;
	int64_t rows, Q;	/* of the strip */
	int64_t share, done;	/* of weights to fetch: bytes, and tiles that have */
};

/* The most rows and columns of a tile, the fewest cycles together: two sums a cycle, no fewer than
 * latency allows, and what starting a tile takes. */
static int best_rows(const struct part *a, int64_t *columns)
{
	const int *widest = a->b->t->columns[a->blocks - 1];
	int64_t least = INT64_MAX;
	int best = 0;

	for (int r = 0; r < 3; r++) {
		const int64_t n = widest[r] ? (a->Q + widest[r] - 1) / widest[r] : 0;
		int64_t sums, cost;

		if (!n || (r && a->rows < 1 << r))
			continue;
		sums = ((a->Q + n - 1) / n * a->blocks) << r;
		cost = ((a->rows + (1 << r) - 1) >> r) * n * ((sums < 8 ? 8 : sums) + 2);
		if (cost < least) {
			least = cost;
			best = r;
			*columns = n;
		}
	}
	return best;
}

/* Rows [p, p + 2^r) of the strip, in n tiles of nearly the same width. */
static void tile_row(struct part *a, int64_t p, int r, int64_t n)
{
	const struct blocked *b = a->b;
	struct rt_blocked_tile t = a->tile;

	for (int64_t i = 0, q = 0, next; i < n; i++, q = next) {
		next = (i + 1) * a->Q / n;
		t.x = a->tile.x + p * t.x_row + q * b->element;
		t.y = a->tile.y + p * t.y_row + q * RT_BLOCK;
		t.add = a->tile.add ? a->tile.add + p * t.y_row + q * RT_BLOCK : NULL;
		t.ahead = a->tile.ahead + a->done++ * a->share;
		if (b->planes)
			b->t->plane_tile[a->blocks - 1][next - q](&t);
		else
			b->t->tile[a->blocks - 1][r][next - q](&t);
	}
}

/* All tiles of the strip over one chunk of depths; each fetches its share of the next chunk's
 * weights, which follow in memory. */
static void tiles(struct part *a)
{
	const int widest = a->b->t->columns[a->blocks - 1][0];
	int64_t n = (a->Q + widest - 1) / widest, p = 0;
	const int r = a->b->planes ? 0 : best_rows(a, &n);
	const int64_t runs = a->tile.depths * a->b->taps * a->b->element;
	const int64_t line = a->blocks * RT_BLOCK * (int64_t)sizeof(float);
	const int64_t count = (a->rows >> r) * n +
			      (a->rows & ((1 << r) - 1)) * ((a->Q + widest - 1) / widest);

	a->tile.ahead = (const char *)a->tile.w + runs * line;
	a->tile.ahead_step = (line + count - 1) / count;
	a->share = runs * a->tile.ahead_step;
	a->done = 0;
	for (; p + (1 << r) <= a->rows; p += 1 << r)
		tile_row(a, p, r, n);
	n = (a->Q + widest - 1) / widest;
	for (; p < a->rows; p++)
		tile_row(a, p, 0, n);
}

struct call {
	struct blocked b;
	float *y, *work;
	const float *x, *packed;
	const struct rt_conv_post *post;
};

/* Tile's worth kg of blocks of group q of one strip, depths in chunks. */
static void strip_blocks(const struct call *c, struct part *a, int64_t q, int64_t kg)
{
	const struct blocked *b = &c->b;
	const int64_t first = kg * b->t->blocks, K = b->g->K / b->g->groups;
	const float *x = a->tile.x;
	float start[RT_BLOCKED_MOST * RT_BLOCK];

	a->blocks = (int)(b->kb - first < b->t->blocks ? b->kb - first : b->t->blocks);
	conv_blocked_bias(start, c->post, q * K + first * RT_BLOCK, a->blocks * RT_BLOCK,
			  (q + 1) * K);
	a->tile.w = c->packed + (q * b->kb + first) * b->weights;
	for (int64_t d = 0; d < b->depths; d += b->chunk) {
		a->tile.depths = b->depths - d < b->chunk ? b->depths - d : b->chunk;
		a->tile.start = d ? NULL : start;
		a->tile.end = d + a->tile.depths == b->depths;
		a->tile.last = a->tile.end ? b->last : RT_BLOCK;
		a->tile.x = x + d * b->x_depth;
		tiles(a);
		a->tile.w += a->tile.depths * b->taps * b->element * a->blocks * RT_BLOCK;
	}
	a->tile.x = x;
	if (first + a->blocks == b->kb)
		conv_blocked_clear_lanes(b->g->K, c->post,
					 a->tile.y + (a->blocks - 1) * a->tile.y_block,
					 a->rows * a->Q);
}

/* Tiles' worths [k0,k1) of item i: a strip of one group of one image. */
static void strip(const struct call *c, int64_t i, int64_t k0, int64_t k1, float *scratch)
{
	const struct blocked *b = &c->b;
	const struct rt_window *w = &b->g->win;
	const int64_t HW = w->in[0] * w->in[1], PQ = w->out[0] * w->out[1];
	const int64_t first = i % b->strips * b->strip, group = i / b->strips;
	const int64_t left = b->units - first, n = left < b->strip ? left : b->strip;
	const int64_t at = b->copy ? first * w->out[1] : first;
	const float *x = c->x + group * (b->planes ? b->g->C : b->depths * RT_BLOCK) * HW;
	struct part a = {.b = b, .rows = n, .Q = w->out[1]};

	if (b->flat) {
		a.rows = 1;
		a.Q = b->copy ? n * w->out[1] : n;
	}
	if (b->copy)
		blocked_copy(b, scratch, x, first, n);
	a.tile = (struct rt_blocked_tile){
		.x = b->copy ? scratch : x + first * RT_BLOCK, .x_row = b->x_row,
		.x_depth = b->x_depth, .off = b->off, .taps = b->taps,
		.y_row = w->out[1] * RT_BLOCK, .y_block = PQ * RT_BLOCK, .lo = c->post->lo,
		.hi = c->post->hi,
	};
	for (int64_t k = k0; k < k1; k++) {
		const int64_t block = group * b->kb + k * b->t->blocks;
		const int64_t to = (block * PQ + at) * RT_BLOCK;

		a.tile.y = c->y + to;
		a.tile.add = c->post->add ? c->post->add + to : NULL;
		strip_blocks(c, &a, group % b->g->groups, k);
	}
}

static void slice(const struct call *c, int i)
{
	const struct blocked *b = &c->b;
	const int64_t items = b->g->N * b->g->groups * b->strips;
	float *scratch = b->scratch ? c->work + i * b->scratch : NULL;

	if (b->by_blocks) {
		for (int64_t j = 0; j < items; j++)
			strip(c, j, rt_slice(b->kgroups, i, b->slices),
			      rt_slice(b->kgroups, i + 1, b->slices), scratch);
		return;
	}
	for (int64_t j = rt_slice(items, i, b->slices); j < rt_slice(items, i + 1, b->slices); j++)
		strip(c, j, 0, b->kgroups, scratch);
}

static void run(const struct rt_conv *g, bool x_planes, float *y, const float *x,
		const float *packed, const struct rt_conv_post *post, void *work)
{
	struct call c = {.y = y, .x = x, .packed = packed, .post = post, .work = work};
	int n;

	blocked_plan(&c.b, g, x_planes);
	n = c.b.slices;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int i = 0; i < n; i++)
		slice(&c, i);
}

const struct conv_blocked_kernel conv_blocked_direct = {
	.name = "direct", .can = can, .pack_bytes = pack_bytes, .pack = pack, .work = work,
	.run = run,
};
