/* int8_isa.h - the loops of int8_table.h, compiled once per instruction set (isa.h).  RT_LANES and
 * RT_TILES tell what a vector holds and how wide tiles are; RT_DOT, where the set has it, is the
 * instruction that adds four products of bytes to every lane; RT_PAIRS the one that adds
 * products of neighbouring i16; RT_WEAVE the transposition of four rows of bytes; RT_WIDEN or
 * RT_LOAD_BYTES turn bytes into lanes.  int8_end_isa.h tells the others. */
#include "tensor/int8_table.h"

#include <string.h>

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif
#define INLINE static inline __attribute__((always_inline))
#define L RT_LANES

typedef float lanes __attribute__((vector_size(L * 4)));
typedef int32_t lanes_int __attribute__((vector_size(L * 4)));
typedef uint32_t lanes_bits __attribute__((vector_size(L * 4)));
typedef int16_t halves __attribute__((vector_size(L * 4)));
typedef uint16_t halves_bits __attribute__((vector_size(L * 4)));
typedef uint8_t bytes __attribute__((vector_size(L)));
typedef uint8_t packed __attribute__((vector_size(L * 4)));

INLINE lanes_int load(const void *p)
{
	lanes_int v;

	memcpy(&v, p, sizeof(v));
	return v;
}

INLINE lanes load_real(const float *p)
{
	lanes v;

	memcpy(&v, p, sizeof(v));
	return v;
}

INLINE lanes_int quad_of(const uint8_t *x)
{
	int32_t q;

	memcpy(&q, x, sizeof(q));
	return (lanes_int){0} + q;
}

/* A quad of u8 or i8, made ready once for several products. */
#ifdef RT_DOT
typedef lanes_int quads;
INLINE quads unsigned_quads(lanes_int v)
{
	return v;
}
INLINE quads signed_quads(lanes_int v)
{
	return v;
}
#define DOT RT_DOT
#else
typedef struct {
	halves even, odd;
} quads;
INLINE quads unsigned_quads(lanes_int v)
{
	const halves_bits b = (halves_bits)v;

	return (quads){(halves)(b & 255), (halves)(b >> 8)};
}
INLINE quads signed_quads(lanes_int v)
{
	const halves b = (halves)v;

	return (quads){(halves)((halves_bits)b << 8) >> 8, b >> 8};
}
#ifndef RT_PAIRS
/* The product of a u8 and an i8 is an i16. */
INLINE lanes_int pairs(halves a, halves b)
{
	const lanes_int p = (lanes_int)(a * b);

	return ((lanes_int)((lanes_bits)p << 16) >> 16) + (p >> 16);
}
#define RT_PAIRS pairs
#endif
INLINE lanes_int DOT(lanes_int sums, quads x, quads w)
{
	return sums + RT_PAIRS(x.even, w.even) + RT_PAIRS(x.odd, w.odd);
}
#endif

/* Columns by fours: more distances than registers would be kept elsewhere.  Compilers may not know
 * that the fours are as far from each other. */
#define FOURS ((RT_INT8_TILE + 3) / 4)

INLINE void fours(const uint8_t *four[FOURS], const uint8_t *x, int64_t step, const int columns)
{
	UNROLL
	for (int f = 0; f < (columns + 3) / 4; f++) {
		four[f] = x + 4 * f * step;
		__asm__("" : "+r"(four[f]));
	}
}

INLINE void tile(const struct rt_int8_tile *at, const int blocks, const int columns)
{
	const struct rt_int8_tile t = *at;
	lanes_int sums[RT_INT8_TILE * RT_INT8_BLOCKS];
	const int8_t *w = t.w;
	const int64_t step = t.step;

	UNROLL
	for (int c = 0; c < columns; c++) {
		UNROLL
		for (int b = 0; b < blocks; b++)
			sums[c * blocks + b] = load(t.start + b * L);
	}
	for (int r = 0; r < t.runs; r++) {
		const uint8_t *four[FOURS];

		fours(four, t.x + t.run[r], step, columns);
		for (int q = 0; q < t.quads; q++, w += blocks * L * 4) {
			quads v[RT_INT8_BLOCKS];

			UNROLL
			for (int b = 0; b < blocks; b++)
				v[b] = signed_quads(load(w + b * L * 4));
			UNROLL
			for (int c = 0; c < columns; c++) {
				const uint8_t *x = four[c / 4] + c % 4 * step;
				const quads u = unsigned_quads(quad_of(x));

				UNROLL
				for (int b = 0; b < blocks; b++)
					sums[c * blocks + b] = DOT(sums[c * blocks + b], u, v[b]);
			}
			UNROLL
			for (int f = 0; f < (columns + 3) / 4; f++)
				four[f] += 4;
		}
	}
	UNROLL
	for (int i = 0; i < columns * blocks; i++)
		memcpy(t.sums + i * L, &sums[i], sizeof(sums[i]));
}

#include "tensor/int8_end_isa.h"

#ifndef RT_WEAVE
INLINE void weave_four(lanes_int v[4], const uint8_t *const x[4], int64_t at)
{
	UNROLL
	for (int j = 0; j < 4; j++) {
		lanes_bits q = (lanes_bits)RT_LOAD_BYTES(x[0] + at + j * L, L);

		UNROLL
		for (int r = 1; r < 4; r++)
			q |= (lanes_bits)RT_LOAD_BYTES(x[r] + at + j * L, L) << 8 * r;
		v[j] = (lanes_int)q;
	}
}
#define RT_WEAVE weave_four
#endif

