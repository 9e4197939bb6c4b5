/* sqrt.c - Sqrt: y = sqrt(x). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Sqrt, SQRT, out, RT_OP_ACTIVATION, "square root")
