/* elu.c - Elu: y = x for x > 0, else alpha (e^x - 1) (Clevert et al., arXiv 1511.07289). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

struct attrs {
	double alpha;
};

static const struct rt_opt opts[] = {
	{"alpha", "the limit for very negative inputs, with the sign turned", RT_REAL,
	 offsetof(struct attrs, alpha), "1"},
	{0},
};

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, RT_POINT_ELU, RT_ATTRS(attrs, c)->alpha, 0);
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, RT_POINT_ELU, c->in[0].data, RT_ATTRS(attrs, c)->alpha, 0);
}

const struct rt_op rt_op_Elu = {
	.row = {.name = "Elu",
		.summary = "x where it is positive, else an exponential curve below 0",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
