/* p_relu.c - PRelu: y = x for x > 0, else slope x, with slopes that are learned (He et al., arXiv
 * 1502.01852); the slope repeats to the input's shape.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	char x[128], slope[128];

	RT_TRY(rt_arith_infer(c, err));
	if (!rt_shape_equal(&c->out[0].shape, &c->in[0].shape))
		return rt_fail(err, RT_ESHAPE, "slope %s does not repeat to the input %s",
			       rt_shape_text(slope, sizeof(slope), &c->in[1].shape),
			       rt_shape_text(x, sizeof(x), &c->in[0].shape));
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	rt_arith_forward(c, RT_BINARY_PRELU);
}

static void backward(const struct rt_call *c)
{
	rt_arith_backward(c, RT_BINARY_PRELU);
}

const struct rt_op rt_op_PRelu = {
	.row = {.name = "PRelu",
		.summary = "x where it is positive, else a learned multiple of it"},
	.min_in = 2,
	.max_in = 2,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_in = 3,
	.infer = infer,
	.work_size = rt_arith_work,
	.forward = forward,
	.backward = backward,
};
