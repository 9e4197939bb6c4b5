/* conv_blocked_isa.h - the loops of conv_blocked_table.h, compiled once per instruction set
 * (isa.h).  RT_LANES and RT_REGISTERS tell what a vector holds and how many sums stay in
 * registers. */
#include "tensor/blocked.h"
#include "tensor/conv_blocked_table.h"
#include "tensor/lanes_isa.h"

#include <math.h>

/* Vectors of a position. */
#define V (RT_BLOCK / L)

/* Where in y vector k of the sums of output i lies. */
INLINE int64_t tile_at(const int i, const int k, const int columns, int64_t row, int64_t block)
{
	return i / columns * row + i % columns * RT_BLOCK + k / V * block + k % V * L;
}

/* What becomes of the sums of a tile of n outputs.  What it needs of t is read once: compilers must
 * take it that storing y might change *t. */
INLINE void tile_end(const struct rt_blocked_tile *t, lanes *acc, const int n, const int columns,
		     const int vectors)
{
	const int64_t row = t->y_row, block = t->y_block;
	const lanes lo = splat(t->lo), hi = splat(t->hi);
	const float *const add = t->add;
	float *const y = t->y;

	if (t->end && add) {
		UNROLL
		for (int i = 0; i < n; i++) {
			UNROLL
			for (int k = 0; k < vectors; k++)
				acc[i * vectors + k] +=
					load(add + tile_at(i, k, columns, row, block));
		}
	}
	if (t->end) {
		UNROLL
		for (int i = 0; i < n * vectors; i++)
			acc[i] = RT_LESSER(hi, RT_GREATER(lo, acc[i]));
	}
	UNROLL
	for (int i = 0; i < n; i++) {
		UNROLL
		for (int k = 0; k < vectors; k++)
			store(y + tile_at(i, k, columns, row, block), acc[i * vectors + k]);
	}
}

INLINE void tile_start(const struct rt_blocked_tile *t, lanes *acc, const int n,
		       const int columns, const int vectors)
{
	const int64_t row = t->y_row, block = t->y_block;
	const float *const start = t->start, *const y = t->y;

	if (start) {
		UNROLL
		for (int i = 0; i < n * vectors; i++)
			acc[i] = load(start + i % vectors * L);
		return;
	}
	UNROLL
	for (int i = 0; i < n; i++) {
		UNROLL
		for (int k = 0; k < vectors; k++)
			acc[i * vectors + k] = load(y + tile_at(i, k, columns, row, block));
	}
}

/* channels: that lie side by side in x, and columns so many floats apart. */
INLINE void tile(const struct rt_blocked_tile *t, const int blocks, const int rows,
		 const int columns, const int channels)
{
	const float *x = t->x, *w = t->w;
	const char *ahead = t->ahead;
	const int64_t x_row = t->x_row, ahead_step = t->ahead_step;
	const int vectors = blocks * V;
	lanes acc[RT_REGISTERS], a[RT_BLOCKED_MOST * V];

	tile_start(t, acc, rows * columns, columns, vectors);
	for (int64_t depth = 0; depth < t->depths; depth++, x += t->x_depth) {
		const int n = channels > 1 && depth + 1 == t->depths ? t->last : channels;

		for (int j = 0; j < t->taps; j++) {
			const float *from = x + t->off[j];

			for (int c = 0; c < n; c++, w += vectors * L) {
				__builtin_prefetch(ahead);
				ahead += ahead_step;
				UNROLL
				for (int k = 0; k < vectors; k++)
					a[k] = load(w + k * L);
				UNROLL
				for (int i = 0; i < rows * columns; i++) {
					const float *at = from + i / columns * x_row;
					lanes v = splat(at[i % columns * channels + c]);

					if (vectors > 1)
						v = once(v);
					UNROLL
					for (int k = 0; k < vectors; k++)
						acc[i * vectors + k] += a[k] * v;
				}
			}
		}
	}
	tile_end(t, acc, rows * columns, columns, vectors);
}

static void pad(const struct rt_blocked_pad *p)
{
	for (int64_t r = 0; r < p->rows; r++) {
		float *to = p->to + r * p->to_row;
		const float *from = p->from + r * p->from_row + p->lo * p->step * RT_BLOCK;
		int64_t i = 0;

		for (; i < p->lo * V; i++)
			store(to + i * L, splat(0));
		for (; i < p->hi * V; i += V, from += p->step * RT_BLOCK) {
			UNROLL
			for (int k = 0; k < V; k++)
				store(to + (i + k) * L, load(from + k * L));
		}
		for (; i < p->end * V; i++)
			store(to + i * L, splat(0));
	}
}

#include "tensor/conv_blocked_deep_isa.h"

static void in(float *y, const float *x, int64_t n, int64_t K, int64_t plane)
{
	int64_t i = 0;

	for (; i + L <= n; i += L) {
		for (int b = 0; b < V; b++) {
			lanes v[L];

			UNROLL
			for (int k = 0; k < L; k++)
				v[k] = b * L + k < K ? load(x + (b * L + k) * plane + i) : splat(0);
			transpose(v);
			UNROLL
			for (int k = 0; k < L; k++)
				store(y + (i + k) * RT_BLOCK + b * L, v[k]);
		}
	}
	for (; i < n; i++)
		for (int64_t k = 0; k < RT_BLOCK; k++)
			y[i * RT_BLOCK + k] = k < K ? x[k * plane + i] : 0;
}

