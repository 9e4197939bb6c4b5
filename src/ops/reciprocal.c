/* reciprocal.c - Reciprocal: y = 1 / x; no activation, as it is infinite where a channel is 0. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Reciprocal, RECIPROCAL, out, 0, "1 / x")
