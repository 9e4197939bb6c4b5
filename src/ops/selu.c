/* selu.c - Selu: y = gamma x for x > 0, else gamma alpha (e^x - 1) (Klambauer et al.,
 * arXiv 1706.02515).
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

struct attrs {
	double alpha, gamma;
};

static const struct rt_opt opts[] = {
	{"alpha", "the limit for very negative inputs before scaling, with the sign turned",
	 RT_REAL, offsetof(struct attrs, alpha), "1.67326319217681884765625"},
	{"gamma", "the scale", RT_REAL, offsetof(struct attrs, gamma), "1.05070102214813232421875"},
	{0},
};

static void forward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;

	rt_unary_forward(c, RT_POINT_SELU, a->alpha, a->gamma);
}

static void backward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;

	rt_unary_backward(c, RT_POINT_SELU, c->in[0].data, a->alpha, a->gamma);
}

const struct rt_op rt_op_Selu = {
	.row = {.name = "Selu", .summary = "a scaled Elu that keeps mean and variance",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
