/* norm_avx512.c - the loops of normalization for x86-64 with AVX-512. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#define RT_ISA_TABLE rt_norm_avx512
#define RT_LANES 16
RT_ISA_BEGIN_AVX512
#include "tensor/norm_isa.h"
RT_ISA_END
#endif
