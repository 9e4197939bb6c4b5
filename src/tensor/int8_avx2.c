/* int8_avx2.c - the loops on bytes for x86-64 with AVX2: bytes are widened to i16, whose products
 * are added in pairs as i32; adding products of bytes in i16 would saturate. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/int8_table.h"
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE rt_int8_avx2
#define RT_ISA_NAME "avx2"
#define RT_COLUMNS {4, 3}
#define RT_TILES(X) X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(2, 1) X(2, 2) X(2, 3)
#define RT_PAIRS(a, b) ((lanes_int)_mm256_madd_epi16((__m256i)(a), (__m256i)(b)))
RT_ISA_BEGIN_AVX2
#include "tensor/int8_avx2_isa.h"
#include "tensor/int8_isa.h"
RT_ISA_END
#endif
