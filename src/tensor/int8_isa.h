/* int8_isa.h - the loops of int8_table.h, compiled once per instruction set (isa.h).  RT_LANES and
 * RT_TILES tell what a vector holds and how wide tiles are; RT_DOT, where the set has it, is the
 * instruction that adds four products of bytes to every lane; RT_PAIRS the one that adds
 * products of neighbouring i16, RT_LESSER and RT_GREATER those of lanes; RT_WIDEN,
 * RT_NARROW or RT_LOAD_BYTES, RT_STORE_BYTES turn bytes into lanes and back, for which compilers
 * find poor code. */
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

INLINE void tile(const struct rt_int8_tile *t, const int blocks, const int columns)
{
	lanes_int sums[RT_INT8_TILE * RT_INT8_BLOCKS];
	const int8_t *w = t->w;
	const int64_t step = t->step;

	UNROLL
	for (int c = 0; c < columns; c++) {
		UNROLL
		for (int b = 0; b < blocks; b++)
			sums[c * blocks + b] = load(t->start + b * L);
	}
	for (int r = 0; r < t->runs; r++) {
		const uint8_t *x = t->x + t->run[r];

		for (int q = 0; q < t->quads; q++, x += 4, w += blocks * L * 4) {
			quads v[RT_INT8_BLOCKS];

			UNROLL
			for (int b = 0; b < blocks; b++)
				v[b] = signed_quads(load(w + b * L * 4));
			UNROLL
			for (int c = 0; c < columns; c++) {
				const quads u = unsigned_quads(quad_of(x + c * step));

				UNROLL
				for (int b = 0; b < blocks; b++)
					sums[c * blocks + b] = DOT(sums[c * blocks + b], u, v[b]);
			}
		}
	}
	UNROLL
	for (int i = 0; i < columns * blocks; i++)
		memcpy(t->sums + i * L, &sums[i], sizeof(sums[i]));
}

/* round(v) + shift, half to even, for |v| < 2^22: the sum with 1.5 2^23 has whole steps. */
INLINE lanes_int rounded(lanes v, int32_t shift)
{
	return (lanes_int)(v + 12582912.0f) + (shift - 0x4b400000);
}

#ifndef RT_LESSER
INLINE lanes lesser(lanes a, lanes b)
{
	const lanes_int mask = a < b;

	return (lanes)(((lanes_int)a & mask) | ((lanes_int)b & ~mask));
}
INLINE lanes greater(lanes a, lanes b)
{
	const lanes_int mask = a > b;

	return (lanes)(((lanes_int)a & mask) | ((lanes_int)b & ~mask));
}
#define RT_LESSER lesser
#define RT_GREATER greater
#endif

INLINE lanes clamped(lanes v, float lo, float hi)
{
	return RT_LESSER(RT_GREATER(v, (lanes){0} + lo), (lanes){0} + hi);
}

/* n bytes, or a vector of them where there are more, as lanes, and lanes of 0 .. 255 as bytes. */
#ifndef RT_WIDEN
#define RT_WIDEN(b) __builtin_convertvector(b, lanes_int)
#define RT_NARROW(v) __builtin_convertvector(v, bytes)
#endif
#ifndef RT_LOAD_BYTES
INLINE lanes_int load_bytes(const uint8_t *x, int64_t n)
{
	bytes b = {0};

	if (n >= L)
		memcpy(&b, x, L);
	else
		memcpy(&b, x, (size_t)n);
	return RT_WIDEN(b);
}

INLINE void store_bytes(uint8_t *y, lanes_int v, int64_t n)
{
	const bytes b = RT_NARROW(v);

	if (n >= L)
		memcpy(y, &b, L);
	else
		memcpy(y, &b, (size_t)n);
}
#define RT_LOAD_BYTES load_bytes
#define RT_STORE_BYTES store_bytes
#endif

INLINE lanes to_real(lanes_int v)
{
	return __builtin_convertvector(v, lanes);
}

/* What all sums of one block have in common. */
struct factors {
	lanes scale, bias;
	float lo, hi;
};

INLINE struct factors factors_of(const struct rt_int8_end *e, int64_t k)
{
	return (struct factors){load_real(e->scale + k), load_real(e->bias + k), e->lo, e->hi};
}

INLINE lanes scaled(const struct factors *f, const int32_t *sums)
{
	return clamped(to_real(load(sums)) * f->scale + f->bias, f->lo, f->hi);
}

static void end_block(const struct rt_int8_end *at, int64_t k)
{
	const struct rt_int8_end e = *at;
	const struct factors f = factors_of(at, k);
	const int32_t *sums = e.sums + k;
	uint8_t *y = e.y + k;

	for (int64_t i = 0; i < e.n; i++, sums += e.row, y += e.y_step)
		RT_STORE_BYTES(y, rounded(scaled(&f, sums), e.zero), e.K - k);
}

