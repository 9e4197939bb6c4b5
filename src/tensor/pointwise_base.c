/* pointwise_base.c - the pointwise kernels as every CPU of the architecture can run them. */
#include "config.h"

#define RT_ISA_TABLE rt_pointwise_base
#include "tensor/pointwise_isa.h"
