/* leaky_relu.c - LeakyRelu: y = x for x > 0, else alpha x. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

struct attrs {
	double alpha;
};

static const struct rt_opt opts[] = {
	{"alpha", "slope for negative inputs", RT_REAL, offsetof(struct attrs, alpha), "0.01"},
	{0},
};

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, RT_POINT_LEAKY_RELU, RT_ATTRS(attrs, c)->alpha, 0);
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, RT_POINT_LEAKY_RELU, c->in[0].data, RT_ATTRS(attrs, c)->alpha, 0);
}

const struct rt_op rt_op_LeakyRelu = {
	.row = {.name = "LeakyRelu",
		.summary = "x where it is positive, else a small multiple of it",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
