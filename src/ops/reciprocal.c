/* reciprocal.c - Reciprocal: y = 1 / x; no activation, as it is infinite where a channel is 0. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, RT_POINT_RECIPROCAL, 0, 0);
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, RT_POINT_RECIPROCAL, c->out[0].data, 0, 0);
}

const struct rt_op rt_op_Reciprocal = {
	.row = {.name = "Reciprocal", .summary = "1 / x"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_out = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
