/* trigonometry.c - Sin, Cos, Tan and their inverses, in radians. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

RT_UNARY(Sin, SIN, in, RT_OP_ACTIVATION, "sine of x in radians")
RT_UNARY(Cos, COS, in, RT_OP_ACTIVATION, "cosine of x in radians")
RT_UNARY(Tan, TAN, out, RT_OP_ACTIVATION, "tangent of x in radians")
RT_UNARY(Asin, ASIN, in, RT_OP_ACTIVATION, "the angle whose sine is x")
RT_UNARY(Acos, ACOS, in, RT_OP_ACTIVATION, "the angle whose cosine is x")
RT_UNARY(Atan, ATAN, in, RT_OP_ACTIVATION, "the angle whose tangent is x")
