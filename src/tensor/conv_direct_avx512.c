/* conv_direct_avx512.c - the loops of direct convolution for x86-64 with AVX-512. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#include <immintrin.h>

#define RT_ISA_TABLE rt_conv_direct_avx512
#define RT_LANES 16
#define RT_REGISTERS 28
#define RT_LESSER(a, b) ((lanes)_mm512_min_ps(a, b))
#define RT_GREATER(a, b) ((lanes)_mm512_max_ps(a, b))
RT_ISA_BEGIN_AVX512
#include "tensor/conv_direct_isa.h"
RT_ISA_END
#endif
