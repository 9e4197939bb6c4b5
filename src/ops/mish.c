/* mish.c - Mish: y = x tanh(ln(1 + e^x)) (Misra, arXiv 1908.08681); ONNX has it from opset 18. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, RT_POINT_MISH, 0, 0);
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, RT_POINT_MISH, c->in[0].data, 0, 0);
}

const struct rt_op rt_op_Mish = {
	.row = {.name = "Mish", .summary = "x tanh(ln(1 + e^x)), smooth and not monotonic"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
