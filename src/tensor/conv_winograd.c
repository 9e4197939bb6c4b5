/* conv_winograd.c - convolution by minimal filtering: tiles of inputs and filters are transformed
 * so that 36 products per pair of channels give 4 by 4 outputs under 3 by 3 taps, which take 144,
 * and 64 those under 5 by 5, which take 400.
 *
 *	Y = A^T [sum over c of (G g_c G^T) . (B^T d_c B)] A
 *
 * (Winograd, Arithmetic complexity of computations, 1980; Lavin and Gray, Fast algorithms for
 * convolutional neural networks, CVPR 2016, equation 12).  For each of the points the sum over c
 * is a product of matrices, tiles by channels.
 */
#include "config.h"

#include "tensor/conv_winograd.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

/* Floats of finished sums of a block before they become planes: a third of a first-level cache. */
#define STRIP_FLOATS 4096

/* The product of channels, and filters a tile, below and above which transforms cost more than they
 * save (measured); and tiles not worth the sums of all points. */
#define LEAST_CHANNELS 128
#define FILTERS_A_TILE 4096
#define FEW_TILES 8

/* Tiles below which reading the filters is the work. */
#define TILES_OF_FILTERS 28

/* Multiply-adds in the time of a channel's transform of a tile, and that of all filters in tiles
 * (measured). */
#define TRANSFORM_MACS 512
#define READING_TILES 4

struct pass {
	struct winograd d;
	struct winograd_planes x;
	float *u, *bias, *none;		/* filters; start of the sums, and zeros: (blocks, lanes) */
	float *pack;			/* one of each a slice */
	float *lanes, *v, *sums, *strip;
	size_t pack_size, lanes_size, v_size, sums_size, strip_size;
	float *y;
	const float *add;
	float lo, hi;
	bool pool;
	int n;
	bool by_blocks;		/* slices divide the blocks of made channels, not the items */
};

/* The outputs of one slice. */
struct finish {
	const struct pass *p;
	struct winograd_item item;
	struct winograd_lanes l;
	float *strip;
};

static int64_t min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Rows of tiles whose outputs become planes at once. */
static int64_t strip_rows(const struct winograd *d)
{
	const int64_t fit = STRIP_FLOATS / (WINOGRAD_OUT * d->out[1] * d->t->lanes);

	return min(fit > 1 ? fit : 1, d->tiles[0]);
}

/* The point 1 of both axes, whose column of A^T is all ones: what is added there is added to all
 * outputs. */
static int ones(const struct winograd *d)
{
	return d->edge + 1;
}

/* All sums of one or two blocks from block b on. */
static void products(const struct pass *p, int64_t tiles, int64_t b, int blocks, const float *v,
		     float *sums)
{
	const struct winograd *d = &p->d;
	const int64_t L = d->t->lanes;
	const int64_t v_point = winograd_point(d, d->x_blocks), s_point = winograd_point(d, 2);
	const int parts = (int)direct_blocks(tiles, d->t->tiles[blocks - 1]);

	for (int i = 0; i < d->points; i++) {
		for (int j = 0; j < parts; j++) {
			const int64_t at = rt_slice(tiles, j, parts);
			const int64_t n = rt_slice(tiles, j + 1, parts) - at;

			d->t->product[blocks - 1][n](&(struct rt_winograd_product){
				.x = v + i * v_point + at * L, .x_block = tiles * L, .C = d->C,
				.w = p->u + i * d->w_point + b * d->C * L,
				.start = (i == ones(d) ? p->bias : p->none) + b * L,
				.sums = sums + i * s_point + at * L, .sums_block = tiles * L,
			});
		}
	}
}

/* One row of tiles to the rows of outputs from `to` on, Q vectors each; rows below the plane are
 * left in the zeros' place. */
static void row_of(const struct finish *f, const float *sums, int64_t rows, float *to)
{
	const struct winograd *d = &f->p->d;
	void (*lines)(const struct rt_winograd_lines *) = d->t->lines[d->r / 2 - 1][WINOGRAD_A_T];
	const int64_t L = d->t->lanes, point = winograd_point(d, 2);
	struct rt_winograd_lines across = {
		.in_step = L, .out_step = WINOGRAD_OUT * L, .n = d->tiles[1], .rows = d->edge,
		.in_row = d->edge * point, .out_row = f->l.points[1] - f->l.points[0],
	};
	struct rt_winograd_lines down = {
		.in_step = L, .out_step = L, .n = d->out[1], .rows = 1,
	};

	for (int j = 0; j < d->edge; j++)
		across.in[j] = sums + j * point;
	for (int j = 0; j < WINOGRAD_OUT; j++)
		across.out[j] = f->l.points[0] + j * L;
	lines(&across);
	memcpy(down.in, f->l.points, sizeof(down.in));
	for (int64_t i = 0; i < WINOGRAD_OUT; i++)
		down.out[i] = i < rows ? to + i * d->out[1] * L : f->l.rows[0];
	lines(&down);
}

