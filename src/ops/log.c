/* log.c - Log: y = ln x. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Log, LOG, in, RT_OP_ACTIVATION, "natural logarithm")
