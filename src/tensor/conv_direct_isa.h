/* conv_direct_isa.h - the loops of conv_direct_table.h, compiled once per instruction set (isa.h).
 * RT_LANES and RT_REGISTERS tell what a vector holds and how many sums stay in registers. */
#include "tensor/conv_direct_table.h"
#include "tensor/lanes_isa.h"

#include <math.h>
#include <stdbool.h>

/* With a run of taps the input of column i under tap s is that of column i + 1 under tap s - 1. */
INLINE void tile(const struct rt_conv_tile *t, const int blocks, const int rows, const int columns,
		 const int run)
{
	const float *x = t->x, *w = t->w, *w1 = w + t->n * L;
	const int64_t x_row = t->x_row, n = t->n;
	const int32_t *off = t->off;
	lanes acc[28], a[3], b[3];

	UNROLL
	for (int i = 0; i < rows * columns; i++) {
		acc[i] = load(t->bias);
		if (blocks == 2)
			acc[rows * columns + i] = load(t->bias + L);
	}
	for (int64_t j = 0; j < n; j += run, w += run * L, w1 += run * L) {
		const float *from = x + off[j];

		UNROLL
		for (int s = 0; s < run; s++) {
			a[s] = load(w + s * L);
			if (blocks == 2)
				b[s] = load(w1 + s * L);
		}
		UNROLL
		for (int r = 0; r < rows; r++) {
			UNROLL
			for (int i = 0; i < columns + run - 1; i++) {
				lanes v = splat(from[r * x_row + i]);

				UNROLL
				for (int s = 0; s < run; s++) {
					const int c = i - s, at = r * columns + c;

					if (c < 0 || c >= columns)
						continue;
					acc[at] = acc[at] + a[s] * v;
					if (blocks == 2)
						acc[rows * columns + at] =
							acc[rows * columns + at] + b[s] * v;
				}
			}
		}
	}
	UNROLL
	for (int r = 0; r < rows; r++) {
		float *to = t->sums + r * t->sums_row;

		UNROLL
		for (int c = 0; c < columns; c++) {
			store(to + c * L, acc[r * columns + c]);
			if (blocks == 2)
				store(to + t->sums_block + c * L, acc[(rows + r) * columns + c]);
		}
	}
}

/* `runs` runs of `run` taps over `at_once` outputs of one row.  An input serves as many of them as
 * there are taps in a run. */
INLINE void dw_outputs(lanes *acc, const float *x, const int64_t *off, const float *dy,
		       int64_t dy_block, const int blocks, const int runs, const int run,
		       const int at_once)
{
	lanes a[4], b[4];

	UNROLL
	for (int q = 0; q < at_once; q++) {
		a[q] = load(dy + q * L);
		if (blocks == 2)
			b[q] = load(dy + dy_block + q * L);
	}
	UNROLL
	for (int j = 0; j < runs; j++) {
		UNROLL
		for (int i = 0; i < at_once + run - 1; i++) {
			lanes v = splat(x[off[j] + i]);

			UNROLL
			for (int s = 0; s < run; s++) {
				const int q = i - s, at = j * run + s;

				if (q < 0 || q >= at_once)
					continue;
				acc[at] = acc[at] + a[q] * v;
				if (blocks == 2)
					acc[runs * run + at] = acc[runs * run + at] + b[q] * v;
			}
		}
	}
}

INLINE void dw_tile(const struct rt_conv_dw_tile *t, const int blocks, const int runs,
		    const int run, const int at_once)
{
	const float *x = t->x, *dy = t->dy;
	const int64_t block = t->dy_block, Q = t->Q;
	int64_t off[RT_TILE_MAX];
	lanes acc[28];

	UNROLL
	for (int j = 0; j < runs; j++)
		off[j] = t->off[j * run];
	UNROLL
	for (int j = 0; j < runs * run; j++) {
		acc[j] = load(t->dw + j * L);
		if (blocks == 2)
			acc[runs * run + j] = load(t->dw + t->dw_block + j * L);
	}
	for (int64_t p = 0; p < t->rows; p++, x += t->x_row, dy += Q * L) {
		int64_t q = 0;

		for (; q + at_once <= Q; q += at_once)
			dw_outputs(acc, x + q, off, dy + q * L, block, blocks, runs, run, at_once);
		for (; at_once > 1 && q < Q; q++)
			dw_outputs(acc, x + q, off, dy + q * L, block, blocks, runs, run, 1);
	}
	UNROLL
	for (int j = 0; j < runs * run; j++) {
		store(t->dw + j * L, acc[j]);
		if (blocks == 2)
			store(t->dw + t->dw_block + j * L, acc[runs * run + j]);
	}
}

