/* tanh.c - Tanh: y = tanh x. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Tanh, TANH, out, RT_OP_ACTIVATION, "hyperbolic tangent")