/* The outputs of block b, from the item's sums of it. */
static void finish(const struct finish *f, int64_t b, const float *sums)
{
	const struct pass *p = f->p;
	const struct winograd *d = &p->d;
	const int64_t L = d->t->lanes, P = d->out[0], Q = d->out[1];
	const int64_t strip = strip_rows(d), row = d->tiles[1] * L, shrink = p->pool ? 2 : 1;

	for (int64_t i = f->item.first, n; i < f->item.end; i += n) {
		const int64_t image = i / d->tiles[0], top = i % d->tiles[0];
		const int64_t to = (image * d->K + b * L) * (P / shrink);
		const int64_t at = (to + top * WINOGRAD_OUT / shrink) * (Q / shrink);
		int64_t rows;

		n = min(min(strip, f->item.end - i), d->tiles[0] - top);
		rows = min(n * WINOGRAD_OUT, P - top * WINOGRAD_OUT);
		for (int64_t j = 0; j < n; j++)
			row_of(f, sums + (i - f->item.first + j) * row, rows - j * WINOGRAD_OUT,
			       f->strip + j * WINOGRAD_OUT * Q * L);
		if (p->pool)
			d->t->fours(&(struct rt_winograd_fours){f->strip, f->strip, rows, Q});
		d->ends->end(&(struct rt_conv_end){
			.sums = f->strip, .n = rows / shrink * (Q / shrink),
			.K = min(d->K - b * L, L), .y = p->y + at,
			.add = p->add ? p->add + at : NULL, .plane = P / shrink * (Q / shrink),
			.lo = p->lo, .hi = p->hi,
		});
	}
}

static void slice(const struct pass *p, int s)
{
	const struct winograd *d = &p->d;
	const size_t own = (size_t)s;
	const int all = p->by_blocks ? 1 : p->n, part = p->by_blocks ? p->n : 1;
	const int64_t items[2] = {rt_slice(d->items, s % all, all),
				  rt_slice(d->items, s % all + 1, all)};
	const int64_t pairs[2] = {rt_slice((d->w_blocks + 1) / 2, s % part, part),
				  rt_slice((d->w_blocks + 1) / 2, s % part + 1, part)};
	float *v = p->v + p->v_size * own, *sums = p->sums + p->sums_size * own;
	struct finish f = {.p = p, .strip = p->strip + p->strip_size * own};
	struct winograd_lanes in;

	winograd_take_lanes(&in, d, p->lanes + 2 * p->lanes_size * own);
	winograd_take_lanes(&f.l, d, p->lanes + (2 * own + 1) * p->lanes_size);
	for (int64_t i = items[0]; i < items[1]; i++) {
		const struct winograd_item item = winograd_item(d, i);
		const int64_t tiles = (item.end - item.first) * d->tiles[1];

		f.item = item;
		winograd_fetch(d, &p->x, &item, &in, v, winograd_point(d, d->x_blocks));
		for (int64_t b = pairs[0] * 2; b < min(pairs[1] * 2, d->w_blocks); b += 2) {
			const int blocks = d->w_blocks - b > 1 ? 2 : 1;

			products(p, tiles, b, blocks, v, sums);
			for (int k = 0; k < blocks; k++)
				finish(&f, b + k, sums + k * tiles * d->t->lanes);
		}
	}
}

/* How many slices, and of what: where there are few tiles, each takes all of them through its part
 * of the filters, which its cache then holds. */
static void share(struct pass *p)
{
	struct winograd *d = &p->d;
	const int64_t tiles = d->all_rows * d->tiles[1];
	const int64_t macs = d->points * d->C * d->K * (tiles + READING_TILES) +
			     TRANSFORM_MACS * (d->C + d->K) * tiles;

	p->n = rt_split_macs(rt_threads(), macs);
	p->by_blocks = p->n > 1 && tiles < TILES_OF_FILTERS && d->w_blocks >= 2 * p->n;
	winograd_cut(d, p->by_blocks ? 1 : p->n);
	if (!p->by_blocks)
		p->n = (int)min(p->n, d->items);
}

/* What follows from the weights; its size when space is NULL. */
static size_t take_weights(struct pass *p, void *space)
{
	const struct winograd *d = &p->d;
	const int64_t channels = d->w_blocks * d->t->lanes;
	struct direct_space s = {.base = space};

	p->u = direct_take(&s, (size_t)(d->points * d->w_point) * sizeof(float));
	p->bias = direct_take(&s, (size_t)(2 * channels) * sizeof(float));
	p->none = space ? p->bias + channels : NULL;
	return s.used;
}

