/* sub.c - Sub: y = a - b. */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"

static void forward(const struct rt_call *c)
{
	rt_arith_forward(c, RT_BINARY_SUB);
}

static void backward(const struct rt_call *c)
{
	rt_arith_backward(c, RT_BINARY_SUB);
}

const struct rt_op rt_op_Sub = {
	.row = {.name = "Sub", .summary = "difference, with broadcasting"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_pass = 1,
	.infer = rt_arith_infer,
	.work_size = rt_arith_work,
	.forward = forward,
	.backward = backward,
};
