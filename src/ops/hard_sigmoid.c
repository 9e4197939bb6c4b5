/* hard_sigmoid.c - HardSigmoid: y = max(0, min(1, alpha x + beta)). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

struct attrs {
	double alpha, beta;
};

static const struct rt_opt opts[] = {
	{"alpha", "slope", RT_REAL, offsetof(struct attrs, alpha), "0.2"},
	{"beta", "value at 0", RT_REAL, offsetof(struct attrs, beta), "0.5"},
	{0},
};

static void forward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;

	rt_unary_forward(c, RT_POINT_HARD_SIGMOID, a->alpha, a->beta);
}

static void backward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;

	rt_unary_backward(c, RT_POINT_HARD_SIGMOID, c->out[0].data, a->alpha, a->beta);
}

const struct rt_op rt_op_HardSigmoid = {
	.row = {.name = "HardSigmoid", .summary = "a straight line held between 0 and 1",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_out = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
