/* sparse_avx512.c - the loops of products with sparse blocks for x86-64 with AVX-512. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#define RT_ISA_TABLE sparse_avx512
#define RT_LANES 16
#define RT_REGISTERS 28
RT_ISA_BEGIN_AVX512
#include "tensor/sparse_isa.h"
RT_ISA_END
#endif
