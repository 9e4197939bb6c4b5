/* celu.c - Celu: y = max(0, x) + min(0, alpha (e^(x / alpha) - 1)) (Barron, arXiv 1704.07483). */
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
	const struct attrs *a = c->attrs;

	rt_unary_forward(c, RT_POINT_CELU, a->alpha, 0);
}

static void backward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;

	rt_unary_backward(c, RT_POINT_CELU, c->in[0].data, a->alpha, 0);
}

const struct rt_op rt_op_Celu = {
	.row = {.name = "Celu", .summary = "an Elu whose slope is continuous for every alpha",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
