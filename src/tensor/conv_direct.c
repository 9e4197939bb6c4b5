/* conv_direct.c - convolution without unfolding: outputs are summed in registers over all taps.
 *
 * Lanes are output channels; every weight vector is used for a tile of neighbouring outputs, and
 * every input for one or two vectors (Georganas et al., Anatomy of high-performance deep learning
 * convolutions on SIMD architectures, SC 2018).  Inputs stay in planes: only their scalars are
 * read.  Finished sums are transposed while in cache, so that outputs are planes too and no other
 * operator need know of blocks of channels.
 */
#include "config.h"

#include "tensor/conv_direct.h"
#include "tensor/parallel.h"

#include <math.h>

/* Floats of the sums of a strip: a third of a first-level cache. */
#define STRIP_FLOATS 4096

/* Floats of a weight that fill a second-level cache, and outputs not worth repacking it for. */
#define LARGE_WEIGHTS (256 * 1024)
#define FEW_OUTPUTS 512

/* A phase: forward has one. */
struct phase {
	struct direct d;
	int32_t *off;
	float *w, *bias;		/* packed: (groups, blocks, C taps, lanes); without taps */
};

struct pass {
	struct phase phase[DIRECT_PHASES];
	int phases;
	float *scratch, *sums;		/* one of each a slice */
	size_t scratch_size, sums_size;	/* floats: an item's input; (blocks <= 2, rows Q, lanes) */
	float *y;
	const float *x, *add;
	float lo, hi;
	int n;
};

/* Filters of one block: lane k of tap j is the weight from that channel to output k. */
static void pack_block(const struct direct *d, float *to, const float *w, int64_t K,
		       const float *scale)
{
	const int64_t L = d->t->lanes, n = d->C * d->taps;

	if (d->in_order) {
		d->t->interleave(n, K, to, w, n);
	} else {
		for (int64_t c = 0; c < d->C; c++) {
			for (int i = 0; i < d->taps; i++) {
				const float *from = w + c * d->w_in + d->tap[i].w;
				float *lanes = to + (c * d->taps + i) * L;

				for (int64_t k = 0; k < K; k++)
					lanes[k] = from[k * d->w_out];
				for (int64_t k = K; k < L; k++)
					lanes[k] = 0;
			}
		}
	}
	for (int64_t j = 0; scale && j < n; j++)
		for (int64_t k = 0; k < K; k++)
			to[j * L + k] *= scale[k];
}

static void pack(const struct phase *p, const float *w, const struct rt_conv_post *post)
{
	const struct direct *d = &p->d;
	const int64_t L = d->t->lanes, all = d->groups * d->blocks;
	const int n = rt_split(all, d->groups * d->filters);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < all; i++) {
		const int64_t group = i / d->blocks, k = i % d->blocks * L;
		const int64_t first = group * d->K + k;
		const int64_t K = d->K - k < L ? d->K - k : L;

		pack_block(d, p->w + i * d->C * d->taps * L,
			   w + group * d->w_group + k * d->w_out, K,
			   post->scale ? post->scale + first : NULL);
		for (int64_t l = 0; l < L; l++)
			p->bias[i * L + l] = post->bias && l < K ? post->bias[first + l] : 0;
	}
}

/* The tiles of one pass over a plane. */
struct shape {
	const struct rt_conv_tiles *tiles;
	int blocks, r;		/* 2^r rows */
};

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

/* The shape that keeps most sums in registers. */
static struct shape choose(const struct direct *d, const struct rt_conv_tiles *tiles, int blocks,
			   int64_t rows)
{
	const int64_t Q = d->out[1];
	struct shape best = {.tiles = tiles, .blocks = blocks, .r = -1};
	int64_t most = 0;

	for (int r = 0; r < 3 && 1 << r <= rows; r++) {
		const int64_t columns = tiles->columns[blocks - 1][r];
		const int64_t sums = columns ? (Q << r) / ceil_div(Q, columns) : 0;

		if (sums > most) {
			most = sums;
			best.r = r;
		}
	}
	return best;
}

static struct shape shape_of(const struct direct *d, int blocks, int64_t rows)
{
	struct shape s = {.r = -1};

	if (d->triples)
		s = choose(d, &d->t->triple, blocks, rows);
	return s.r < 0 ? choose(d, &d->t->single, blocks, rows) : s;
}

