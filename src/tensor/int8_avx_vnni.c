/* int8_avx_vnni.c - the loops on bytes for x86-64 with AVX-VNNI. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE rt_int8_avx_vnni
#define RT_ISA_NAME "avx-vnni"
#define RT_LANES 8
#define RT_BLOCKS 2
#define RT_COLUMNS {12, 6}
#define UP_TO_6(X, b) X(b, 1) X(b, 2) X(b, 3) X(b, 4) X(b, 5) X(b, 6)
#define RT_TILES(X)                                                                                \
	UP_TO_6(X, 1) X(1, 7) X(1, 8) X(1, 9) X(1, 10) X(1, 11) X(1, 12) UP_TO_6(X, 2)
#define RT_DOT(s, x, w)                                                                            \
	((lanes_int)_mm256_dpbusd_avx_epi32((__m256i)(s), (__m256i)(x), (__m256i)(w)))
#define RT_WIDEN(b) ((lanes_int)_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)(b))))
#define RT_NARROW(v)                                                                               \
	((bytes)_mm_cvtsi128_si64(_mm_packus_epi16(                                                \
		_mm_packus_epi32(_mm256_castsi256_si128((__m256i)(v)),                             \
				 _mm256_extracti128_si256((__m256i)(v), 1)),                       \
		_mm_setzero_si128())))
#define RT_LESSER(a, b) ((lanes)_mm256_min_ps(a, b))
#define RT_GREATER(a, b) ((lanes)_mm256_max_ps(a, b))
RT_ISA_BEGIN_AVX_VNNI
#include "tensor/int8_isa.h"
RT_ISA_END
#endif
