/* neg.c - Neg: y = -x, of real or whole numbers. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"
#include "tensor/binary.h"

static void forward(const struct rt_call *c)
{
	static const struct rt_shape one = {.rank = 0};
	static const int64_t zero; /* of any type */
	const struct rt_arg *x = &c->in[0];

	if (rt_dtype(x->dtype)->is_float)
		rt_unary_forward(c, RT_POINT_NEG, 0, 0);
	else
		rt_binary(RT_BINARY_SUB, x->dtype, c->out[0].data, &x->shape,
			  (struct rt_operand){&zero, &one},
			  (struct rt_operand){x->data, &x->shape});
}

/* The slope is the same everywhere; any readable f32 array serves as its argument. */
static void backward(const struct rt_call *c)
{
	if (rt_dtype(c->in[0].dtype)->is_float && c->in[0].grad && c->out[0].grad)
		rt_pointwise_grad(RT_POINT_NEG, rt_shape_count(&c->in[0].shape), c->in[0].grad,
				  c->out[0].grad, c->out[0].grad, 0, 0, c->fresh & 1);
}

const struct rt_op rt_op_Neg = {
	.row = {.name = "Neg", .summary = "each element with the other sign"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = rt_unary_infer_number,
	.forward = forward,
	.backward = backward,
};
