/* softplus.c - Softplus: y = ln(1 + e^x). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Softplus, SOFTPLUS, in, RT_OP_ACTIVATION, "a smooth Relu, ln(1 + e^x)")
