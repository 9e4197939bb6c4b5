/* shrink.c - Shrink: y = x + bias for x < -lambd, x - bias for x > lambd, else 0; soft thresholding
 * where bias is lambd.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

struct attrs {
	double bias, lambd;
};

static const struct rt_opt opts[] = {
	{"bias", "how far the others move", RT_REAL, offsetof(struct attrs, bias), "0"},
	{"lambd", "where near ends", RT_REAL, offsetof(struct attrs, lambd), "0.5"},
	{0},
};

static void forward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;

	rt_unary_forward(c, RT_POINT_SHRINK, a->lambd, a->bias);
}

static void backward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;

	rt_unary_backward(c, RT_POINT_SHRINK, c->in[0].data, a->lambd, a->bias);
}

const struct rt_op rt_op_Shrink = {
	.row = {.name = "Shrink", .summary = "numbers near 0 become 0, others move towards it",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer,
	.forward = forward,
	.backward = backward,
};
