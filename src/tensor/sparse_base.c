/* sparse_base.c - the loops of products with sparse blocks as every CPU of the architecture can run
 * them. */
#include "config.h"

#define RT_ISA_TABLE sparse_base
#define RT_LANES 4
#ifdef __aarch64__
#define RT_REGISTERS 28
#else
#define RT_REGISTERS 12
#endif
#include "tensor/sparse_isa.h"
