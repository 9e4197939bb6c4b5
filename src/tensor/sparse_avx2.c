/* sparse_avx2.c - the loops of products with sparse blocks for x86-64 with AVX2. */
#include "config.h"

#ifdef __x86_64__
#include "tensor/isa.h"

#define RT_ISA_TABLE sparse_avx2
#define RT_LANES 8
#define RT_REGISTERS 12
RT_ISA_BEGIN_AVX2
#include "tensor/sparse_isa.h"
RT_ISA_END
#endif
