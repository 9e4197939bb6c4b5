/* int8_base.c - the loops on bytes as every CPU of the architecture can run them. */
#include "config.h"

#define RT_ISA_TABLE rt_int8_base
#define RT_ISA_NAME "base"
#define RT_LANES 4
#define RT_BLOCKS 2
#define RT_COLUMNS {4, 2}
#define RT_TILES(X) X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(2, 1) X(2, 2)
#include "tensor/int8_isa.h"
