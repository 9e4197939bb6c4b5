/* sparse_avx2.c - the loops of products with sparse blocks for x86-64 with AVX2. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE sparse_avx2
#define RT_LANES 8
#define RT_REGISTERS 12
#define RT_FOUR(p) _mm256_broadcast_ps((const __m128 *)(const void *)(p))
#define RT_PICKS __m256i
#define RT_LOAD_PICKS(p) _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(p)))
#define RT_PICK(four, picks) ((lanes)_mm256_permutevar_ps(four, picks))
RT_ISA_BEGIN_AVX2
#include "tensor/sparse_isa.h"
RT_ISA_END
#endif