static void end(const struct rt_conv_end *e)
{
	const bool whole = isinf(e->lo) && isinf(e->hi);
	int64_t i = 0;

	for (; i + L <= e->n; i += L) {
		lanes v[L];

		UNROLL
		for (int k = 0; k < L; k++)
			v[k] = load(e->sums + (i + k) * L);
		transpose(v);
		UNROLL
		for (int k = 0; k < L; k++) {
			lanes s = v[k];

			if (k >= e->K)
				break;
			if (e->add)
				s += load(e->add + k * e->plane + i);
			store(e->y + k * e->plane + i, whole ? s : clamped(s, e->lo, e->hi));
		}
	}
	for (int64_t k = 0; k < e->K; k++) {
		for (int64_t j = i; j < e->n; j++) {
			const int64_t at = k * e->plane + j;
			float s = e->sums[j * L + k] + (e->add ? e->add[at] : 0);

			s = s < e->lo ? e->lo : s;
			e->y[at] = s > e->hi ? e->hi : s;
		}
	}
}

/* Outputs between which others stand, those of other phases. */
static void end_apart(const struct rt_conv_end *e)
{
	const float *sums = e->sums;
	int64_t left = e->n;

	for (float *row = e->y; left > 0; row += e->row, left -= e->width) {
		for (int64_t i = 0; i < e->width; i += L) {
			const int m = e->width - i < L ? (int)(e->width - i) : L;
			lanes v[L];

			UNROLL
			for (int k = 0; k < L; k++)
				v[k] = k < m ? load(sums + k * L) : (lanes){0};
			transpose(v);
			sums += m * L;
			for (int k = 0; k < L && k < e->K; k++) {
				float one[L], *y = row + k * e->plane + i * e->step;

				store(one, v[k]);
				for (int j = 0; j < m; j++)
					y[j * e->step] = one[j] + (e->add ? y[j * e->step] : 0);
			}
		}
	}
}

static void interleave(int64_t n, int64_t K, float *to, const float *from, int64_t row)
{
	int64_t i = 0;

	for (; i + L <= n; i += L, to += L * L) {
		lanes v[L];

		for (int64_t k = 0; k < L; k++)
			v[k] = k < K ? load(from + k * row + i) : (lanes){0};
		transpose(v);
		UNROLL
		for (int k = 0; k < L; k++)
			store(to + k * L, v[k]);
	}
	for (; i < n; i++, to += L)
		for (int64_t k = 0; k < L; k++)
			to[k] = k < K ? from[k * row + i] : 0;
}

/* Short rows: a call of memcpy costs more than the copy. */
INLINE void copy(float *to, const float *from, int64_t n)
{
	int64_t i = 0;

	for (; i + L <= n; i += L)
		store(to + i, load(from + i));
	if (L > 8 && i + 8 <= n) {
		memcpy(to + i, from + i, 32);
		i += 8;
	}
	if (L > 4 && i + 4 <= n) {
		memcpy(to + i, from + i, 16);
		i += 4;
	}
	for (; i < n; i++)
		to[i] = from[i];
}

/* to[i] = from[i step] */
INLINE void copy_steps(float *to, const float *from, int64_t n, int64_t step)
{
	int64_t i = 0;

	for (; step == 2 && i + L <= n; i += L) {
		lanes a = load(from + 2 * i), b = load(from + 2 * i + L - 1);

		store(to + i, SHUFFLE(a, b, EVEN));
	}
	for (; i < n; i++)
		to[i] = from[i * step];
}

static void pad(const struct rt_conv_pad *p)
{
	const int64_t lo = p->lo, hi = p->hi, end = p->end, step = p->step;
	const float *from = p->from;
	float *to = p->to;

	for (int64_t r = 0; r < p->rows; r++, to += p->to_row, from += p->from_row) {
		for (int64_t i = 0; i < lo; i++)
			to[i] = 0;
		if (step == 1)
			copy(to + lo, from + lo, hi - lo);
		else
			copy_steps(to + lo, from + lo * step, hi - lo, step);
		for (int64_t i = hi; i < end; i++)
			to[i] = 0;
	}
}

#include "tensor/conv_channels_isa.h"
#include "tensor/conv_depthwise_isa.h"
#include "tensor/conv_samples_isa.h"

/* The tiles there are: X(blocks, log2 rows, columns). */
#if RT_REGISTERS == 28
#define UP_TO_3(X, b, r) X(b, r, 1) X(b, r, 2) X(b, r, 3)
#define UP_TO_7(X, b, r) UP_TO_3(X, b, r) X(b, r, 4) X(b, r, 5) X(b, r, 6) X(b, r, 7)
#define UP_TO_14(X, b, r)                                                                          \
	UP_TO_7(X, b, r) X(b, r, 8) X(b, r, 9) X(b, r, 10) X(b, r, 11) X(b, r, 12) X(b, r, 13)     \
	X(b, r, 14)
#define TILES(X)                                                                                   \
	UP_TO_14(X, 1, 0) UP_TO_14(X, 1, 1) UP_TO_7(X, 1, 2)                                       \
	UP_TO_14(X, 2, 0) UP_TO_7(X, 2, 1) UP_TO_3(X, 2, 2)
