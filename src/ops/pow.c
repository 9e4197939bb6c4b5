/* pow.c - Pow: y = a^b, with broadcasting; the common square is a product. */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"
#include "tensor/pointwise.h"

/* Whether b is the one number 2. */
static bool is_square(const struct rt_call *c)
{
	const struct rt_arg *b = &c->in[1];

	return b->dtype == RT_F32 && rt_shape_count(&b->shape) == 1 && *(const float *)b->data == 2 &&
	       rt_shape_count(&c->in[0].shape) == rt_shape_count(&c->out[0].shape);
}

static void forward(const struct rt_call *c)
{
	if (is_square(c))
		rt_pointwise(RT_POINT_SQUARE, rt_shape_count(&c->out[0].shape), c->out[0].data,
			     c->in[0].data, 0, 0);
	else
		rt_arith_forward(c, RT_BINARY_POW);
}

static void backward(const struct rt_call *c)
{
	if (is_square(c) && c->in[0].grad && !c->in[1].grad)
		rt_pointwise_grad(RT_POINT_SQUARE, rt_shape_count(&c->out[0].shape), c->in[0].grad,
				  c->out[0].grad, c->in[0].data, 0, 0);
	else
		rt_arith_backward(c, RT_BINARY_POW);
}

const struct rt_op rt_op_Pow = {
	.row = {.name = "Pow", .summary = "one input to the power of the other, with broadcasting"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_in = 3,
	.infer = rt_arith_infer,
	.forward = forward,
	.backward = backward,
};
