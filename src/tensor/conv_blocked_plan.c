/* conv_blocked_plan.c - strips of outputs, and the copy of their input that has room for the
 * padding. */
#include "config.h"

#include "tensor/conv_blocked_plan.h"
#include "tensor/conv_direct.h"
#include "tensor/parallel.h"

#include <string.h>

/* Wanted floats of a strip's input: half of a second-level cache, more where every strip reads many
 * weights anew; and of the weights under a chunk of its depths, most of a first-level cache. */
#define STRIP_FLOATS (96 * 1024)
#define LARGE_STRIP_FLOATS (160 * 1024)
#define MANY_WEIGHTS (64 * 1024)
#define CHUNK_FLOATS (8 * 1024)

/* Weights are large beside x and y from so many times their size on. */
#define LARGE_WEIGHTS 4

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t padded_rows(const struct blocked *b, int64_t rows)
{
	const struct rt_window *w = &b->g->win;

	return (rows - 1) * w->stride[0] + (w->kernel[0] - 1) * w->dilation[0] + 1;
}

/* Floats of `n` units of one depth in scratch. */
static int64_t depth_floats(const struct blocked *b, int64_t n)
{
	const struct rt_window *w = &b->g->win;

	if (b->flat)
		return n * (b->copy ? w->out[1] : 1) * b->element;
	return padded_rows(b, n) * b->stretch * w->stride[1] * b->element;
}

/* Strips of x are divided among the threads, so that most of what a core reads it has made itself;
 * where the weights are many times as large as x and y, blocks are. */
static void cut(struct blocked *b)
{
	const struct rt_conv *g = b->g;
	const int64_t whole = b->depths * depth_floats(b, b->units);
	const int64_t made = b->kb * RT_BLOCK * g->win.out[0] * g->win.out[1];
	const int64_t weights = b->kb * b->weights;
	const int n = rt_split_macs(b->units * b->kb, 4 * rt_conv_macs(g));
	int64_t least = 1;

	b->slices = n;
	b->by_blocks = n > 1 && weights > LARGE_WEIGHTS * (whole + made) && b->kgroups >= n &&
		       (b->kgroups % n == 0 || b->kgroups >= 8 * n);
	if (!b->by_blocks && g->N * g->groups < n)
		least = clamp(n, 1, b->units);
	b->strips = ceil_div(whole, weights > MANY_WEIGHTS ? LARGE_STRIP_FLOATS : STRIP_FLOATS);
	b->strips = clamp(b->strips, least, b->units);
	b->strips = ceil_div(b->strips, least) * least;
	b->strip = ceil_div(b->units, b->strips);
	b->strips = ceil_div(b->units, b->strip);
	b->chunk = b->depths;
	if (!b->planes)
		b->chunk = clamp(CHUNK_FLOATS / (b->taps * b->element * b->t->blocks * RT_BLOCK),
				 1, b->depths);
}

/* Where the taps are: columns of scratch stand by their remainder by the stride. */
static void lay_out(struct blocked *b)
{
	const struct rt_window *w = &b->g->win;
	const int64_t reach = (w->kernel[1] - 1) * w->dilation[1] + 1;
	const int64_t columns = (w->out[1] - 1) * w->stride[1] + reach;

	b->stretch = ceil_div(columns, w->stride[1]);
	b->x_row = w->stride[0] * w->stride[1] * b->stretch * b->element;
	for (int64_t i = 0; i < b->taps; i++) {
		const int64_t row = i / w->kernel[1] * w->dilation[0];
		const int64_t column = i % w->kernel[1] * w->dilation[1];

		b->off[i] = (int32_t)(b->element *
				      ((row * w->stride[1] + column % w->stride[1]) * b->stretch +
				       column / w->stride[1]));
	}
}

void blocked_plan(struct blocked *b, const struct rt_conv *g, bool planes)
{
	const struct rt_window *w = &g->win;
	const int64_t C = g->C / g->groups, PQ = w->out[0] * w->out[1];

	*b = (struct blocked){.t = rt_conv_blocked_table(), .g = g, .planes = planes};
	b->element = planes ? 1 : RT_BLOCK;
	b->depths = ceil_div(C, b->element);
	b->kb = rt_blocks(g->K / g->groups);
	b->kgroups = ceil_div(b->kb, b->t->blocks);
	b->taps = (int)(w->kernel[0] * w->kernel[1]);
	b->last = (int)(C - (b->depths - 1) * b->element);
	b->weights = C * b->taps * RT_BLOCK;
	b->flat = b->taps == 1 && !planes;
	b->copy = !b->flat || w->in[0] != w->out[0] || w->in[1] != w->out[1] ||
		  w->stride[0] != 1 || w->stride[1] != 1;
	b->units = b->copy ? w->out[0] : PQ;
	if (!b->flat)
		lay_out(b);
	cut(b);
	b->x_depth = b->copy ? depth_floats(b, b->strip) : PQ * b->element;
	b->scratch = b->copy ? ceil_div(b->depths * b->x_depth, RT_BLOCK) * RT_BLOCK : 0;
}

static void zero(float *to, int64_t n)
{
	memset(to, 0, (size_t)n * sizeof(*to));
}

/* Every stride'th column from `shift` on, `end` of them in a row, of rows that lie inside. */
static void copy_columns(const struct blocked *b, float *to, int64_t to_row, const float *from,
			 int64_t from_row, int64_t rows, int64_t shift, int64_t end)
{
	const struct rt_window *w = &b->g->win;
	const int64_t step = w->stride[1], W = w->in[1];
	const int64_t lo = clamp(shift < 0 ? ceil_div(-shift, step) : 0, 0, end);
	const int64_t hi = clamp(W > shift ? ceil_div(W - shift, step) : 0, lo, end);

	from += shift * b->element;
	if (b->planes)
		direct_kernels()->pad(&(struct rt_conv_pad){
			.to = to, .from = from, .rows = rows, .to_row = to_row,
			.from_row = from_row, .lo = lo, .hi = hi, .end = end, .step = step});
	else
		b->t->pad(&(struct rt_blocked_pad){
			.to = to, .from = from, .rows = rows, .to_row = to_row,
			.from_row = from_row, .lo = lo, .hi = hi, .end = end, .step = step});
}

void blocked_copy(const struct blocked *b, float *scratch, const float *x, int64_t first,
		  int64_t n)
{
	const struct rt_window *w = &b->g->win;
	const int64_t H = w->in[0], row = w->in[1] * b->element;
	/* Rows of scratch lie `step` rows of x apart. */
	const int64_t step = b->flat ? w->stride[0] : 1, parts = b->flat ? 1 : w->stride[1];
	const int64_t columns = b->flat ? w->out[1] : b->stretch;
	const int64_t pitch = columns * parts * b->element, top = first * w->stride[0] - w->pad[0];
	const int64_t rows = b->flat ? n : padded_rows(b, n);
	const int64_t lo = clamp(top < 0 ? ceil_div(-top, step) : 0, 0, rows);
	const int64_t hi = clamp(H > top ? ceil_div(H - top, step) : 0, lo, rows);

	for (int64_t d = 0; d < b->depths; d++, scratch += b->x_depth, x += H * row) {
		zero(scratch, lo * pitch);
		for (int64_t f = 0; f < parts; f++)
			copy_columns(b, scratch + lo * pitch + f * columns * b->element, pitch,
				     x + (top + lo * step) * row, step * row, hi - lo,
				     f - w->pad[1], columns);
		zero(scratch + hi * pitch, (rows - hi) * pitch);
	}
}
