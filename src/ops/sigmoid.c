/* sigmoid.c - Sigmoid: y = 1 / (1 + e^-x). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Sigmoid, SIGMOID, out, RT_OP_ACTIVATION, "logistic function")
