/* abs.c - Abs: y = |x|, of real or whole numbers; the derivative at 0 is 0. */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"
#include "ops/unary.h"

static void forward(const struct rt_call *c)
{
	if (rt_dtype(c->in[0].dtype)->is_float)
		rt_unary_forward(c, RT_POINT_ABS, 0, 0);
	else
		rt_arith_number(c, RT_BINARY_PRELU, c->in[0].data, -1);
}

static void backward(const struct rt_call *c)
{
	if (rt_dtype(c->in[0].dtype)->is_float)
		rt_unary_backward(c, RT_POINT_ABS, c->in[0].data, 0, 0);
}

const struct rt_op rt_op_Abs = {
	.row = {.name = "Abs", .summary = "each element without its sign"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer_number,
	.forward = forward,
	.backward = backward,
};
