/* trigonometry.c - Sin, Cos, Tan and their inverses, in radians. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

/* An operator whose derivative is a function of what reads (bwd_in or bwd_out) and v name. */
#define FUNCTION(Name, POINT, text, reads, v)                                                      \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		rt_unary_forward(c, RT_POINT_##POINT, 0, 0);                                       \
	}                                                                                          \
	static void Name##_backward(const struct rt_call *c)                                       \
	{                                                                                          \
		rt_unary_backward(c, RT_POINT_##POINT, c->v[0].data, 0, 0);                        \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text},                                           \
		.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,                              \
		.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,                                         \
		.reads = 1,                                                                        \
		.bwd_sets = 1, .bwd_place = 1,                                                     \
		.infer = rt_unary_infer,                                                           \
		.forward = Name##_forward,                                                         \
		.backward = Name##_backward,                                                       \
	};

FUNCTION(Sin, SIN, "sine of x in radians", bwd_in, in)
FUNCTION(Cos, COS, "cosine of x in radians", bwd_in, in)
FUNCTION(Tan, TAN, "tangent of x in radians", bwd_out, out)
FUNCTION(Asin, ASIN, "the angle whose sine is x", bwd_in, in)
FUNCTION(Acos, ACOS, "the angle whose cosine is x", bwd_in, in)
FUNCTION(Atan, ATAN, "the angle whose tangent is x", bwd_in, in)
