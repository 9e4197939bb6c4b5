/* sparse_conv.c - convolution with weights of which whole blocks are zero.
 *
 * Of an image every plane is copied with its padding around it, one copy for each phase of the
 * strides, so that what a tap reads for neighbouring outputs are neighbours: output (p,q) of tap b
 * is at b's place + p width + q, whatever the tap.  Lanes are such positions; those between two
 * rows are summed, too, and thrown away.  With one tap and nothing to leave out x is read as it is.
 */
#include "config.h"

#include "tensor/conv_blocked.h"
#include "tensor/sparse.h"
#include "tensor/sparse_table.h"
#include "tensor/parallel.h"

#include <string.h>

#define B RT_SPARSE_BLOCK

/* The copies of an image: (C, phases, rows, width). */
struct copies {
	bool in_place;
	int64_t phase[2];	/* of each axis that some tap reads */
	int64_t rows, width;	/* of a phase */
	int64_t shared;		/* columns of padding before the first row; those before the
				   others are those behind the row before */
	int64_t channel;	/* floats of a channel */
	int64_t positions;	/* from the first output to the last */
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct copies copies_of(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	struct copies c = {.in_place = true};
	int64_t size[2], shared;

	for (int a = 0; a < 2; a++) {
		const int64_t reach = (w->kernel[a] - 1) * w->dilation[a];

		c.phase[a] = least(reach + 1, w->stride[a]);
		size[a] = w->out[a] + reach / w->stride[a];
		c.in_place = c.in_place && w->kernel[a] == 1 && w->stride[a] == 1 &&
			     w->pad[a] == 0 && w->pad_end[a] == 0;
	}
	c.rows = size[0];
	c.width = size[1];
	shared = w->in[1] + (w->pad[1] > w->pad_end[1] ? w->pad[1] : w->pad_end[1]);
	if (w->stride[1] == 1 && w->pad[1] > 0 && shared >= w->out[1]) {
		c.width = shared;
		c.shared = w->pad[1];
	}
	c.channel = c.phase[0] * c.phase[1] * c.rows * c.width + c.shared;
	c.positions = (w->out[0] - 1) * c.width + w->out[1];
	if (c.positions < sparse_kernels()->width)
		c.in_place = false;
	return c;
}

static bool can(const struct rt_conv *g)
{
	const struct copies c = copies_of(g);

	return g->groups == 1 && g->N > 0 && c.channel > 0 && g->C <= INT32_MAX / c.channel;
}

/* --- times -------------------------------------------------------------------------------- */

/* All in multiply-adds of one image, as measured by tests/bench/sparse_bench on a Zen 5 with
 * AVX-512 and AVX2: numbers that are copied or written, their rows, tiles of a channel that minimal
 * filtering transforms. */
#define COST_NUMBER 22
#define COST_ROW 150
#define COST_TILE 620

/* Chains of dense convolutions on blocks of channels take this much of the time in planes. */
#define IN_BLOCKS 0.77

static double sparse_cost(const struct rt_conv *g, int64_t blocks)
{
	const struct copies c = copies_of(g);
	const double in = c.in_place ? 0 : (double)g->C;
	const double numbers = in * (double)c.channel + (double)(g->K * c.positions);
	const double rows = in * (double)(c.rows * c.phase[0] * c.phase[1]) +
			    (double)(g->K * (c.width == g->win.out[1] ? 1 : g->win.out[0]));

	return (double)(blocks * B) * (double)c.positions + COST_NUMBER * numbers + COST_ROW * rows;
}

static double tiles(int64_t out, int64_t taps)
{
	const int64_t m = 7 - taps;

	return (double)((out + m - 1) / m);
}

/* Minimal filtering sums 36 products a tile instead of all; the other kernels need the time of a
 * third more products than there are, but for those on blocks of channels, which inference takes
 * where layers in a row have as many. */
static double dense_cost(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;

	if (strcmp(rt_conv_kernel_name(g, RT_CONV_FORWARD), "winograd") == 0) {
		const double n = tiles(w->out[0], w->kernel[0]) * tiles(w->out[1], w->kernel[1]);

		return n * (36 * (double)(g->C * g->K) + COST_TILE * (double)(g->C + g->K));
	}
	return (rt_conv_blocked_has(g, false) ? 1 : 1.3) *
	       (double)(w->kernel[0] * w->kernel[1] * g->C * g->K) *
	       (double)(w->out[0] * w->out[1]);
}

bool rt_sparse_conv_times(struct rt_sparse_times *t, const struct rt_conv *g, int64_t blocks)
{
	const struct rt_window *w = &g->win;

	if (!can(g))
		return false;
	*t = (struct rt_sparse_times){
		.sparse = sparse_cost(g, blocks), .dense = IN_BLOCKS * dense_cost(g),
		.x = COST_NUMBER * (double)(g->C * w->in[0] * w->in[1]),
		.y = COST_NUMBER * (double)(g->K * w->out[0] * w->out[1]),
	};
	return true;
}

struct rt_sparse_dense rt_sparse_conv_dense(const struct rt_conv *g, const float *w)
{
	const int64_t inputs = g->C * g->win.kernel[0] * g->win.kernel[1];

