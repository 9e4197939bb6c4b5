/* hyperbolic.c - Sinh, Cosh and the inverses of these and of Tanh. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Sinh, SINH, in, RT_OP_ACTIVATION, "hyperbolic sine")
RT_UNARY(Cosh, COSH, in, RT_OP_ACTIVATION, "hyperbolic cosine")
RT_UNARY(Asinh, ASINH, in, RT_OP_ACTIVATION, "inverse of the hyperbolic sine")
RT_UNARY(Acosh, ACOSH, in, 0, "inverse of the hyperbolic cosine")
RT_UNARY(Atanh, ATANH, in, RT_OP_ACTIVATION, "inverse of the hyperbolic tangent")
