/* conv_winograd_plan.c - the geometry of tiles, the transform of planes, and that of filters. */
#include "config.h"

#include "tensor/conv_winograd.h"
#include "tensor/parallel.h"

#include <string.h>

/* Wanted floats of an item in a second-level cache: all points of its input, and of two blocks of
 * its sums. */
#define ITEM_FLOATS (128 * 1024)

/* Tiles that make the filters' way from a further cache worth while, and more than enough. */
#define FEWEST_TILES 28
#define MOST_TILES 112

/* Filters of so many summed channels are transformed together. */
#define FILTERS_AT_ONCE 16

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static const struct rt_winograd_table *kernels(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &rt_conv_winograd_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &rt_conv_winograd_avx2;
#endif
	return &rt_conv_winograd_base;
}

/* Square windows of 3 or 5, moving by one, over padding that no window lies in wholly. */
static bool is_minimal(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	const int64_t r = w->kernel[0];

	if (g->groups != 1 || (r != 3 && r != 5) || w->kernel[1] != r)
		return false;
	for (int i = 0; i < 2; i++)
		if (w->stride[i] != 1 || w->dilation[i] != 1 || w->pad[i] < 0 || w->pad[i] >= r ||
		    w->pad_end[i] < 0 || w->pad_end[i] >= r ||
		    w->out[i] != w->in[i] + w->pad[i] + w->pad_end[i] - r + 1)
			return false;
	return true;
}

void winograd_cut(struct winograd *d, int slices)
{
	const int64_t L = d->t->lanes, across = d->tiles[1];
	const int64_t tile = d->points * L * (d->x_blocks + 2);
	const int64_t fit = clamp(ITEM_FLOATS / tile, FEWEST_TILES, MOST_TILES);

	d->all_rows = d->N * d->tiles[0];
	d->rows = clamp(fit / across, 1, ceil_div(d->all_rows, slices));
	d->items = ceil_div(d->all_rows, d->rows);
}

static void lay_out(struct winograd *d)
{
	d->t = kernels();
	d->ends = direct_kernels();
	d->edge = d->r + WINOGRAD_OUT - 1;
	d->points = d->edge * d->edge;
	d->w_blocks = direct_blocks(d->K, d->t->lanes);
	d->x_blocks = direct_blocks(d->C, d->t->lanes);
	for (int i = 0; i < 2; i++)
		d->tiles[i] = ceil_div(d->out[i], WINOGRAD_OUT);
	d->w_point = d->w_blocks * d->C * d->t->lanes;
	winograd_cut(d, rt_threads());
}

bool winograd_forward(struct winograd *d, const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	const int64_t RS = w->kernel[0] * w->kernel[1];

	if (!is_minimal(g))
		return false;
	*d = (struct winograd){
		.r = (int)w->kernel[0], .N = g->N, .C = g->C, .K = g->K,
		.in = {w->in[0], w->in[1]}, .out = {w->out[0], w->out[1]},
		.before = {w->pad[0], w->pad[1]}, .w_in = RS, .w_out = g->C * RS,
	};
	lay_out(d);
	return true;
}

/* dx[h] = sum over r of dy[h + pad - r] w[r]: the last tap meets the first input. */
bool winograd_backward(struct winograd *d, const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	const int64_t r = w->kernel[0], RS = r * r;

	if (!is_minimal(g))
		return false;
	*d = (struct winograd){
		.r = (int)r, .N = g->N, .C = g->K, .K = g->C,
		.in = {w->out[0], w->out[1]}, .out = {w->in[0], w->in[1]},
		.before = {r - 1 - w->pad[0], r - 1 - w->pad[1]}, .turned = true,
		.w_in = g->C * RS, .w_out = RS,
	};
	lay_out(d);
	return true;
}

struct winograd_item winograd_item(const struct winograd *d, int64_t i)
{
	return (struct winograd_item){i * d->rows, clamp((i + 1) * d->rows, 0, d->all_rows)};
}

/* An odd number of cache lines, so that the points of a tile fall into different sets. */
int64_t winograd_point(const struct winograd *d, int64_t blocks)
{
	return blocks * d->rows * d->tiles[1] * d->t->lanes / 32 * 32 + 48;
}

static int64_t width(const struct winograd *d)
{
	return d->tiles[1] * WINOGRAD_OUT + d->r - 1;
}

size_t winograd_lanes_floats(const struct winograd *d)
{
	return (size_t)((2 * d->edge + 1) * width(d) * d->t->lanes);
}

void winograd_take_lanes(struct winograd_lanes *l, const struct winograd *d, float *space)
{
	const int64_t row = width(d) * d->t->lanes;

	memset(space, 0, winograd_lanes_floats(d) * sizeof(*space));
	*l = (struct winograd_lanes){.zero = NULL};
	for (int i = 0; i < d->edge; i++, space += 2 * row) {
		l->rows[i] = space;
		l->points[i] = space + row;
	}
	l->zero = space;
}

/* Rows [from, end) of the padded planes of a block to their slots; what lies in the padding needs
 * none. */
static void spread(const struct winograd *d, const struct winograd_planes *p,
		   const struct winograd_lanes *l, const float *plane, int64_t channels,
		   int64_t from, int64_t end)
{
	const int64_t H = p->in[0], W = p->in[1];
	const int64_t first = clamp(from - p->before[0], 0, H);
	const int64_t n = clamp(end - p->before[0], first, H) - first;
	float *rows[WINOGRAD_EDGE + 1] = {NULL};

	for (int64_t i = 0; i < n; i++)
		rows[i] = l->rows[(first + i + p->before[0]) % p->reach] +
			  p->before[1] * d->t->lanes;
	d->t->spread(&(struct rt_winograd_spread){
		.from = plane + first * W, .plane = H * W, .channels = channels, .n = n * W,
		.W = W, .rows = rows,
	});
}