	return (struct rt_sparse_dense){w, g->K, inputs, inputs, 1};
}

void rt_sparse_conv_place(struct rt_sparse *s, const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	const struct copies c = copies_of(g);
	const int64_t taps = w->kernel[0] * w->kernel[1];

	for (int64_t b = 0; b < s->blocks; b++) {
		const int64_t channel = s->at[b] / taps, tap = s->at[b] % taps;
		const int64_t r = tap / w->kernel[1] * w->dilation[0];
		const int64_t q = tap % w->kernel[1] * w->dilation[1];
		const int64_t phase = r % w->stride[0] * c.phase[1] + q % w->stride[1];

		s->at[b] = (int32_t)(channel * c.channel + phase * c.rows * c.width +
				     r / w->stride[0] * c.width + q / w->stride[1]);
	}
}

/* --- copying ------------------------------------------------------------------------------ */

/* Rows [r0,r1) of a phase of a channel, whose room is zero: to[i,j] = from[i stride + down,
 * j stride + right] wherever that is inside. */
static void copy_phase(const struct rt_window *w, const struct copies *c, float *to,
		       const float *from, int64_t down, int64_t right, int64_t r0, int64_t r1)
{
	const int64_t sh = w->stride[0], sw = w->stride[1];
	const int64_t i0 = down < 0 ? (sh - 1 - down) / sh : 0;
	const int64_t j0 = right < 0 ? (sw - 1 - right) / sw : 0;
	const int64_t i1 = least(r1, (w->in[0] - down + sh - 1) / sh);
	const int64_t n = least(c->width, (w->in[1] - right + sw - 1) / sw) - j0;

	const int64_t first = i0 > r0 ? i0 : r0, down_from = sh * w->in[1];

	from += (first * sh + down) * w->in[1] + right + j0 * sw;
	to += first * c->width + j0;
	if (sw == 1) {
		sparse_kernels()->copy(&(struct sparse_copy){
			.to = to, .from = from, .rows = i1 - first, .n = n, .to_row = c->width,
			.from_row = down_from});
		return;
	}
	for (int64_t i = first; i < i1; i++, to += c->width, from += down_from)
		for (int64_t j = 0; j < n; j++)
			to[j] = from[j * sw];
}

static void copy_channel(const struct rt_conv *g, const struct copies *c, float *to,
			 const float *from, int64_t r0, int64_t r1)
{
	const struct rt_window *w = &g->win;

	for (int64_t phase = 0; phase < c->phase[0] * c->phase[1]; phase++) {
		float *room = to + phase * c->rows * c->width;

		memset(room + r0 * c->width, 0,
		       (size_t)((r1 - r0) * c->width + c->shared) * sizeof(float));
		copy_phase(w, c, room + c->shared, from, phase / c->phase[1] - w->pad[0],
			   phase % c->phase[1] - w->pad[1] + c->shared, r0, r1);
	}
}

/* --- tiles -------------------------------------------------------------------------------- */

struct pass {
	const struct rt_sparse *s;
	const struct rt_conv *g;
	const struct rt_conv_post *post;
	struct copies c;
	const float *x;
	float *y;
};

/* A tile of positions: which of them are outputs. */
struct tile {
	int64_t at, width;
	struct sparse_run runs[SPARSE_VECTORS * 16];
	int n;
};

static struct tile tile_at(const struct pass *p, int64_t at, int64_t width)
{
	const int64_t Q = p->g->win.out[1], W = p->c.width;
	const int64_t end = least(at + width, p->c.positions);
	struct tile t = {.at = at, .width = width};

