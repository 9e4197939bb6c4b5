/* pow.c - Pow: y = a^b, with broadcasting; the common square is a product.
 *
 * The exponent may be whole numbers where the base is real; it has no gradient then.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"
#include "tensor/pointwise.h"

static bool is_mixed(const struct rt_call *c)
{
	enum rt_dtype b = c->in[1].dtype;

	return c->in[0].dtype == RT_F32 && (b == RT_I32 || b == RT_I64);
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	if (!is_mixed(c))
		return rt_arith_infer(c, err);
	c->out[0].dtype = RT_F32;
	return rt_shape_broadcast(&c->out[0].shape, &c->in[0].shape, &c->in[1].shape, err);
}

/* Room for the exponents as real numbers. */
static size_t work_size(const struct rt_call *c)
{
	return is_mixed(c) ? (size_t)rt_shape_count(&c->in[1].shape) * sizeof(float) : 0;
}

/* The call with both inputs of one type; in is where its inputs go. */
static struct rt_call unmixed(const struct rt_call *c, struct rt_arg in[2])
{
	struct rt_call same = *c;

	in[0] = c->in[0];
	in[1] = c->in[1];
	if (is_mixed(c)) {
		rt_convert(c->work, RT_F32, c->in[1].data, c->in[1].dtype,
			   rt_shape_count(&c->in[1].shape));
		in[1].dtype = RT_F32;
		in[1].data = c->work;
		in[1].grad = NULL;
	}
	same.in = in;
	return same;
}

/* Whether b is the one number 2. */
static bool is_square(const struct rt_call *c)
{
	const struct rt_arg *b = &c->in[1];

	return b->dtype == RT_F32 && rt_shape_count(&b->shape) == 1 &&
	       *(const float *)b->data == 2 &&
	       rt_shape_count(&c->in[0].shape) == rt_shape_count(&c->out[0].shape);
}

static void forward(const struct rt_call *call)
{
	struct rt_arg in[2];
	struct rt_call c = unmixed(call, in);

	if (is_square(&c))
		rt_pointwise(RT_POINT_SQUARE, rt_shape_count(&c.out[0].shape), c.out[0].data,
			     in[0].data, 0, 0);
	else
		rt_arith_forward(&c, RT_BINARY_POW);
}

static void backward(const struct rt_call *call)
{
	struct rt_arg in[2];
	struct rt_call c = unmixed(call, in);

	if (is_square(&c) && in[0].grad && !in[1].grad)
		rt_pointwise_grad(RT_POINT_SQUARE, rt_shape_count(&c.out[0].shape), in[0].grad,
				  c.out[0].grad, in[0].data, 0, 0);
	else
		rt_arith_backward(&c, RT_BINARY_POW);
}

const struct rt_op rt_op_Pow = {
	.row = {.name = "Pow", .summary = "one input to the power of the other, with broadcasting"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_in = 3,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
