/* conv_direct_isa.h - the loops of conv_direct_table.h, compiled once per instruction set (isa.h).
 * RT_LANES and RT_REGISTERS tell what a vector holds and how many sums stay in registers. */
#include "tensor/conv_direct_table.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#ifdef __clang__
#pragma clang fp contract(fast)
#define UNROLL _Pragma("clang loop unroll(full)")
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#pragma GCC optimize("fp-contract=fast")
#define UNROLL _Pragma("GCC unroll 64")
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (lanes_int){__VA_ARGS__})
#endif
#define INLINE static inline __attribute__((always_inline))
#define L RT_LANES

typedef float lanes __attribute__((vector_size(L * 4)));
typedef int32_t lanes_int __attribute__((vector_size(L * 4)));

INLINE lanes load(const float *p)
{
	lanes v;

	memcpy(&v, p, sizeof(v));
	return v;
}

INLINE void store(float *p, lanes v)
{
	memcpy(p, &v, sizeof(v));
}

INLINE lanes choose(lanes_int mask, lanes a, lanes b)
{
	return (lanes)(((lanes_int)a & mask) | ((lanes_int)b & ~mask));
}

/* Within each four lanes of a and b; then whole fours.  EVEN: floats 0, 2, ... from a on, where b
 * begins L - 1 floats behind a. */
#if L == 4
#define PAIRS_LO 0, 4, 1, 5
#define PAIRS_HI 2, 6, 3, 7
#define HALVES_LO 0, 1, 4, 5
#define HALVES_HI 2, 3, 6, 7
#define EVEN 0, 2, 5, 7
#elif L == 8
#define PAIRS_LO 0, 8, 1, 9, 4, 12, 5, 13
#define PAIRS_HI 2, 10, 3, 11, 6, 14, 7, 15
#define HALVES_LO 0, 1, 8, 9, 4, 5, 12, 13
#define HALVES_HI 2, 3, 10, 11, 6, 7, 14, 15
#define FOURS_LO 0, 1, 2, 3, 8, 9, 10, 11
#define FOURS_HI 4, 5, 6, 7, 12, 13, 14, 15
#define EVEN 0, 2, 4, 6, 9, 11, 13, 15
#else
#define PAIRS_LO 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define PAIRS_HI 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define HALVES_LO 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HALVES_HI 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define FOURS_LO 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27
#define FOURS_HI 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31
#define EVEN 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31
#endif

/* v (L,L) transposed in place: fours of lanes first, then the fours among each other. */
INLINE void transpose(lanes v[L])
{
	lanes u[L];

	UNROLL
	for (int i = 0; i < L; i += 4) {
		lanes a = SHUFFLE(v[i], v[i + 1], PAIRS_LO), b = SHUFFLE(v[i], v[i + 1], PAIRS_HI);
		lanes c = SHUFFLE(v[i + 2], v[i + 3], PAIRS_LO);
		lanes d = SHUFFLE(v[i + 2], v[i + 3], PAIRS_HI);

		u[i] = SHUFFLE(a, c, HALVES_LO);
		u[i + 1] = SHUFFLE(a, c, HALVES_HI);
		u[i + 2] = SHUFFLE(b, d, HALVES_LO);
		u[i + 3] = SHUFFLE(b, d, HALVES_HI);
	}
	UNROLL
	for (int m = 0; m < 4; m++) {
#if L == 4
		v[m] = u[m];
#elif L == 8
		v[m] = SHUFFLE(u[m], u[4 + m], FOURS_LO);
		v[4 + m] = SHUFFLE(u[m], u[4 + m], FOURS_HI);
#else
		lanes a = SHUFFLE(u[m], u[4 + m], FOURS_LO);
		lanes b = SHUFFLE(u[m], u[4 + m], FOURS_HI);
		lanes c = SHUFFLE(u[8 + m], u[12 + m], FOURS_LO);
		lanes d = SHUFFLE(u[8 + m], u[12 + m], FOURS_HI);

		v[m] = SHUFFLE(a, c, FOURS_LO);
		v[4 + m] = SHUFFLE(b, d, FOURS_LO);
		v[8 + m] = SHUFFLE(a, c, FOURS_HI);
		v[12 + m] = SHUFFLE(b, d, FOURS_HI);
#endif
	}
}

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
				lanes v = (lanes){0} + from[r * x_row + i];

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
			lanes v = (lanes){0} + x[off[j] + i];

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

INLINE lanes clamped(lanes v, float lo, float hi)
{
	v = choose(v < lo, (lanes){0} + lo, v);
	return choose(v > hi, (lanes){0} + hi, v);
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
		for (int64_t k = 0; k < e->K; k++) {
			lanes s = v[k];

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

#include "tensor/conv_depthwise_isa.h"

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
	.dw_single.most = {RT_REGISTERS / 2, RT_REGISTERS / 2},
#define DW_TILE(b, at_once, taps) .dw_single.tile[b - 1][taps] = dw_tile_##b##_##taps,
	MOST(DW_TILE, 1, 1) MOST(DW_TILE, 2, 1)
	.dw_triple.most = DW_TRIPLE_MOST,
#define DW_TRIPLE(b, at_once, runs) .dw_triple.tile[b - 1][runs] = dw_triple_##b##_##runs,
	DW_TRIPLES(DW_TRIPLE)
	.interleave = interleave,
	.pad = pad,
	.flat = flat,
	.flat_dw = flat_dw,
	.rows = rows,
};