#define MOST UP_TO_14
#define COLUMNS {{14, 14, 7}, {14, 7, 3}}
#define FROM_4_TO_6(X, b, r) X(b, r, 4) X(b, r, 5) X(b, r, 6)
#define FROM_4_TO_12(X, b, r)                                                                      \
	FROM_4_TO_6(X, b, r) X(b, r, 7) X(b, r, 8) X(b, r, 9) X(b, r, 10) X(b, r, 11) X(b, r, 12)
#define TRIPLES(X)                                                                                 \
	FROM_4_TO_12(X, 1, 1) X(1, 1, 13) X(1, 1, 14) FROM_4_TO_6(X, 1, 2) X(1, 2, 7)              \
	FROM_4_TO_12(X, 2, 0) FROM_4_TO_6(X, 2, 1)
#define TRIPLE_COLUMNS {{0, 14, 7}, {12, 6, 0}}
#define DW_TRIPLES(X) UP_TO_7(X, 1, 4) X(1, 4, 8) UP_TO_3(X, 2, 2) X(2, 2, 4)
#define DW_TRIPLE_MOST {8, 4}
#else
#define UP_TO_3(X, b, r) X(b, r, 1) X(b, r, 2) X(b, r, 3)
#define UP_TO_6(X, b, r) UP_TO_3(X, b, r) X(b, r, 4) X(b, r, 5) X(b, r, 6)
#define TILES(X)                                                                                   \
	UP_TO_6(X, 1, 0) UP_TO_6(X, 1, 1) UP_TO_3(X, 1, 2)                                         \
	UP_TO_6(X, 2, 0) UP_TO_3(X, 2, 1) X(2, 2, 1)
#define MOST UP_TO_6
#define COLUMNS {{6, 6, 3}, {6, 3, 1}}
#define TRIPLES(X)
#define TRIPLE_COLUMNS {{0}}
#define DW_TRIPLES(X)
#define DW_TRIPLE_MOST {0}
#endif

#define TILE(b, r, c)                                                                              \
	static void tile_##b##_##r##_##c(const struct rt_conv_tile *t)                             \
	{                                                                                          \
		tile(t, b, 1 << r, c, 1);                                                          \
	}
TILES(TILE)
#undef TILE

#define TRIPLE(b, r, c)                                                                            \
	static void triple_##b##_##r##_##c(const struct rt_conv_tile *t)                           \
	{                                                                                          \
		tile(t, b, 1 << r, c, 3);                                                          \
	}
TRIPLES(TRIPLE)
#undef TRIPLE

#define DW_TILE(b, at_once, taps)                                                                  \
	static void dw_tile_##b##_##taps(const struct rt_conv_dw_tile *t)                          \
	{                                                                                          \
		dw_tile(t, b, taps, 1, 1);                                                         \
	}
MOST(DW_TILE, 1, 1)
MOST(DW_TILE, 2, 1)
#undef DW_TILE

/* X(blocks, outputs at once, runs) */
#define DW_TRIPLE(b, at_once, runs)                                                                \
	static void dw_triple_##b##_##runs(const struct rt_conv_dw_tile *t)                        \
	{                                                                                          \
		dw_tile(t, b, runs, 3, at_once);                                                   \
	}
DW_TRIPLES(DW_TRIPLE)
#undef DW_TRIPLE

const struct rt_conv_direct_table RT_ISA_TABLE = {
	.lanes = L,
	.single.columns = COLUMNS,
#define TILE(b, r, c) .single.tile[b - 1][r][c] = tile_##b##_##r##_##c,
	TILES(TILE)
	.triple.columns = TRIPLE_COLUMNS,
#define TRIPLE(b, r, c) .triple.tile[b - 1][r][c] = triple_##b##_##r##_##c,
	TRIPLES(TRIPLE)
	.end = end,
	.end_apart = end_apart,
	.dw_single.most = {RT_REGISTERS / 2, RT_REGISTERS / 2},
#define DW_TILE(b, at_once, taps) .dw_single.tile[b - 1][taps] = dw_tile_##b##_##taps,
	MOST(DW_TILE, 1, 1) MOST(DW_TILE, 2, 1)
	.dw_triple.most = DW_TRIPLE_MOST,
#define DW_TRIPLE(b, at_once, runs) .dw_triple.tile[b - 1][runs] = dw_triple_##b##_##runs,
	DW_TRIPLES(DW_TRIPLE)
	.interleave = interleave,
	.pad = pad,
	.flat = flat,
	.filters = FILTERS,
#define FLAT(k) .filter[k] = flats_##k,
	FLATS(FLAT)
	.flat_dw = flat_dw,
	.rows = rows,
	.planes_in = planes_in,
	.planes_out = planes_out,
	.channels = channels,
	.channels_dw = channels_dw,
	.sample_filters = SAMPLE_FILTERS,
	.sample_dw_filters = SAMPLE_TAPS,
	.sample_taps = SAMPLE_TAPS,
#define SAMPLE(k) .samples[k] = samples_##k,
	SAMPLES(SAMPLE)
#define SAMPLE_DW(k) .samples_dw[k] = samples_dw_##k,
	SAMPLES_DW(SAMPLE_DW)
};
