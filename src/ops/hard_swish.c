/* hard_swish.c - HardSwish: y = x max(0, min(1, x/6 + 1/2)) (Howard et al., arXiv 1905.02244). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, RT_POINT_HARD_SWISH, 0, 0);
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, RT_POINT_HARD_SWISH, c->in[0].data, 0, 0);
}

const struct rt_op rt_op_HardSwish = {
	.row = {.name = "HardSwish", .summary = "x times a piecewise linear sigmoid"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
