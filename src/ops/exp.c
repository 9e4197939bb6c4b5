/* exp.c - Exp: y = e^x. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Exp, EXP, out, RT_OP_ACTIVATION, "e to the power of each element")