/* The tiles of the row that begins with row `first` of the padded planes. */
static void transform(const struct winograd *d, const struct winograd_planes *p,
		      const struct winograd_lanes *l, int64_t first, float *v, int64_t point)
{
	void (*lines)(const struct rt_winograd_lines *) = d->t->lines[d->r / 2 - 1][p->map];
	const int64_t L = d->t->lanes;
	struct rt_winograd_lines down = {
		.in_step = L, .out_step = L, .n = (d->tiles[1] - 1) * WINOGRAD_OUT + p->reach,
		.rows = 1,
	};
	struct rt_winograd_lines across = {
		.in_step = WINOGRAD_OUT * L, .out_step = L, .n = d->tiles[1], .rows = d->edge,
		.in_row = l->points[1] - l->points[0], .out_row = d->edge * point,
	};

	for (int64_t i = 0; i < p->reach; i++) {
		const int64_t row = first + i - p->before[0];

		down.in[i] = row >= 0 && row < p->in[0] ? l->rows[(first + i) % p->reach] : l->zero;
	}
	memcpy(down.out, l->points, sizeof(down.out));
	lines(&down);
	for (int j = 0; j < d->edge; j++) {
		across.in[j] = j < p->reach ? l->points[0] + j * L : NULL;
		across.out[j] = v + j * point;
	}
	lines(&across);
}

void winograd_fetch(const struct winograd *d, const struct winograd_planes *p,
		    const struct winograd_item *item, const struct winograd_lanes *l, float *v,
		    int64_t point)
{
	const int64_t L = d->t->lanes, HW = p->in[0] * p->in[1];
	const int64_t row = d->tiles[1] * L, block = (item->end - item->first) * row;

	for (int64_t c = 0; c < p->C; c += L, v += block) {
		const int64_t channels = p->C - c < L ? p->C - c : L;

		for (int64_t i = item->first; i < item->end; i++) {
			const int64_t first = i % d->tiles[0] * WINOGRAD_OUT, n = i / d->tiles[0];
			const bool follows = i > item->first && first;
			const int64_t from = follows ? first - WINOGRAD_OUT + p->reach : first;

			spread(d, p, l, p->planes + (n * p->C + c) * HW, channels, from,
			       first + p->reach);
			transform(d, p, l, first, v + (i - item->first) * row, point);
		}
	}
}

size_t winograd_filter_floats(const struct winograd *d)
{
	return (size_t)((d->r * d->r + d->edge * d->r) * FILTERS_AT_ONCE * d->t->lanes);
}

/* The taps of n summed channels, lanes made ones: to (n, taps, lanes). */
static void gather(const struct winograd *d, float *to, const float *w, int64_t n, int64_t K,
		   const float *scale)
{
	const int64_t L = d->t->lanes, RS = d->r * d->r;

	if (d->w_in == RS) {
		d->ends->interleave(n * RS, K, to, w, d->w_out);
	} else {
		for (int64_t c = 0; c < n; c++)
			d->ends->interleave(RS, K, to + c * RS * L, w + c * d->w_in, d->w_out);
	}
	for (int64_t j = 0; scale && j < n * RS; j++)
		for (int64_t k = 0; k < K; k++)
			to[j * L + k] *= scale[k];
}

/* u = G g G^T of n filters in scratch (n, taps, lanes). */
static void filters(const struct winograd *d, float *u, float *scratch, int64_t n)
{
	void (*lines)(const struct rt_winograd_lines *) = d->t->lines[d->r / 2 - 1][WINOGRAD_G];
	const int64_t L = d->t->lanes, r = d->r, some = FILTERS_AT_ONCE * L;
	float *half = scratch + r * r * some;
	struct rt_winograd_lines l = {.in_step = r * r * L, .out_step = L, .n = n, .rows = 1};

	for (int64_t s = 0; s < r; s++) {
		for (int64_t i = 0; i < r; i++) {
			const int64_t tap = i * r + s;

			l.in[i] = scratch + (d->turned ? r * r - 1 - tap : tap) * L;
		}
		for (int i = 0; i < d->edge; i++)
			l.out[i] = half + (i * r + s) * some;
		lines(&l);
	}
	l = (struct rt_winograd_lines){
		.in_step = L, .out_step = L, .n = n, .rows = d->edge, .in_row = r * some,
		.out_row = d->edge * d->w_point,
	};
	for (int64_t s = 0; s < r; s++)
		l.in[s] = half + s * some;
	for (int j = 0; j < d->edge; j++)
		l.out[j] = u + j * d->w_point;
	lines(&l);
}

void winograd_filters(const struct winograd *d, float *u, const float *w, const float *scale,
		      float *scratch)
{
	const int64_t L = d->t->lanes, chunks = ceil_div(d->C, FILTERS_AT_ONCE);
	const int64_t all = d->w_blocks * chunks;
	const int n = rt_split(all, d->w_point * d->points);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int s = 0; s < n; s++) {
		float *own = scratch + winograd_filter_floats(d) * (size_t)s;

		for (int64_t i = rt_slice(all, s, n); i < rt_slice(all, s + 1, n); i++) {
			const int64_t k = i / chunks * L, c = i % chunks * FILTERS_AT_ONCE;
			const int64_t some = clamp(d->C - c, 0, FILTERS_AT_ONCE);

			gather(d, own, w + k * d->w_out + c * d->w_in, some,
			       clamp(d->K - k, 0, L), scale ? scale + k : NULL);
			filters(d, u + k * d->C + c * L, own, some);
		}
	}
}
