/* rounding.c - Floor, Ceil and Round (half to even).  The gradient is 0 everywhere, as the
 * derivative is wherever there is one.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/unary.h"

#define ROUNDING(Name, POINT, text)                                                                \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		rt_unary_forward(c, RT_POINT_##POINT, 0, 0);                                       \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text},                                           \
		.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,                              \
		.flags = RT_OP_INPLACE,                                                            \
		.infer = rt_unary_infer,                                                           \
		.forward = Name##_forward,                                                         \
		.backward = rt_flat_backward,                                                      \
	};

ROUNDING(Ceil, CEIL, "the nearest whole number not below x")
ROUNDING(Floor, FLOOR, "the nearest whole number not above x")
ROUNDING(Round, ROUND, "the nearest whole number, halves to the even one")
