/* conv_direct_plan.c - a convolution as taps and offsets, cut into items of work, and the copy of
 * its input that has room for the padding. */
#include "config.h"

#include "tensor/conv_direct.h"
#include "tensor/parallel.h"

#include <string.h>

/* Wanted floats of an item's padded input, half of a small second-level cache, and the outputs that
 * make reading the weights once more worth while. */
#define ITEM_FLOATS (48 * 1024)
#define ITEM_OUTPUTS 512

const struct rt_conv_direct_table *direct_kernels(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &rt_conv_direct_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &rt_conv_direct_avx2;
#endif
	return &rt_conv_direct_base;
}

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t padded_rows(const struct direct *d, int64_t rows)
{
	return (rows - 1) * d->step[0] + d->reach[0];
}

/* Floats from plane to plane: an odd number of cache lines, so that the same row of many planes
 * falls into different sets of the cache. */
static int64_t plane_of(const struct direct *d, int64_t rows)
{
	return (padded_rows(d, rows) * d->pitch + 15) / 16 / 2 * 32 + 16;
}

static bool in_triples(const struct direct *d)
{
	for (int i = 0; i < d->taps; i++)
		if (d->tap[i].at[0] != d->tap[i / 3 * 3].at[0] ||
		    d->tap[i].at[1] != d->tap[i / 3 * 3].at[1] + i % 3)
			return false;
	return d->step[1] == 1 && d->taps % 3 == 0;
}

/* A few images an item, or a few rows of one; no fewer items than threads where that can be. */
static void cut(struct direct *d)
{
	const int64_t threads = rt_threads(), channels = d->groups * d->C;
	const int64_t whole = channels * plane_of(d, d->out[0]);
	int64_t fit;

	d->images = 1;
	d->rows = d->out[0];
	if (whole <= ITEM_FLOATS) {
		d->images = clamp(ITEM_OUTPUTS / (d->out[0] * d->out[1]), 1, ITEM_FLOATS / whole);
		d->images = clamp(d->images, 1, ceil_div(d->N, threads));
	} else {
		fit = (ITEM_FLOATS / (channels * d->pitch) - d->reach[0]) / d->step[0] + 1;
		d->rows = clamp(fit, d->rows < 4 ? d->rows : 4, d->rows);
	}
	if (d->N < threads)
		d->rows = clamp(d->rows, 1, ceil_div(d->out[0] * d->N, threads));
	d->chunks = ceil_div(d->out[0], d->rows);
	d->rows = ceil_div(d->out[0], d->chunks);
	d->items = ceil_div(d->N, d->images) * d->chunks;
}

/* Columns by remainder: a row has step[1] stretches of pitch / step[1] floats. */
static bool lay_out(struct direct *d)
{
	const int64_t columns = (d->out[1] - 1) * d->step[1] + d->reach[1];

	d->triples = in_triples(d);
	d->blocks = direct_blocks(d->K, d->t->lanes);
	d->filters = d->blocks * d->C * d->taps * d->t->lanes;
	d->pitch = ceil_div(columns, d->step[1]) * d->step[1];
	cut(d);
	d->plane = plane_of(d, d->rows);
	d->image = d->groups * d->C * d->plane;
	return d->images * d->image < INT32_MAX;
}

bool direct_forward(struct direct *d, const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	const int64_t RS = w->kernel[0] * w->kernel[1], C = g->C / g->groups, K = g->K / g->groups;

	if (RS > DIRECT_WINDOW)
		return false;
	*d = (struct direct){
		.t = direct_kernels(), .N = g->N, .groups = g->groups, .C = C, .K = K,
		.in = {w->in[0], w->in[1]}, .out = {w->out[0], w->out[1]},
		.step = {w->stride[0], w->stride[1]}, .before = {w->pad[0], w->pad[1]},
		.reach = {(w->kernel[0] - 1) * w->dilation[0] + 1,
			  (w->kernel[1] - 1) * w->dilation[1] + 1},
		.taps = (int)RS, .in_order = true,
		.y_row = w->out[1], .y_step = 1, .y_plane = w->out[0] * w->out[1],
		.w_group = K * C * RS, .w_in = RS, .w_out = C * RS,
	};
	for (int64_t i = 0; i < RS; i++) {
		d->tap[i].w = i;
		d->tap[i].at[0] = i / w->kernel[1] * w->dilation[0];
		d->tap[i].at[1] = i % w->kernel[1] * w->dilation[1];
	}
	return lay_out(d);
}

/* How far in dy tap k of axis a is from element i of the phase, an element i stride + phase of dx;
 * false where the tap meets none of them.
 *
 *	dx[h] = sum over k of dy[(h + pad - k dilation) / stride] w[k], whole quotients only */
static bool meets(const struct rt_window *w, int a, int64_t phase, int64_t k, int64_t *shift)
{
	const int64_t way = phase + w->pad[a] - k * w->dilation[a];

	*shift = way / w->stride[a];
	return way % w->stride[a] == 0;
}

