/* int8_avx_vnni.c - the loops on bytes for x86-64 with AVX-VNNI. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/int8_table.h"
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE rt_int8_avx_vnni
#define RT_ISA_NAME "avx-vnni"
#define RT_COLUMNS {12, 6}
#define UP_TO_6(X, b) X(b, 1) X(b, 2) X(b, 3) X(b, 4) X(b, 5) X(b, 6)
#define RT_TILES(X)                                                                                \
	UP_TO_6(X, 1) X(1, 7) X(1, 8) X(1, 9) X(1, 10) X(1, 11) X(1, 12) UP_TO_6(X, 2)
#define RT_DOT(s, x, w)                                                                            \
	((lanes_int)_mm256_dpbusd_avx_epi32((__m256i)(s), (__m256i)(x), (__m256i)(w)))
RT_ISA_BEGIN_AVX_VNNI
#include "tensor/int8_avx2_isa.h"
#include "tensor/int8_isa.h"
RT_ISA_END
#endif
