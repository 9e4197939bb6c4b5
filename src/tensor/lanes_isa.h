/* lanes_isa.h - vectors as the loops of k_isa.h files use them (isa.h): RT_LANES floats, made of
 * what gcc and clang have in common. */
#ifndef RT_TENSOR_LANES_ISA_H
#define RT_TENSOR_LANES_ISA_H

#include <stdint.h>
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

/* x - 0 is x for every x, so that nothing but a broadcast remains; 0 + x would make 0 of -0. */
INLINE lanes splat(float x)
{
	return x - (lanes){0};
}

/* v in a register: gcc would load what is used several times as often. */
INLINE lanes once(lanes v)
{
#if defined(__x86_64__) && !defined(__clang__)
	__asm__("" : "+x"(v));
#endif
	return v;
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

/* The second where one is NaN, as the instructions do that files define these by. */
#ifndef RT_LESSER
#define RT_LESSER(a, b) choose((a) < (b), a, b)
#define RT_GREATER(a, b) choose((a) > (b), a, b)
#endif

/* What is no number is the largest; of equals the first. */
INLINE lanes larger(lanes a, lanes b)
{
	return choose(b != b, b, RT_GREATER(b, a));
}

INLINE lanes clamped(lanes v, float lo, float hi)
{
	const lanes least = splat(lo), most = splat(hi);

	v = RT_GREATER(least, v);
	return RT_LESSER(most, v);
}

#endif