static void out(float *y, const float *x, int64_t n, int64_t K, int64_t plane)
{
	int64_t i = 0;

	for (; i + L <= n; i += L) {
		for (int b = 0; b < V && b * L < K; b++) {
			lanes v[L];

			UNROLL
			for (int k = 0; k < L; k++)
				v[k] = load(x + (i + k) * RT_BLOCK + b * L);
			transpose(v);
			UNROLL
			for (int k = 0; k < L; k++)
				if (b * L + k < K)
					store(y + (b * L + k) * plane + i, v[k]);
		}
	}
	for (; i < n; i++)
		for (int64_t k = 0; k < K; k++)
			y[k * plane + i] = x[i * RT_BLOCK + k];
}

INLINE void pool(const struct rt_blocked_pool *p, const bool max)
{
	for (int64_t q = 0; q < p->n; q++) {
		UNROLL
		for (int k = 0; k < V; k++) {
			const float *x = p->x + q * p->step + k * L;
			lanes best = max ? splat(-INFINITY) : splat(0);

			for (int64_t r = 0; r < p->rows; r++) {
				for (int64_t s = 0; s < p->taps; s++) {
					const lanes v = load(x + r * p->x_row + s * p->right);

					/* NaN wins. */
					best = max ? choose((v > best) | (v != v), v, best)
						   : best + v;
				}
			}
			store(p->y + q * RT_BLOCK + k * L, max ? best : best / p->divisor);
		}
	}
}

static void max(const struct rt_blocked_pool *p)
{
	pool(p, true);
}

static void mean(const struct rt_blocked_pool *p)
{
	pool(p, false);
}

#include "tensor/conv_blocked_winograd_isa.h"

/* The tiles there are: X(blocks, log2 rows, columns). */
#define UP_TO_3(X, b, r) X(b, r, 1) X(b, r, 2) X(b, r, 3)
#define UP_TO_7(X, b, r) UP_TO_3(X, b, r) X(b, r, 4) X(b, r, 5) X(b, r, 6) X(b, r, 7)
#define UP_TO_14(X, b, r)                                                                          \
	UP_TO_7(X, b, r) X(b, r, 8) X(b, r, 9) X(b, r, 10) X(b, r, 11) X(b, r, 12) X(b, r, 13)     \
	X(b, r, 14)
#if RT_REGISTERS / V == 28
#define TILES(X)                                                                                   \
	UP_TO_14(X, 1, 0) UP_TO_14(X, 1, 1) UP_TO_7(X, 1, 2)                                       \
	UP_TO_14(X, 2, 0) UP_TO_7(X, 2, 1) UP_TO_3(X, 2, 2)
#define PLANE_TILES(X) UP_TO_14(X, 1, 0) UP_TO_14(X, 2, 0)
#define COLUMNS {{14, 14, 7}, {14, 7, 3}}
#define BLOCKS 2
#elif RT_REGISTERS / V == 7
#define TILES(X) UP_TO_7(X, 1, 0) UP_TO_3(X, 1, 1)
#define PLANE_TILES(X) UP_TO_7(X, 1, 0)
#define COLUMNS {{7, 3, 0}}
#define BLOCKS 1
#elif RT_REGISTERS / V == 6
#define TILES(X)                                                                                   \
	UP_TO_3(X, 1, 0) X(1, 0, 4) X(1, 0, 5) X(1, 0, 6) UP_TO_3(X, 1, 1) X(1, 2, 1)
#define PLANE_TILES(X) UP_TO_3(X, 1, 0) X(1, 0, 4) X(1, 0, 5) X(1, 0, 6)
#define COLUMNS {{6, 3, 1}}
#define BLOCKS 1
#else
#define TILES(X) UP_TO_3(X, 1, 0) X(1, 1, 1)
#define PLANE_TILES(X) UP_TO_3(X, 1, 0)
#define COLUMNS {{3, 1, 0}}
#define BLOCKS 1
#endif

#define TILE(b, r, c)                                                                              \
	static void tile_##b##_##r##_##c(const struct rt_blocked_tile *t)                          \
	{                                                                                          \
		tile(t, b, 1 << r, c, RT_BLOCK);                                                   \
	}
TILES(TILE)
#undef TILE

#define TILE(b, r, c)                                                                              \
	static void plane_tile_##b##_##c(const struct rt_blocked_tile *t)                          \
	{                                                                                          \
		tile(t, b, 1, c, 1);                                                               \
	}
PLANE_TILES(TILE)
#undef TILE

const struct rt_conv_blocked_table RT_ISA_TABLE = {
	.blocks = BLOCKS,
	.columns = COLUMNS,
#define TILE(b, r, c) .tile[b - 1][r][c] = tile_##b##_##r##_##c,
	TILES(TILE)
#undef TILE
#define TILE(b, r, c) .plane_tile[b - 1][c] = plane_tile_##b##_##c,
	PLANE_TILES(TILE)
#undef TILE
	.pad = pad,
	.deep = deep,
#define TRANSFORMS(kind)                                                                           \
	.tiles_in[RT_BLOCKED_##kind] = tiles_in_##kind,                                            \
	.tiles_out[RT_BLOCKED_##kind] = tiles_out_##kind,                                          \
	.filters[RT_BLOCKED_##kind] = filters_##kind,
	KINDS(TRANSFORMS)
#undef TRANSFORMS
	.in = in,
	.out = out,
	.max = max,
	.mean = mean,
};