/* The room in front of and behind dy that the taps of all phases want. */
static void set_reach(struct direct *d, const struct rt_window *w, int a)
{
	int64_t least = 0, most = 0, shift;

	for (int64_t phase = 0; phase < w->stride[a]; phase++) {
		for (int64_t k = 0; k < w->kernel[a]; k++) {
			if (!meets(w, a, phase, k, &shift))
				continue;
			least = shift < least ? shift : least;
			most = shift > most ? shift : most;
		}
	}
	d->before[a] = -least;
	d->reach[a] = most - least + 1;
}

/* The taps of a phase, the last of the window first: dy from left to right. */
static void set_taps(struct direct *d, const struct rt_window *w, const int64_t *phase)
{
	const int64_t S = w->kernel[1];
	int64_t down, right;

	d->taps = 0;
	for (int64_t i = w->kernel[0] * S - 1; i >= 0; i--) {
		if (!meets(w, 0, phase[0], i / S, &down) || !meets(w, 1, phase[1], i % S, &right))
			continue;
		d->tap[d->taps].w = i;
		d->tap[d->taps].at[0] = d->before[0] + down;
		d->tap[d->taps++].at[1] = d->before[1] + right;
	}
	d->triples = in_triples(d);
	d->filters = d->blocks * d->C * d->taps * d->t->lanes;
}

int direct_backward(struct direct *d, const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	const int64_t RS = w->kernel[0] * w->kernel[1], C = g->C / g->groups, K = g->K / g->groups;
	const int64_t H = w->in[0], W = w->in[1], *stride = w->stride;
	int n = 0;

	if (RS > DIRECT_WINDOW || stride[0] > 2 || stride[1] > 2 || stride[0] > H || stride[1] > W)
		return 0;
	*d = (struct direct){
		.t = direct_kernels(), .N = g->N, .groups = g->groups, .C = K, .K = C,
		.in = {w->out[0], w->out[1]}, .step = {1, 1},
		.out = {ceil_div(H, stride[0]), ceil_div(W, stride[1])},
		.y_row = W * stride[0], .y_step = stride[1], .y_plane = H * W,
		.w_group = K * C * RS, .w_in = C * RS, .w_out = RS,
	};
	for (int a = 0; a < 2; a++)
		set_reach(d, w, a);
	if (!lay_out(d))
		return 0;
	for (int64_t p = 0; p < stride[0]; p++) {
		for (int64_t q = 0; q < stride[1]; q++, n++) {
			if (n > 0)
				d[n] = d[0];
			d[n].y_first = p * W + q;
			d[n].out[0] = ceil_div(H - p, stride[0]);
			d[n].out[1] = ceil_div(W - q, stride[1]);
			set_taps(&d[n], w, (int64_t[]){p, q});
		}
	}
	return n;
}

struct direct_item direct_item(const struct direct *d, int64_t i)
{
	struct direct_item item = {
		.image = i / d->chunks * d->images,
		.row = i % d->chunks * d->rows,
	};

	item.images = clamp(d->N - item.image, 0, d->images);
	item.rows = clamp(d->out[0] - item.row, 0, d->rows);
	return item;
}

void direct_offsets(const struct direct *d, int32_t *off)
{
	const int64_t step = d->step[1], stretch = d->pitch / step;

	for (int64_t c = 0; c < d->C; c++)
		for (int i = 0; i < d->taps; i++)
			*off++ = (int32_t)(c * d->plane + d->tap[i].at[0] * d->pitch +
					   d->tap[i].at[1] % step * stretch +
					   d->tap[i].at[1] / step);
}

static void zero(float *to, int64_t n)
{
	memset(to, 0, (size_t)n * sizeof(*to));
}

/* Rows of one plane, the first of them at `from`, to scratch: step[1] stretches a row. */
static void pad_rows(const struct direct *d, float *to, const float *from, int64_t rows)
{
	const int64_t step = d->step[1], stretch = d->pitch / step, W = d->in[1];

	for (int64_t f = 0; f < step; f++) {
		/* Element i of the stretch is column i step + shift. */
		const int64_t shift = f - d->before[1];
		const int64_t lo = clamp(shift < 0 ? ceil_div(-shift, step) : 0, 0, stretch);
		const int64_t hi = clamp(W > shift ? ceil_div(W - shift, step) : 0, lo, stretch);

		d->t->pad(&(struct rt_conv_pad){
			.to = to + f * stretch, .from = from + shift, .rows = rows,
			.to_row = d->pitch, .from_row = W, .lo = lo, .hi = hi, .end = stretch,
			.step = step,
		});
	}
}

void direct_pad(const struct direct *d, const struct direct_item *item, float *scratch,
		const float *x)
{
	const int64_t channels = d->groups * d->C, H = d->in[0], W = d->in[1];
	const int64_t first = item->row * d->step[0] - d->before[0];
	const int64_t rows = padded_rows(d, item->rows);
	const int64_t lo = clamp(-first, 0, rows), hi = clamp(H - first, lo, rows);

	for (int64_t i = 0; i < item->images * channels; i++, scratch += d->plane) {
		const float *from = x + (item->image * channels + i) * H * W;

		zero(scratch, lo * d->pitch);
		pad_rows(d, scratch + lo * d->pitch, from + (first + lo) * W, hi - lo);
		zero(scratch + hi * d->pitch, (rows - hi) * d->pitch);
	}
}
