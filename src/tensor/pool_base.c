/* pool_base.c - the loops of pooling as every CPU of the architecture can run them. */
#include "config.h"

#define RT_ISA_TABLE pool_base
#define RT_LANES 4
#include "tensor/pool_isa.h"
