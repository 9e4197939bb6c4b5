/* int8_pack.c - the weights of a convolution of bytes in the order that its loops read them. */
#include "config.h"

#include "tensor/int8_impl.h"
#include "tensor/parallel.h"

#include <string.h>

void int8_shape(struct int8_shape *s, const struct rt_conv *g, int terms)
{
	const int64_t R = g->win.kernel[0], S = g->win.kernel[1];
	const bool joined = g->groups == 1 && g->win.dilation[1] == 1;

	*s = (struct int8_shape){
		.t = rt_int8_table(), .C = g->C / g->groups, .K = g->K / g->groups,
	};
	s->deep = s->C == 1 && s->K == 1 && terms == 1;
	s->runs = (joined ? R : R * S) * terms;
	s->run = joined ? S * s->C : s->C;
	s->quads = int8_ceil(s->deep ? R : s->run, 4);
	s->rows = s->deep && g->win.dilation[0] == 1 && R + g->win.stride[0] <= 4 ? 2 : 1;
	s->blocks = int8_ceil(s->deep ? g->K : s->K, s->t->lanes);
	s->block = s->quads * (s->deep ? s->rows * S : s->runs) * s->t->lanes * 4;
	s->chunks = int8_ceil(s->blocks, s->t->blocks);
}

size_t int8_head_bytes(const struct rt_conv *g)
{
	return (sizeof(struct int8_head) + (size_t)g->K * sizeof(int32_t) + 63) / 64 * 64;
}

/* w less its zero point: c and t count within the group and the window. */
static int whole(const struct rt_int8_weights *w, int64_t k, int64_t c, int64_t t)
{
	const struct rt_bytes *b = &w->bytes;
	const int v = rt_byte(b->data, b->dtype, k * w->out + c * w->in + t * w->tap);

	return b->zero ? v - rt_byte(b->zero, b->dtype, b->nzero > 1 ? k : 0) : v;
}

/* Part i of a number as a sum of i8, and how many there are. */
static int8_t part(int v, int64_t i)
{
	int first = 0;

	for (int64_t k = 0; k <= i; k++) {
		v -= first;
		first = v < -128 ? -128 : v > 127 ? 127 : v;
	}
	return (int8_t)first;
}

static int terms_of(const struct rt_conv *g, const struct rt_int8_weights *w)
{
	const int64_t taps = g->win.kernel[0] * g->win.kernel[1];
	int lo = 0, hi = 0;

	if (w->bytes.dtype == RT_I8 && !w->bytes.zero)
		return 1;
	for (int64_t k = 0; k < g->K; k++)
		for (int64_t c = 0; c < g->C / g->groups; c++)
			for (int64_t t = 0; t < taps; t++) {
				const int v = whole(w, k, c, t);

				lo = v < lo ? v : lo;
				hi = v > hi ? v : hi;
			}
	return lo >= -128 && hi <= 127 ? 1 : lo >= -256 && hi <= 254 ? 2 : INT8_TERMS;
}

/* Byte j of run r, for output k; 0 behind the end. */
static int8_t run_byte(const struct int8_shape *s, const struct rt_conv *g,
		       const struct rt_int8_weights *w, int64_t k, int64_t r, int64_t j, int terms)
{
	const int64_t runs = s->runs / terms, S = g->win.kernel[1];
	int64_t tap = r % runs, c = j;

	if (k >= s->K || j >= s->run)
		return 0;
	if (runs == g->win.kernel[0] && s->run == S * s->C) {
		tap = tap * S + j / s->C;
		c = j % s->C;
	}
	return part(whole(w, k, c, tap), r / runs);
}

/* Blocks first .. first + n of one group. */
static void pack_chunk(const struct int8_shape *s, const struct rt_conv *g, int8_t *to,
		       const struct rt_int8_weights *w, int64_t first, int64_t n, int terms)
{
	for (int64_t r = 0; r < s->runs; r++)
		for (int64_t q = 0; q < s->quads; q++)
			for (int64_t l = 0; l < n * s->t->lanes; l++)
				for (int64_t j = q * 4; j < q * 4 + 4; j++)
					*to++ = run_byte(s, g, w, first * s->t->lanes + l, r, j,
							 terms);
}

