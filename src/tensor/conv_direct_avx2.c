/* conv_direct_avx2.c - the loops of direct convolution for x86-64 with AVX2. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE rt_conv_direct_avx2
#define RT_LANES 8
#define RT_REGISTERS 12
#define RT_LESSER(a, b) ((lanes)_mm256_min_ps(a, b))
#define RT_GREATER(a, b) ((lanes)_mm256_max_ps(a, b))
RT_ISA_BEGIN_AVX2
#include "tensor/conv_direct_isa.h"
RT_ISA_END
#endif