/* All columns of 2^r rows; t is that of the first column. */
static void line(const struct direct *d, const struct rt_conv_tile *first, const struct shape *s)
{
	const int b = s->blocks - 1;
	const int64_t Q = d->out[1];
	const int tiles = (int)ceil_div(Q, s->tiles->columns[b][s->r]);
	struct rt_conv_tile t = *first;

	for (int i = 0; i < tiles; i++) {
		const int64_t q = rt_slice(Q, i, tiles), width = rt_slice(Q, i + 1, tiles) - q;

		t.x = first->x + q;
		t.sums = first->sums + q * d->t->lanes;
		if (s->tiles->tile[b][s->r][width])
			s->tiles->tile[b][s->r][width](&t);
		else
			d->t->single.tile[b][s->r][width](&t);
	}
}

/* Rows that are summed before their sums are stored: as many as stay in the first-level cache. */
static int64_t strip_rows(const struct direct *d)
{
	const int64_t fit = STRIP_FLOATS / (2 * d->t->lanes * d->out[1]);

	return fit < 4 ? 4 : fit / 4 * 4;
}

/* All outputs of one image's rows in one or two blocks. */
static void plane(const struct direct *d, const struct rt_conv_tile *whole,
		  const struct rt_conv_end *whole_end, int blocks, int64_t rows)
{
	const int64_t L = d->t->lanes, strip = strip_rows(d);
	struct shape s = shape_of(d, blocks, rows);

	for (int64_t row = 0; row < rows; row += strip) {
		const int64_t n = rows - row < strip ? rows - row : strip;
		struct rt_conv_tile t = *whole;

		for (int64_t i = 0; i < n; i += 1 << s.r) {
			if (i + (1 << s.r) > n)
				s = shape_of(d, blocks, n - i);
			t.x = whole->x + (row + i) * t.x_row;
			t.sums = whole->sums + i * t.sums_row;
			line(d, &t, &s);
		}
		for (int k = 0; k < blocks; k++) {
			const int64_t at = k * L * whole_end->plane + row * d->y_row;
			struct rt_conv_end e = *whole_end;

			e.sums += k * t.sums_block;
			e.n = n * d->out[1];
			e.K = e.K - k * L < L ? e.K - k * L : L;
			e.y += at;
			e.add = e.add ? e.add + at : NULL;
			if (d->y_row == d->out[1])
				d->t->end(&e);
			else
				d->t->end_apart(&e);
		}
	}
}

/* One or two blocks, from `block` on, of one group in all images of an item. */
static void blocks_of(const struct pass *p, const struct phase *f, const struct direct_item *item,
		      int64_t g, int64_t block, const float *x, float *sums)
{
	const struct direct *d = &f->d;
	const int64_t L = d->t->lanes, n = d->C * d->taps, first = g * d->blocks + block;
	const int blocks = d->blocks - block > 1 ? 2 : 1;
	struct rt_conv_tile t = {
		.x_row = d->step[0] * d->pitch, .off = f->off, .n = n,
		.w = f->w + first * n * L, .bias = f->bias + first * L, .sums = sums,
		.sums_row = d->out[1] * L, .sums_block = strip_rows(d) * d->out[1] * L,
	};
	struct rt_conv_end e = {
		.sums = sums, .K = d->K - block * L, .plane = d->y_plane, .lo = p->lo, .hi = p->hi,
		.width = d->out[1], .row = d->y_row, .step = d->y_step,
	};

	for (int64_t i = 0; i < item->images; i++) {
		const int64_t k = (item->image + i) * d->groups * d->K + g * d->K + block * L;
		const int64_t at = k * d->y_plane + d->y_first + item->row * d->y_row;

		t.x = x + i * d->image + g * d->C * d->plane;
		e.y = p->y + at;
		e.add = p->add ? p->add + at : NULL;
		plane(d, &t, &e, blocks, item->rows);
	}
}

static void slice(const struct pass *p, int s)
{
	const struct direct *all = &p->phase[0].d;
	float *scratch = p->scratch + p->scratch_size * (size_t)s;
	float *sums = p->sums + p->sums_size * (size_t)s;
	const int64_t end = rt_slice(all->items, s + 1, p->n);

	for (int64_t i = rt_slice(all->items, s, p->n); i < end; i++) {
		struct direct_item item = direct_item(all, i);

		direct_pad(all, &item, scratch, p->x);
		for (int k = 0; k < p->phases; k++) {
			const struct phase *f = &p->phase[k];

			item = direct_item(&f->d, i);
			for (int64_t g = 0; g < all->groups; g++)
				for (int64_t b = 0; b < all->blocks; b += 2)
					blocks_of(p, f, &item, g, b, scratch, sums);
		}
	}
}

