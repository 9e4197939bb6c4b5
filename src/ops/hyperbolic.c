/* hyperbolic.c - Sinh, Cosh and the inverses of these and of Tanh. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

/* kind: RT_OP_ACTIVATION where a channel of zeros stays finite. */
#define FUNCTION(Name, POINT, text, kind)                                                          \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		rt_unary_forward(c, RT_POINT_##POINT, 0, 0);                                       \
	}                                                                                          \
	static void Name##_backward(const struct rt_call *c)                                       \
	{                                                                                          \
		rt_unary_backward(c, RT_POINT_##POINT, c->in[0].data, 0, 0);                       \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text},                                           \
		.min_in = 1,                                                                       \
		.max_in = 1,                                                                       \
		.min_out = 1,                                                                      \
		.max_out = 1,                                                                      \
		.flags = RT_OP_INPLACE | (kind),                                                   \
		.bwd_in = 1,                                                                       \
		.bwd_sets = 1, .bwd_place = 1,                                                     \
		.infer = rt_unary_infer,                                                           \
		.forward = Name##_forward,                                                         \
		.backward = Name##_backward,                                                       \
	};

FUNCTION(Sinh, SINH, "hyperbolic sine", RT_OP_ACTIVATION)
FUNCTION(Cosh, COSH, "hyperbolic cosine", RT_OP_ACTIVATION)
FUNCTION(Asinh, ASINH, "inverse of the hyperbolic sine", RT_OP_ACTIVATION)
FUNCTION(Acosh, ACOSH, "inverse of the hyperbolic cosine", 0)
FUNCTION(Atanh, ATANH, "inverse of the hyperbolic tangent", RT_OP_ACTIVATION)
