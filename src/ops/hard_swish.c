/* hard_swish.c - HardSwish: y = x max(0, min(1, x/6 + 1/2)) (Howard et al., arXiv 1905.02244). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(HardSwish, HARD_SWISH, in, RT_OP_ACTIVATION, "x times a piecewise linear sigmoid")
