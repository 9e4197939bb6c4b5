/* neg.c - Neg: y = -x, of real or whole numbers. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"
#include "tensor/binary.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	if (!rt_binary_supports(c->in[0].dtype))
		return rt_fail(err, RT_ESHAPE, "input is %s; f32, i32 or i64 is wanted",
			       rt_dtype(c->in[0].dtype)->row.name);
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	static const struct rt_shape one = {.rank = 0};
	static const int64_t zero; /* also the i32 zero */
	const struct rt_arg *x = &c->in[0];

	if (x->dtype == RT_F32)
		rt_unary_forward(c, RT_POINT_NEG, 0, 0);
	else
		rt_binary(RT_BINARY_SUB, x->dtype, c->out[0].data, &x->shape,
			  (struct rt_operand){&zero, &one},
			  (struct rt_operand){x->data, &x->shape});
}

static void backward(const struct rt_call *c)
{
	/* the slope is the same everywhere; any readable array serves as its argument */
	if (c->in[0].dtype == RT_F32)
		rt_unary_backward(c, RT_POINT_NEG, c->out[0].grad, 0, 0);
}

const struct rt_op rt_op_Neg = {
	.row = {.name = "Neg", .summary = "each element with the other sign"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
