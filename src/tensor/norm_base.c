/* norm_base.c - the loops of normalization as every CPU of the architecture can run them. */
#include "config.h"

#define RT_ISA_TABLE rt_norm_base
#define RT_LANES 4
#include "tensor/norm_isa.h"
