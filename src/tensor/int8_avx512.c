/* int8_avx512.c - the loops on bytes for x86-64 with AVX-512 and its VNNI. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/int8_table.h"
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE rt_int8_avx512
#define RT_ISA_NAME "avx512-vnni"
#define RT_LANES 16
#define RT_BLOCKS 4
#define RT_COLUMNS {16, 12, 8, 6}
#define UP_TO_6(X, b) X(b, 1) X(b, 2) X(b, 3) X(b, 4) X(b, 5) X(b, 6)
#define UP_TO_8(X, b) UP_TO_6(X, b) X(b, 7) X(b, 8)
#define UP_TO_12(X, b) UP_TO_8(X, b) X(b, 9) X(b, 10) X(b, 11) X(b, 12)
#define UP_TO_16(X, b) UP_TO_12(X, b) X(b, 13) X(b, 14) X(b, 15) X(b, 16)
#define RT_TILES(X) UP_TO_16(X, 1) UP_TO_12(X, 2) UP_TO_8(X, 3) UP_TO_6(X, 4)
#define RT_DOT(s, x, w)                                                                            \
	((lanes_int)_mm512_dpbusd_epi32((__m512i)(s), (__m512i)(x), (__m512i)(w)))
#define FIRST(n) ((__mmask16)((n) >= 16 ? 0xffff : (1 << (n)) - 1))
#define RT_LOAD_BYTES(x, n)                                                                        \
	((lanes_int)_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(FIRST(n), x)))
#define RT_LESSER(a, b) ((lanes)_mm512_min_ps(a, b))
#define RT_GREATER(a, b) ((lanes)_mm512_max_ps(a, b))
#define RT_LESSER_INT(a, b) ((lanes_int)_mm512_min_epi32((__m512i)(a), (__m512i)(b)))
#define RT_GREATER_INT(a, b) ((lanes_int)_mm512_max_epi32((__m512i)(a), (__m512i)(b)))
#define RT_NEAREST(v) ((lanes_int)_mm512_cvtps_epi32((__m512)(v)))
/* Units for products add as well, and would wait here. */
#define RT_PLUS(a, b) ((lanes)_mm512_fmadd_ps((__m512)(a), _mm512_set1_ps(1), (__m512)(b)))
#define RT_PACK(a, b, c, d, zero, floor, ceiling)                                                  \
	((packed)pack((__m512i)(a), (__m512i)(b), (__m512i)(c), (__m512i)(d), zero, floor, ceiling))
#define RT_WEAVE(v, x, at) weave_four((__m512i *)(v), x, at)
RT_ISA_BEGIN_AVX512_VNNI

/* Packing takes 4 lanes of each in turn. */
static inline __m512i pack(__m512i a, __m512i b, __m512i c, __m512i d, int zero, int floor,
			   int ceiling)
{
	const __m512i z = _mm512_set1_epi16((short)zero);
	const __m512i lo = _mm512_set1_epi8((char)floor), hi = _mm512_set1_epi8((char)ceiling);
	const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11,
						15);
	const __m512i ab = _mm512_adds_epi16(_mm512_packs_epi32(a, b), z);
	const __m512i cd = _mm512_adds_epi16(_mm512_packs_epi32(c, d), z);
	const __m512i above = _mm512_max_epu8(_mm512_packus_epi16(ab, cd), lo);

	return _mm512_permutexvar_epi32(order, _mm512_min_epu8(above, hi));
}

/* Unpacking gives every fourth quad of channels in turn: the quarters of four vectors change
 * places. */
static inline void weave_four(__m512i v[4], const uint8_t *const x[4], int64_t at)
{
	const __m512i a = _mm512_loadu_si512(x[0] + at), b = _mm512_loadu_si512(x[1] + at);
	const __m512i c = _mm512_loadu_si512(x[2] + at), d = _mm512_loadu_si512(x[3] + at);
	const __m512i ab = _mm512_unpacklo_epi8(a, b), cd = _mm512_unpacklo_epi8(c, d);
	const __m512i AB = _mm512_unpackhi_epi8(a, b), CD = _mm512_unpackhi_epi8(c, d);
	const __m512i p = _mm512_unpacklo_epi16(ab, cd), q = _mm512_unpackhi_epi16(ab, cd);
	const __m512i r = _mm512_unpacklo_epi16(AB, CD), s = _mm512_unpackhi_epi16(AB, CD);
	const __m512i pq = _mm512_shuffle_i32x4(p, q, 0x44), rs = _mm512_shuffle_i32x4(r, s, 0x44);
	const __m512i PQ = _mm512_shuffle_i32x4(p, q, 0xee), RS = _mm512_shuffle_i32x4(r, s, 0xee);

	v[0] = _mm512_shuffle_i32x4(pq, rs, 0x88);
	v[1] = _mm512_shuffle_i32x4(pq, rs, 0xdd);
	v[2] = _mm512_shuffle_i32x4(PQ, RS, 0x88);
	v[3] = _mm512_shuffle_i32x4(PQ, RS, 0xdd);
}

#include "tensor/int8_isa.h"
RT_ISA_END
#endif