	if (W == Q) {
		t.runs[t.n++] = (struct sparse_run){0, at, end - at};
		return t;
	}
	for (int64_t row = at / W; row * W < end; row++) {
		const int64_t first = row * W > at ? row * W : at, last = least(row * W + Q, end);

		if (last > first)
			t.runs[t.n++] = (struct sparse_run){first - at,
							    row * Q + first - row * W,
							    last - first};
	}
	return t;
}

/* The sums of a panel to where they belong in image n. */
static void scatter(const struct pass *p, int64_t n, int64_t panel, const struct tile *t,
		    const float *sums)
{
	const int64_t plane = p->g->win.out[0] * p->g->win.out[1];
	const int64_t k = panel * B, at = (n * p->g->K + k) * plane;

	p->s->table->finish(&(struct sparse_finish){
		.sums = sums, .outputs = least(p->g->K - k, B), .width = t->width,
		.runs = t->runs, .nruns = t->n, .y = p->y + at,
		.add = p->post->add ? p->post->add + at : NULL, .plane = plane,
		.scale = p->post->scale ? p->post->scale + k : NULL,
		.bias = p->post->bias ? p->post->bias + k : NULL,
		.lo = p->post->lo, .hi = p->post->hi,
	});
}

/* A part of an image: positions [from,to) of panels [p0,p1). */
struct part {
	int64_t n, from, to, p0, p1;
};

/* Vectors of a tile that is not the last. */
static int64_t tile_vectors(const struct pass *p)
{
	const int64_t fit = p->c.positions / p->s->table->width;

	return fit < 1 ? 1 : least(fit, SPARSE_VECTORS);
}

/* What a few vectors of positions read of x stays in cache while the weights pass by. */
static void tiles_of(const struct pass *p, const struct part *a, const float *x)
{
	const struct rt_sparse *s = p->s;
	const int64_t L = s->table->width, all = p->c.positions, most = tile_vectors(p);
	_Alignas(64) float sums[B * SPARSE_VECTORS * 16];

	for (int64_t done = a->from, at, vectors; done < a->to; done = at + vectors * L) {
		struct tile t;

		vectors = least((a->to - done + L - 1) / L, most);
		/* the last tile reaches back, so that it is whole */
		at = least(done, all > vectors * L ? all - vectors * L : 0);
		t = tile_at(p, at, vectors * L);
		for (int64_t q = a->p0; q < a->p1; q++) {
			const int64_t b = s->start[q];

			s->table->lanes[vectors](&(struct sparse_lanes){
				.w = s->w + b * B, .at = s->at + b, .blocks = s->start[q + 1] - b,
				.x = x + at, .y = sums});
			scatter(p, a->n, q, &t, sums);
		}
	}
}

/* Panels whose weights stay in cache, over all positions. */
static void run_part(const struct pass *p, const struct part *a, const float *x)
{
	struct part group = *a;

	for (; group.p0 < a->p1; group.p0 = group.p1) {
		group.p1 = sparse_group(p->s, group.p0, a->p1);
		tiles_of(p, &group, x);
	}
}

/* --- the whole ---------------------------------------------------------------------------- */

/* Floats of the copies of an image; vectors may reach behind them. */
static int64_t copy_floats(const struct rt_conv *g, const struct copies *c)
{
	return c->in_place ? 0 : (g->C * c->channel + 16 + 15) / 16 * 16;
}

size_t rt_sparse_conv_work(const struct rt_conv *g)
{
	const struct copies c = copies_of(g);

	return (size_t)copy_floats(g, &c) * (size_t)rt_threads() * sizeof(float);
}

/* What the part reads of its image: in place, or copied to work. */
static const float *image(const struct pass *p, const struct part *a, float *work)
{
	const struct rt_window *w = &p->g->win;
	const int64_t plane = w->in[0] * w->in[1];
	const int64_t below = (w->kernel[0] - 1) * w->dilation[0] / w->stride[0];
	const int64_t r0 = a->from / p->c.width;
	const int64_t r1 = least((a->to - 1) / p->c.width + below + 1, p->c.rows);
	const float *x = p->x + a->n * p->g->C * plane;

	if (p->c.in_place)
		return x;
	for (int64_t c = 0; c < p->g->C; c++)
		copy_channel(p->g, &p->c, work + c * p->c.channel, x + c * plane, r0, r1);
	return work;
}

/* How an image is divided; parts copy what they read themselves and wait for nobody. */
struct division {
	int across, panels;	/* parts by positions, by panels */
};

/* Of rt_split(). */
#define COST_OPERATION 8

/* At least two tiles a part, so that the last one reaches back into its own part only. */
static struct division divide(const struct pass *p, int parts)
{
	const int64_t width = tile_vectors(p) * p->s->table->width;
	const int64_t fit = p->c.positions / width / 2;
	struct division d = {.across = fit < 1 ? 1 : (int)least(fit, parts)};

	d.panels = (int)least((parts + d.across - 1) / d.across, p->s->panels);
	return d;
}

static struct part part_at(const struct pass *p, const struct division *d, int64_t i)
{
	const int64_t width = tile_vectors(p) * p->s->table->width;
	const int64_t tiles = (p->c.positions + width - 1) / width;
	const int across = (int)(i / d->panels % d->across), panel = (int)(i % d->panels);

	return (struct part){
		.n = i / d->panels / d->across,
		.from = rt_slice(tiles, across, d->across) * width,
		.to = least(rt_slice(tiles, across + 1, d->across) * width, p->c.positions),
		.p0 = sparse_first_panel(p->s, panel, d->panels),
		.p1 = sparse_first_panel(p->s, panel + 1, d->panels),
	};
}

void rt_sparse_conv(const struct rt_sparse *s, const struct rt_conv *g, float *y, const float *x,
		    const struct rt_conv_post *post, void *work)
{
	const struct pass p = {s, g, post, copies_of(g), x, y};
	const int64_t floats = copy_floats(g, &p.c);
	const double cost = (double)g->N * sparse_cost(g, s->blocks);
	const int wanted = rt_split(INT32_MAX, (int64_t)cost / COST_OPERATION);
	const struct division d = divide(&p, (int)((wanted + g->N - 1) / g->N));
	const int64_t parts = g->N * d.across * d.panels;
	const int n = (int)least(wanted, parts);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		for (int64_t i = rt_slice(parts, t, n); i < rt_slice(parts, t + 1, n); i++) {
			const struct part a = part_at(&p, &d, i);

			run_part(&p, &a, image(&p, &a, (float *)work + t * floats));
		}
	}
}
