/* int8_avx512.c - the loops on bytes for x86-64 with AVX-512 and its VNNI. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE rt_int8_avx512
#define RT_ISA_NAME "avx512-vnni"
#define RT_LANES 16
#define RT_BLOCKS 4
#define RT_COLUMNS {12, 12, 8, 6}
#define UP_TO_6(X, b) X(b, 1) X(b, 2) X(b, 3) X(b, 4) X(b, 5) X(b, 6)
#define UP_TO_8(X, b) UP_TO_6(X, b) X(b, 7) X(b, 8)
#define UP_TO_12(X, b) UP_TO_8(X, b) X(b, 9) X(b, 10) X(b, 11) X(b, 12)
#define RT_TILES(X) UP_TO_12(X, 1) UP_TO_12(X, 2) UP_TO_8(X, 3) UP_TO_6(X, 4)
#define RT_DOT(s, x, w)                                                                            \
	((lanes_int)_mm512_dpbusd_epi32((__m512i)(s), (__m512i)(x), (__m512i)(w)))
#define FIRST(n) ((__mmask16)((n) >= 16 ? 0xffff : (1 << (n)) - 1))
#define RT_LOAD_BYTES(x, n)                                                                        \
	((lanes_int)_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(FIRST(n), x)))
/* Storing under a mask is slow where the mask is not needed. */
#define RT_STORE_BYTES(y, v, n)                                                                    \
	do {                                                                                       \
		const __m128i b_ = _mm512_cvtepi32_epi8((__m512i)(v));                             \
                                                                                                   \
		if ((n) >= 16)                                                                     \
			_mm_storeu_si128((__m128i *)(y), b_);                                      \
		else                                                                               \
			_mm_mask_storeu_epi8(y, FIRST(n), b_);                                     \
	} while (0)
#define RT_LESSER(a, b) ((lanes)_mm512_min_ps(a, b))
#define RT_GREATER(a, b) ((lanes)_mm512_max_ps(a, b))
RT_ISA_BEGIN_AVX512_VNNI
#include "tensor/int8_isa.h"
RT_ISA_END
#endif