/* The weight of channel k that row r of column t of the quads has; 0 outside the window. */
static int8_t deep_byte(const struct rt_conv *g, const struct rt_int8_weights *w, int64_t k,
			int64_t r, int64_t t)
{
	const int64_t R = g->win.kernel[0], S = g->win.kernel[1];

	return k < g->K && r >= 0 && r < R ? part(whole(w, k, 0, r * S + t), 0) : 0;
}

/* A block of a depthwise convolution: (rows, quads, columns, lanes, 4), where the window of the
 * second row of outputs begins lower in the same quads. */
static void pack_deep(const struct int8_shape *s, const struct rt_conv *g, int8_t *to,
		      const struct rt_int8_weights *w, int64_t block)
{
	const int64_t S = g->win.kernel[1], lanes = s->t->lanes;

	for (int64_t row = 0; row < s->rows; row++)
		for (int64_t q = 0; q < s->quads; q++)
			for (int64_t t = 0; t < S; t++)
				for (int64_t l = 0; l < lanes * 4; l++)
					*to++ = deep_byte(g, w, block * lanes + l / 4,
							  q * 4 + l % 4 - row * g->win.stride[0],
							  t);
}

static int32_t sum_of(const struct rt_conv *g, const struct rt_int8_weights *w, int64_t k)
{
	const int64_t taps = g->win.kernel[0] * g->win.kernel[1];
	uint32_t sum = 0;

	for (int64_t c = 0; c < g->C / g->groups; c++)
		for (int64_t t = 0; t < taps; t++)
			sum += (uint32_t)whole(w, k, c, t);
	return (int32_t)sum;
}

static size_t bytes_of(const struct rt_conv *g, int terms)
{
	struct int8_shape s;

	int8_shape(&s, g, terms);
	return int8_head_bytes(g) + (size_t)((s.deep ? 1 : g->groups) * s.blocks * s.block);
}

size_t rt_int8_pack_bytes(const struct rt_conv *g, const struct rt_int8_weights *w)
{
	return bytes_of(g, terms_of(g, w));
}

size_t rt_int8_pack_most(const struct rt_conv *g)
{
	const size_t one = bytes_of(g, 1), all = bytes_of(g, INT8_TERMS);

	return one > all ? one : all;
}

void rt_int8_pack(const struct rt_conv *g, void *packed, const struct rt_int8_weights *w)
{
	struct int8_head *head = packed;
	int8_t *to = (int8_t *)packed + int8_head_bytes(g);
	struct int8_shape s;
	int64_t items;
	int n;

	head->terms = terms_of(g, w);
	int8_shape(&s, g, head->terms);
	for (int64_t k = 0; k < g->K; k++)
		head->sums[k] = sum_of(g, w, k);
	items = s.deep ? s.blocks : g->groups * s.chunks;
	n = rt_split(items, g->K * s.C * s.runs * s.quads * 4);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < items; i++) {
		const int64_t group = i / s.chunks, chunk = i % s.chunks;
		const int64_t first = rt_slice(s.blocks, (int)chunk, (int)s.chunks);
		const int64_t end = rt_slice(s.blocks, (int)chunk + 1, (int)s.chunks);
		struct rt_int8_weights part_of = *w;

		if (s.deep) {
			pack_deep(&s, g, to + i * s.block, w, i);
			continue;
		}
		part_of.bytes.data = (const char *)w->bytes.data + group * s.K * w->out;
		if (w->bytes.nzero > 1)
			part_of.bytes.zero = (const char *)w->bytes.zero + group * s.K;
		pack_chunk(&s, g, to + (group * s.blocks + first) * s.block, &part_of, first,
			   end - first, head->terms);
	}
}
