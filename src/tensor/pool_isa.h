/* pool_isa.h - the loops of pool_table.h, compiled once per instruction set (isa.h). */
#include "tensor/pool_table.h"
#include "tensor/lanes_isa.h"

#include <math.h>

/* One tap against the best so far of n outputs.  `at` is the tap's place under the first output; 32
 * bits are enough for a plane, and vectors of places and numbers are then of one length. */
INLINE void max_row(float *restrict best, int32_t *restrict arg, const float *restrict x,
		    int32_t at, int32_t stride, int32_t n)
{
	if (!arg) {
#pragma omp simd
		for (int32_t q = 0; q < n; q++) {
			float v = x[q * stride];

			best[q] = v > best[q] || v != v ? v : best[q];
		}
		return;
	}
#pragma omp simd
	for (int32_t q = 0; q < n; q++) {
		float v = x[q * stride];
		int32_t wins = -((v > best[q]) | (v != v) | (arg[q] < 0));

		best[q] = wins ? v : best[q];
		arg[q] = (wins & (at + q * stride)) | (~wins & arg[q]);
	}
}

static void max_plane(const struct rt_window *w, float *y, int32_t *arg, const float *x)
{
	const int64_t P = w->out[0], Q = w->out[1], S = w->kernel[1];

	for (int64_t i = 0; i < P * Q; i++)
		y[i] = -INFINITY;
	for (int64_t i = 0; arg && i < P * Q; i++)
		arg[i] = -1;
	for (int64_t rs = 0; rs < w->kernel[0] * S; rs++) {
		const struct rt_tap t = rt_window_tap(w, rs / S, rs % S, 0, P);

		for (int64_t p = t.p0; p < t.p1; p++) {
			const int64_t at = t.from + (p - t.p0) * t.down, to = p * Q + t.q0;

			max_row(y + to, arg ? arg + to : NULL, x + at, (int32_t)at,
				(int32_t)t.right, (int32_t)(t.q1 - t.q0));
		}
	}
}

#ifdef __clang__
#define PICK(N, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define PICK(N, a, b, ...) __builtin_shuffle(a, b, (ints_##N){__VA_ARGS__})
#endif
#define EVEN_4 0, 2, 4, 6
#define EVEN_8 EVEN_4, 8, 10, 12, 14
#define EVEN_16 EVEN_8, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD_4 1, 3, 5, 7
#define ODD_8 ODD_4, 9, 11, 13, 15
#define ODD_16 ODD_8, 17, 19, 21, 23, 25, 27, 29, 31

/* Four, eight or sixteen neighbouring outputs of a row, as many as it has: from twice as many
 * floats at a, whose place is `at`, and those W further on.  Of equals the first stays. */
#define FOURS(N)                                                                                   \
	typedef float floats_##N __attribute__((vector_size(N * 4)));                              \
	typedef int32_t ints_##N __attribute__((vector_size(N * 4)));                              \
	INLINE void better_##N(floats_##N *best, ints_##N *where, floats_##N v, ints_##N place)    \
	{                                                                                          \
		const ints_##N wins = (v > *best) | (v != v);                                      \
                                                                                                   \
		*best = (floats_##N)(((ints_##N)v & wins) | ((ints_##N)*best & ~wins));            \
		*where = (place & wins) | (*where & ~wins);                                        \
	}                                                                                          \
	INLINE void fours_##N(float *y, int32_t *arg, const float *a, int32_t at, int32_t W)       \
	{                                                                                          \
		ints_##N place = (ints_##N){EVEN_##N} + at, where = place;                         \
		floats_##N v[4], best;                                                             \
                                                                                                   \
		memcpy(v, a, 2 * sizeof(best));                                                    \
		memcpy(v + 2, a + W, 2 * sizeof(best));                                            \
		best = PICK(N, v[0], v[1], EVEN_##N);                                              \
		better_##N(&best, &where, PICK(N, v[0], v[1], ODD_##N), place + 1);                \
		better_##N(&best, &where, PICK(N, v[2], v[3], EVEN_##N), place + W);               \
		better_##N(&best, &where, PICK(N, v[2], v[3], ODD_##N), place + W + 1);            \
		memcpy(y, &best, sizeof(best));                                                    \
		if (arg)                                                                           \
			memcpy(arg, &where, sizeof(where));                                        \
	}
FOURS(4)
#if L >= 8
FOURS(8)
#endif
#if L >= 16
FOURS(16)
#endif

/* A row of Q >= 4 outputs, the last ones once more where vectors do not divide it. */
INLINE void fours(float *y, int32_t *arg, const float *x, int32_t at, int32_t W, int32_t Q)
{
	const int32_t N = L >= 16 && Q >= 16 ? 16 : L >= 8 && Q >= 8 ? 8 : 4;

	for (int32_t i = 0; i < Q; i += N) {
		const int32_t q = i + N <= Q ? i : Q - N;
		int32_t *where = arg ? arg + q : NULL;

#if L >= 16
		if (N == 16) {
			fours_16(y + q, where, x + 2 * q, at + 2 * q, W);
			continue;
		}
#endif
#if L >= 8
		if (N == 8) {
			fours_8(y + q, where, x + 2 * q, at + 2 * q, W);
			continue;
		}
#endif
		fours_4(y + q, where, x + 2 * q, at + 2 * q, W);
	}
}

static void max_fours(const struct rt_window *w, float *y, int32_t *arg, const float *x)
{
	const int32_t W = (int32_t)w->in[1], Q = (int32_t)w->out[1];

	for (int32_t p = 0; p < w->out[0]; p++, y += Q) {
		fours(y, arg, x + 2 * p * W, 2 * p * W, W, Q);
		arg = arg ? arg + Q : NULL;
	}
}

const struct pool_table RT_ISA_TABLE = {
	.max_plane = max_plane,
	.max_fours = max_fours,
};
