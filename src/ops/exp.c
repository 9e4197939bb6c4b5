/* exp.c - Exp: y = e^x. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, RT_POINT_EXP, 0, 0);
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, RT_POINT_EXP, c->out[0].data, 0, 0);
}

const struct rt_op rt_op_Exp = {
	.row = {.name = "Exp", .summary = "e to the power of each element"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_out = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