static void end_block_with_branch(const struct rt_int8_end *at, int64_t k)
{
	const struct rt_int8_end e = *at;
	const struct factors f = factors_of(at, k);
	const int32_t *sums = e.sums + k;
	const uint8_t *add = e.add + k;
	uint8_t *y = e.y + k;

	for (int64_t i = 0; i < e.n; i++, sums += e.row, y += e.y_step, add += e.y_step) {
		const lanes own = to_real(rounded(scaled(&f, sums), 0));
		const lanes other = to_real(RT_LOAD_BYTES(add, e.K - k) - e.add_zero);
		const lanes v = clamped(own * e.own_scale + other * e.add_scale, e.sum_lo,
					e.sum_hi);

		RT_STORE_BYTES(y, rounded(v, e.sum_zero), e.K - k);
	}
}

static void end(const struct rt_int8_end *e)
{
	for (int64_t k = 0; k < e->K; k += L) {
		if (e->add)
			end_block_with_branch(e, k);
		else
			end_block(e, k);
	}
}

static void real(const struct rt_int8_end *e)
{
	for (int64_t k = 0; k < e->K; k += L) {
		const struct factors f = factors_of(e, k);

		for (int64_t i = 0; i < e->n; i++) {
			const lanes v = scaled(&f, e->sums + i * e->row + k);

			memcpy(e->sums + i * e->row + k, &v, sizeof(v));
		}
	}
}

INLINE void weave_rows(uint8_t *v, const uint8_t *const x[4], const int rows, int64_t step,
		       int64_t n)
{
	const uint8_t *const a = x[0], *const b = x[1], *const c = x[2], *const d = x[3];

	for (int64_t i = 0; i < n * step; i += step, v += L * 4) {
		lanes_bits q = (lanes_bits)RT_LOAD_BYTES(a + i, L);

		if (rows > 1)
			q |= (lanes_bits)RT_LOAD_BYTES(b + i, L) << 8;
		if (rows > 2)
			q |= (lanes_bits)RT_LOAD_BYTES(c + i, L) << 16;
		if (rows > 3)
			q |= (lanes_bits)RT_LOAD_BYTES(d + i, L) << 24;
		memcpy(v, &q, sizeof(q));
	}
}

static void weave(uint8_t *v, const uint8_t *const x[4], int rows, int64_t step, int64_t n)
{
	if (rows == 1)
		weave_rows(v, x, 1, step, n);
	else if (rows == 2)
		weave_rows(v, x, 2, step, n);
	else if (rows == 3)
		weave_rows(v, x, 3, step, n);
	else
		weave_rows(v, x, 4, step, n);
}

/* Depthwise outputs one by one; three neighbouring taps of one quad, the common window, keep their
 * weights in registers. */
static void deep(const struct rt_int8_deep *d)
{
	const lanes_int start = load(d->start);

	if (d->quads == 1 && d->taps == 3) {
		const quads a = signed_quads(load(d->w)), b = signed_quads(load(d->w + L * 4));
		const quads c = signed_quads(load(d->w + L * 8));
		const int64_t right = d->dilation * L * 4;

		for (int64_t i = 0; i < d->n; i++) {
			const uint8_t *v = d->v + i * d->step * L * 4;
			lanes_int s = DOT(start, unsigned_quads(load(v)), a);

			s = DOT(s, unsigned_quads(load(v + right)), b);
			s = DOT(s, unsigned_quads(load(v + 2 * right)), c);
			memcpy(d->sums + i * L, &s, sizeof(s));
		}
		return;
	}
	for (int64_t i = 0; i < d->n; i++) {
		const int8_t *w = d->w;
		lanes_int s = start;

		for (int q = 0; q < d->quads; q++) {
			const uint8_t *v = d->v + q * d->quad + i * d->step * L * 4;

			for (int t = 0; t < d->taps; t++, w += L * 4)
				s = DOT(s, unsigned_quads(load(v + t * d->dilation * L * 4)),
					signed_quads(load(w)));
		}
		memcpy(d->sums + i * L, &s, sizeof(s));
	}
}

static void sum(const struct rt_int8_sum *at)
{
	const struct rt_int8_sum s = *at;

	for (int64_t i = 0; i < s.n; i += L) {
		const lanes a = to_real(RT_LOAD_BYTES(s.a + i, s.n - i) - s.a_zero);
		const lanes b = to_real(RT_LOAD_BYTES(s.b + i, s.n - i) - s.b_zero);
		const lanes v = clamped(a * s.a_scale + b * s.b_scale, s.lo, s.hi);

		RT_STORE_BYTES(s.y + i, rounded(v, s.zero), s.n - i);
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
	.end = end,
	.real = real,
	.weave = weave,
	.deep = deep,
	.sum = sum,
	.max = max,
	.count = count,
};