static void weave(uint8_t *v, const uint8_t *const rows[4], int blocks, int64_t step, int64_t n)
{
	const uint8_t *const x[4] = {rows[0], rows[1], rows[2], rows[3]};

	for (int64_t i = 0; i < n; i++) {
		lanes_int q[4];

		RT_WEAVE(q, x, i * step);
		for (int b = 0; b < blocks; b++, v += L * 4)
			memcpy(v, &q[b], sizeof(q[b]));
	}
}

/* Depthwise outputs of `rows` rows one by one; three taps of one quad, the common window, keep
 * their weights in registers. */
INLINE void deep_three(const struct rt_int8_deep *at, const int rows)
{
	const struct rt_int8_deep d = *at;
	const int64_t right = d.dilation * d.column;
	const lanes_int start = load(d.start);
	const uint8_t *v = d.v;
	quads w[2][3];

	UNROLL
	for (int i = 0; i < 3 * rows; i++)
		w[i / 3][i % 3] = signed_quads(load(d.w + i * L * 4));
	for (int64_t i = 0; i < d.n; i++, v += d.step * d.column) {
		quads x[3];

		UNROLL
		for (int t = 0; t < 3; t++)
			x[t] = unsigned_quads(load(v + t * right));
		UNROLL
		for (int r = 0; r < rows; r++) {
			lanes_int s = DOT(start, x[0], w[r][0]);

			s = DOT(s, x[1], w[r][1]);
			s = DOT(s, x[2], w[r][2]);
			memcpy(d.sums[r] + i * d.row, &s, sizeof(s));
		}
	}
}

static void deep(const struct rt_int8_deep *d)
{
	if (d->quads == 1 && d->taps == 3) {
		if (d->rows == 2)
			deep_three(d, 2);
		else
			deep_three(d, 1);
		return;
	}
	for (int64_t i = 0; i < d->n * d->rows; i++) {
		const int r = (int)(i / d->n);
		const int8_t *w = d->w + r * d->quads * d->taps * L * 4;
		const uint8_t *first = d->v + i % d->n * d->step * d->column;
		lanes_int s = load(d->start);

		for (int q = 0; q < d->quads; q++) {
			const uint8_t *v = first + q * d->quad;

			for (int t = 0; t < d->taps; t++, w += L * 4)
				s = DOT(s, unsigned_quads(load(v + t * d->dilation * d->column)),
					signed_quads(load(w)));
		}
		memcpy(d->sums[r] + i % d->n * d->row, &s, sizeof(s));
	}
}

/* Real numbers in planes to bytes of neighbouring channels. */
static void quantize(const struct rt_int8_real *at)
{
	const struct rt_int8_real r = *at;

	for (int64_t i = 0; i < r.n; i += L) {
		const int64_t here = r.n - i < L ? r.n - i : L;
		lanes_bits quad = {0};
		uint32_t each[L];

		for (int c = 0; c < r.channels; c++) {
			lanes v = {0};

			if (here == L)
				v = load_real(r.x + c * r.plane + i);
			else
				memcpy(&v, r.x + c * r.plane + i, (size_t)here * sizeof(float));
			v /= r.scale;
			v = (lanes)((lanes_int)v & (v == v));
			quad |= (lanes_bits)(RT_NEAREST(clamped(v, r.lo, r.hi)) + r.zero) << 8 * c;
		}
		memcpy(each, &quad, sizeof(quad));
		/* what is written too much belongs to channels and pixels that follow */
		for (int64_t j = 0; j < here - 1; j++)
			memcpy(r.y + (i + j) * r.C, &each[j], sizeof(*each));
		memcpy(r.y + (i + here - 1) * r.C, &each[here - 1],
		       i + here < r.n ? sizeof(*each) : (size_t)r.channels);
	}
}

static void max(uint8_t *y, const uint8_t *x, int64_t n)
{
#pragma omp simd
	for (int64_t i = 0; i < n; i++)
		y[i] = y[i] > x[i] ? y[i] : x[i];
}

static void count(int32_t *sums, const uint8_t *x, int64_t n)
{
#pragma omp simd
	for (int64_t i = 0; i < n; i++)
		sums[i] += x[i];
}

#define TILE(b, c)                                                                                 \
	static void tile_##b##_##c(const struct rt_int8_tile *t)                                   \
	{                                                                                          \
		tile(t, b, c);                                                                     \
	}
RT_TILES(TILE)
#undef TILE

const struct rt_int8_table RT_ISA_TABLE = {
	.name = RT_ISA_NAME,
	.lanes = L,
	.blocks = RT_BLOCKS,
	.columns = RT_COLUMNS,
#define TILE(b, c) .tile[b - 1][c] = tile_##b##_##c,
	RT_TILES(TILE)
	.end = {end_1, end_2, end_3, end_4},
	.real = real,
	.weave = weave,
	.deep = deep,
	.sum = sum,
	.quantize = quantize,
	.max = max,
	.count = count,
};
