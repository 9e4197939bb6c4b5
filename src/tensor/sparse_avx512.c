/* sparse_avx512.c - the loops of products with sparse blocks for x86-64 with AVX-512. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE sparse_avx512
#define RT_LANES 16
#define RT_REGISTERS 28
#define RT_FOUR(p) _mm512_broadcast_f32x4(_mm_loadu_ps(p))
#define RT_PICKS __m512i
#define RT_LOAD_PICKS(p) _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)(p)))
#define RT_PICK(four, picks) ((lanes)_mm512_permutevar_ps(four, picks))
RT_ISA_BEGIN_AVX512
#include "tensor/sparse_isa.h"
RT_ISA_END
#endif
