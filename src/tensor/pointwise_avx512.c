/* pointwise_avx512.c - the pointwise kernels for x86-64 with AVX-512. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#define RT_ISA_TABLE rt_pointwise_avx512
RT_ISA_BEGIN_AVX512
#include "tensor/pointwise_isa.h"
RT_ISA_END
#endif
