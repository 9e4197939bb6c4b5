/* add.c - Add: y = a + b. */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"

static void forward(const struct rt_call *c)
{
	rt_arith_forward(c, RT_BINARY_ADD);
}

static void backward(const struct rt_call *c)
{
	rt_arith_backward(c, RT_BINARY_ADD);
}

const struct rt_op rt_op_Add = {
	.row = {.name = "Add", .summary = "sum, with broadcasting"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_pass = 1 | 2,
	.infer = rt_arith_infer,
	.work_size = rt_arith_work,
	.forward = forward,
	.backward = backward,
};