/* The pass's part of the work space; its size when work is NULL. */
static size_t take(struct pass *p, void *work)
{
	const struct winograd *d = &p->d;
	const int64_t L = d->t->lanes;
	const size_t threads = (size_t)rt_threads();
	struct direct_space s = {.base = work};

	p->pack_size = winograd_filter_floats(d);
	p->lanes_size = winograd_lanes_floats(d);
	p->v_size = (size_t)(d->points * winograd_point(d, d->x_blocks));
	p->sums_size = (size_t)(d->points * winograd_point(d, 2));
	p->strip_size = (size_t)(strip_rows(d) * WINOGRAD_OUT * d->out[1] * L);
	p->pack = direct_take(&s, threads * p->pack_size * sizeof(float));
	p->lanes = direct_take(&s, 2 * threads * p->lanes_size * sizeof(float));
	p->v = direct_take(&s, threads * p->v_size * sizeof(float));
	p->sums = direct_take(&s, threads * p->sums_size * sizeof(float));
	p->strip = direct_take(&s, threads * p->strip_size * sizeof(float));
	return s.used;
}

static void transform_weights(struct pass *p, const float *w, const struct rt_conv_post *post)
{
	const struct winograd *d = &p->d;

	for (int64_t k = 0; k < d->w_blocks * d->t->lanes; k++) {
		p->bias[k] = post->bias && k < d->K ? post->bias[k] : 0;
		p->none[k] = 0;
	}
	winograd_filters(d, p->u, w, post->scale, p->pack);
}

/* kept: where what follows from the weights stays, and whether it is there; NULL: in work. */
static void run(struct pass *p, const float *x, const float *w, const struct rt_conv_post *post,
		void *kept, bool ready, void *work)
{
	const struct winograd *d = &p->d;
	const size_t used = take_weights(p, kept ? kept : work);

	take(p, kept ? work : (char *)work + used);
	p->x = (struct winograd_planes){
		.planes = x, .C = d->C, .in = {d->in[0], d->in[1]},
		.before = {d->before[0], d->before[1]}, .reach = d->edge,
		.map = WINOGRAD_B_T,
	};
	p->add = post->add;
	p->lo = post->lo;
	p->hi = post->hi;
	p->pool = post->pool;
	if (!ready)
		transform_weights(p, w, post);
#pragma omp parallel for num_threads(p->n) schedule(static)
	for (int s = 0; s < p->n; s++)
		slice(p, s);
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct pass p;

	if (direction == RT_CONV_WEIGHTS)
		return winograd_weights_work(g);
	if (direction == RT_CONV_FORWARD)
		winograd_forward(&p.d, g);
	else
		winograd_backward(&p.d, g);
	share(&p);
	return take_weights(&p, NULL) + take(&p, NULL);
}

static size_t kept_size(const struct rt_conv *g)
{
	struct pass p;

	winograd_forward(&p.d, g);
	return take_weights(&p, NULL);
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	struct pass p = {.y = y};

	winograd_forward(&p.d, g);
	share(&p);
	run(&p, x, w, post, g->kept, g->ready, work_);
}

/* Tiles hold whole windows. */
static bool pools(const struct rt_conv *g)
{
	(void)g;
	return true;
}

static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work_)
{
	const struct rt_conv_post post = {
		.add = g->fresh ? NULL : dx, .lo = -INFINITY, .hi = INFINITY,
	};
	struct pass p = {.y = dx};

	winograd_backward(&p.d, g);
	share(&p);
	run(&p, dy, w, &post, NULL, false, work_);
}

static bool can(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct winograd d;

	return direction == RT_CONV_DATA ? winograd_backward(&d, g) : winograd_forward(&d, g);
}

/* Worth it where products outweigh transforms: channels enough, outputs of tiles mostly real ones,
 * and tiles enough for filters that grow by 4 (2.6 for 5 by 5 taps). */
static bool fits(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct winograd d;
	int64_t tiles, made;

	if (g->C * g->K < LEAST_CHANNELS || g->C < LEAST_CHANNELS / 16 ||
	    g->K < LEAST_CHANNELS / 16)
		return false;
	if (!(direction == RT_CONV_DATA ? winograd_backward(&d, g) : winograd_forward(&d, g)))
		return false;
	tiles = d.N * d.tiles[0] * d.tiles[1];
	made = tiles * WINOGRAD_OUT * WINOGRAD_OUT;
	return tiles * FILTERS_A_TILE >= g->C * g->K && 2 * d.N * d.out[0] * d.out[1] >= made &&
	       (direction != RT_CONV_WEIGHTS || tiles >= FEW_TILES);
}

const struct conv_kernel conv_winograd = {
	.name = "winograd",
	.can = can,
	.fits = fits,
	.kept = kept_size,
	.work = work,
	.pools = pools,
	.forward = forward,
	.sets = true,
	.backward_data = backward_data,
	.backward_weights = winograd_weights,
};
