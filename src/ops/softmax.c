/* softmax.c - Softmax: y = exp(x) / sum exp(x) along one axis. */
#include "config.h"

#include "ops/line.h"
#include "ops/ops.h"
#include "tensor/softmax.h"

static void forward(const struct rt_call *c)
{
	struct rt_lines l = rt_lines(c);

	rt_softmax(l.A, l.D, l.B, c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_lines l = rt_lines(c);

	if (c->in[0].grad)
		rt_softmax_backward(l.A, l.D, l.B, c->in[0].grad, c->out[0].grad, c->out[0].data,
				    c->fresh & 1);
}

const struct rt_op rt_op_Softmax = {
	.row = {.name = "Softmax", .summary = "probabilities that sum to one along an axis",
		.opts = rt_line_opts, .params_size = sizeof(struct rt_line_attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_out = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_line_infer,
	.forward = forward,
	.backward = backward,
};