/* What follows from the weights; its size when space is NULL. */
static size_t take_weights(struct pass *p, void *space)
{
	struct direct_space s = {.base = space};

	for (int i = 0; i < p->phases; i++) {
		struct phase *f = &p->phase[i];
		const struct direct *d = &f->d;
		const size_t channels = (size_t)(d->groups * d->blocks * d->t->lanes);

		f->off = direct_take(&s, (size_t)(d->C * d->taps) * sizeof(*f->off));
		f->w = direct_take(&s, (size_t)(d->groups * d->filters) * sizeof(float));
		f->bias = direct_take(&s, channels * sizeof(float));
	}
	return s.used;
}

/* The pass's part of the work space; its size when work is NULL. */
static size_t take(struct pass *p, void *work)
{
	const struct direct *d = &p->phase[0].d;
	struct direct_space s = {.base = work};
	const size_t threads = (size_t)rt_threads();

	p->sums_size = (size_t)(2 * strip_rows(d) * d->out[1] * d->t->lanes);
	p->scratch_size = (size_t)(d->images * d->image);
	p->sums = direct_take(&s, threads * p->sums_size * sizeof(float));
	p->scratch = direct_take(&s, threads * p->scratch_size * sizeof(float));
	return s.used;
}

static void plan_forward(struct pass *p, const struct rt_conv *g)
{
	p->phases = direct_forward(&p->phase[0].d, g);
}

static void plan_backward(struct pass *p, const struct rt_conv *g)
{
	struct direct d[DIRECT_PHASES];

	p->phases = direct_backward(d, g);
	for (int i = 0; i < p->phases; i++)
		p->phase[i].d = d[i];
}

/* kept: where what follows from the weights stays, and whether it is there; NULL: in work. */
static void run(struct pass *p, const float *w, const struct rt_conv_post *post, int64_t macs,
		void *kept, bool ready, void *work)
{
	const size_t used = take_weights(p, kept ? kept : work);

	take(p, kept ? work : (char *)work + used);
	p->add = post->add;
	p->lo = post->lo;
	p->hi = post->hi;
	for (int i = 0; i < p->phases && !ready; i++) {
		direct_offsets(&p->phase[i].d, p->phase[i].off);
		pack(&p->phase[i], w, post);
	}
	p->n = rt_split_macs(p->phase[0].d.items, macs);
#pragma omp parallel for num_threads(p->n) schedule(static)
	for (int s = 0; s < p->n; s++)
		slice(p, s);
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct pass p;

	if (direction == RT_CONV_WEIGHTS)
		return direct_weights_work(g);
	if (direction == RT_CONV_FORWARD)
		plan_forward(&p, g);
	else
		plan_backward(&p, g);
	return take_weights(&p, NULL) + take(&p, NULL);
}

static size_t kept_size(const struct rt_conv *g)
{
	struct pass p;

	plan_forward(&p, g);
	return take_weights(&p, NULL);
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	struct pass p = {.x = x, .y = y};

	plan_forward(&p, g);
	run(&p, w, post, rt_conv_macs(g), g->kept, g->ready, work_);
}

static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work_)
{
	const struct rt_conv_post post = {
		.add = g->fresh ? NULL : dx, .lo = -INFINITY, .hi = INFINITY,
	};
	struct pass p = {.x = dy, .y = dx};

	plan_backward(&p, g);
	run(&p, w, &post, rt_conv_macs(g), NULL, false, work_);
}

static bool can(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct direct d[DIRECT_PHASES];

	return direction == RT_CONV_DATA ? direct_backward(d, g) > 0 : direct_forward(d, g);
}

/* Worth it where lanes and outputs are mostly real ones: unfolding has no others.  Weights that
 * leave the cache are better off with matrix products where they must be turned around for a few
 * outputs, or their gradient summed item by item. */
static bool fits(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct direct d[DIRECT_PHASES];
	const int64_t wanted = g->win.out[0] * g->win.out[1];
	const int64_t RS = g->win.kernel[0] * g->win.kernel[1];
	const bool large = g->K * (g->C / g->groups) * RS > LARGE_WEIGHTS;

	if (RS == 1 || (large && direction == RT_CONV_WEIGHTS) ||
	    (large && direction == RT_CONV_DATA && g->N * wanted < FEW_OUTPUTS))
		return false;
	if (!(direction == RT_CONV_DATA ? direct_backward(d, g) > 0 : direct_forward(d, g)))
		return false;
	return d->K * wanted * 8 >= d->blocks * d->t->lanes * d->out[0] * d->out[1] * 5;
}

const struct conv_kernel conv_direct = {
	.name = "direct",
	.can = can,
	.fits = fits,
	.kept = kept_size,
	.work = work,
	.forward = forward,
	.sets = true,
	.backward_data = backward_data,
	.backward_weights = direct_weights,
};
