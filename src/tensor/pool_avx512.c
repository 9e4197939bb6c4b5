/* pool_avx512.c - the loops of pooling for x86-64 with AVX-512. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#define RT_ISA_TABLE pool_avx512
#define RT_LANES 16
RT_ISA_BEGIN_AVX512
#include "tensor/pool_isa.h"
RT_ISA_END
#endif
