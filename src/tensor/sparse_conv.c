/* sparse_conv.c - convolution with weights of which whole blocks are zero.
 *
 * Of an image every plane is copied with its padding around it, one copy for each phase of the
 * strides, so that what a tap reads for neighbouring outputs are neighbours: output (p,q) of tap b
 * is at b's place + p width + q, whatever the tap.  Lanes are such positions; those between two
 * rows are summed, too, and thrown away.  With one tap and nothing to leave out x is read as it is.
 */
#include "config.h"

#include "tensor/sparse.h"
#include "tensor/sparse_table.h"
#include "tensor/parallel.h"

#include <string.h>

#define B RT_SPARSE_BLOCK

/* Multiply-adds in the time that copying a number, or writing a result, takes. */
#define MACS_A_MOVE 30

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

/* Fractions of blocks up to which this was faster than the kernel for dense weights (Zen 5, AVX-512
 * and AVX2, tests/bench/sparse_bench): minimal filtering needs but a quarter of the products, and
 * rows between short rows of outputs are summed in vain. */
bool rt_sparse_conv_wins(const struct rt_conv *g, int64_t blocks)
{
	const char *dense = rt_conv_kernel_name(g, RT_CONV_FORWARD);
	const double all = (double)((g->K + B - 1) / B) *
			   (double)(g->C * g->win.kernel[0] * g->win.kernel[1]);
	double most = 0.4;

	if (strcmp(dense, "winograd") == 0)
		most = 0.25 - 0.8 / (double)g->win.out[1];
	else if (strcmp(dense, "1x1") == 0)
		most = g->win.stride[0] * g->win.stride[1] == 1 ? 0.65 : 0.5;
	return can(g) && (double)blocks <= most * all;
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

/* Rows are short, and a call of memcpy would cost more than the copy. */
static inline void copy_floats_of(float *restrict to, const float *restrict from, int64_t n)
{
	int64_t i = 0;

	for (; i + 16 <= n; i += 16)
		memcpy(to + i, from + i, 64);
	for (; i + 4 <= n; i += 4)
		memcpy(to + i, from + i, 16);
	for (; i < n; i++)
		to[i] = from[i];
}

/* A phase of a channel, whose room is zero: to[i,j] = from[i stride + down, j stride + right]
 * wherever that is inside. */
static void copy_phase(const struct rt_window *w, const struct copies *c, float *to,
		       const float *from, int64_t down, int64_t right)
{
	const int64_t sh = w->stride[0], sw = w->stride[1];
	const int64_t i0 = down < 0 ? (sh - 1 - down) / sh : 0;
	const int64_t j0 = right < 0 ? (sw - 1 - right) / sw : 0;
	const int64_t i1 = least(c->rows, (w->in[0] - down + sh - 1) / sh);
	const int64_t n = least(c->width, (w->in[1] - right + sw - 1) / sw) - j0;

	for (int64_t i = i0; i < i1; i++) {
		const float *row = from + (i * sh + down) * w->in[1] + right + j0 * sw;
		float *line = to + i * c->width + j0;

		if (sw == 1)
			copy_floats_of(line, row, n);
		for (int64_t j = 0; sw != 1 && j < n; j++)
			line[j] = row[j * sw];
	}
}

static void copy_channel(const struct rt_conv *g, const struct copies *c, float *to,
			 const float *from)
{
	const struct rt_window *w = &g->win;

	memset(to, 0, (size_t)c->channel * sizeof(float));
	for (int64_t phase = 0; phase < c->phase[0] * c->phase[1]; phase++)
		copy_phase(w, c, to + phase * c->rows * c->width + c->shared, from,
			   phase / c->phase[1] - w->pad[0],
			   phase % c->phase[1] - w->pad[1] + c->shared);
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

/* Panels [p0,p1) of image n, whose copies are given; what a few vectors of positions read stays in
 * cache while the weights pass by. */
static void image(const struct pass *p, int64_t n, const float *x, int64_t p0, int64_t p1)
{
	const struct rt_sparse *s = p->s;
	const int64_t L = s->table->width, all = p->c.positions;
	const int64_t most = all / L < 1 ? 1 : least(all / L, SPARSE_VECTORS);
	_Alignas(64) float sums[B * SPARSE_VECTORS * 16];

	for (int64_t done = 0, at, vectors; done < all; done = at + vectors * L) {
		struct tile t;

		vectors = least((all - done + L - 1) / L, most);
		/* the last tile reaches back, so that it is whole */
		at = least(done, all > vectors * L ? all - vectors * L : 0);
		t = tile_at(p, at, vectors * L);
		for (int64_t q = p0; q < p1; q++) {
			const int64_t b = s->start[q];

			s->table->lanes[vectors](&(struct sparse_lanes){
				.w = s->w + b * B, .at = s->at + b, .blocks = s->start[q + 1] - b,
				.x = x + at, .y = sums});
			scatter(p, n, q, &t, sums);
		}
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

static const float *copied(const struct pass *p, int64_t n, float *to, int64_t c0, int64_t c1)
{
	const int64_t plane = p->g->win.in[0] * p->g->win.in[1];
	const float *x = p->x + n * p->g->C * plane;

	if (p->c.in_place)
		return x;
	for (int64_t c = c0; c < c1; c++)
		copy_channel(p->g, &p->c, to + c * p->c.channel, x + c * plane);
	return to;
}

/* One image after the other, each divided among n threads. */
static void by_panels(const struct pass *p, float *work, int n)
{
	for (int64_t i = 0; i < p->g->N; i++) {
		const float *x = copied(p, i, work, 0, 0);

#pragma omp parallel for num_threads(n) schedule(static)
		for (int t = 0; t < n; t++)
			copied(p, i, work, rt_slice(p->g->C, t, n), rt_slice(p->g->C, t + 1, n));
#pragma omp parallel for num_threads(n) schedule(static)
		for (int t = 0; t < n; t++)
			image(p, i, x, sparse_first_panel(p->s, t, n),
			      sparse_first_panel(p->s, t + 1, n));
	}
}

void rt_sparse_conv(const struct rt_sparse *s, const struct rt_conv *g, float *y, const float *x,
		    const struct rt_conv_post *post, void *work)
{
	const struct pass p = {s, g, post, copies_of(g), x, y};
	const int64_t floats = copy_floats(g, &p.c);
	const int64_t moved = g->N * (g->C * p.c.channel + g->K * p.c.positions);
	const int64_t macs = g->N * s->blocks * B * p.c.positions + MACS_A_MOVE * moved;
	int n = rt_split_macs(g->N < rt_threads() ? s->panels : g->N, macs);

	if (n > 1 && g->N < rt_threads()) {
		by_panels(&p, work, n);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		float *own = (float *)work + t * floats;

		for (int64_t i = rt_slice(g->N, t, n); i < rt_slice(g->N, t + 1, n); i++)
			image(&p, i, copied(&p, i, own, 0, g->C), 0, s->panels);
	}
}
