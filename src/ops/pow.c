/* pow.c - Pow: y = a^b, with broadcasting; the common square is a product.
 *
 * The result has the type of the base.  Where the exponent has another it is brought to the base's,
 * and has no gradient; whole numbers to a real power are computed in f64 and cut to whole ones.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "ops/widen.h"
#include "tensor/pointwise.h"

static bool is_float(const struct rt_arg *a)
{
	return rt_dtype(a->dtype)->is_float;
}

static bool is_mixed(const struct rt_call *c)
{
	return c->in[0].dtype != c->in[1].dtype;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_type(c, 0, "the base is", RT_NUMBERS, err));
	RT_TRY(rt_want_type(c, 1, "the exponent is", RT_NUMBERS, err));
	c->out[0].dtype = c->in[0].dtype;
	return rt_shape_broadcast(&c->out[0].shape, &c->in[0].shape, &c->in[1].shape, err);
}

/* Elements of either input and the output as f64, for whole numbers to a real power. */
static size_t doubles(const struct rt_call *c, int64_t count[3])
{
	count[0] = rt_shape_count(&c->in[0].shape);
	count[1] = rt_shape_count(&c->in[1].shape);
	count[2] = rt_shape_count(&c->out[0].shape);
	return (size_t)(count[0] + count[1] + count[2]);
}

/* Room for the exponents in another type, and for arithmetic in another. */
static size_t work_size(const struct rt_call *c)
{
	struct rt_arg in[2] = {c->in[0], c->in[1]};
	struct rt_call same = *c;
	int64_t count[3];

	in[1].dtype = in[0].dtype;
	same.in = in;
	return (is_mixed(c) ? doubles(c, count) * sizeof(double) : 0) + rt_widen_size(&same);
}

/* The call with both inputs of one type; in is where its inputs go. */
static struct rt_call unmixed(const struct rt_call *c, struct rt_arg in[2])
{
	struct rt_call same = *c;
	size_t bytes = (size_t)rt_shape_count(&c->in[1].shape) * sizeof(double);

	in[0] = c->in[0];
	in[1] = c->in[1];
	if (is_mixed(c)) {
		rt_convert(c->work, in[0].dtype, in[1].data, in[1].dtype,
			   rt_shape_count(&in[1].shape));
		in[1].dtype = in[0].dtype;
		in[1].data = c->work;
		in[1].grad = NULL;
		same.work = (char *)c->work + bytes;
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

static void whole_to_real_power(const struct rt_call *c)
{
	int64_t count[3];
	double *a = c->work, *b, *y;

	doubles(c, count);
	b = a + count[0];
	y = b + count[1];
	rt_convert(a, RT_F64, c->in[0].data, c->in[0].dtype, count[0]);
	rt_convert(b, RT_F64, c->in[1].data, c->in[1].dtype, count[1]);
	rt_binary(RT_BINARY_POW, RT_F64, y, &c->out[0].shape,
		  (struct rt_operand){a, &c->in[0].shape}, (struct rt_operand){b, &c->in[1].shape});
	rt_convert(c->out[0].data, c->out[0].dtype, y, RT_F64, count[2]);
}

static void forward(const struct rt_call *call)
{
	struct rt_arg in[2];
	struct rt_call c;

	if (!is_float(&call->in[0]) && is_float(&call->in[1])) {
		whole_to_real_power(call);
		return;
	}
	c = unmixed(call, in);
	if (is_square(&c))
		rt_pointwise(RT_POINT_SQUARE, rt_shape_count(&c.out[0].shape), c.out[0].data,
			     in[0].data, 0, 0);
	else
		rt_arith_forward(&c, RT_BINARY_POW);
}

static void backward(const struct rt_call *call)
{
	struct rt_arg in[2];
	struct rt_call c;

	if (!is_float(&call->in[0]))
		return;
	c = unmixed(call, in);
	if (is_square(&c) && in[0].grad && !in[1].grad)
		rt_pointwise_grad(RT_POINT_SQUARE, rt_shape_count(&c.out[0].shape), in[0].grad,
				  c.out[0].grad, in[0].data, 0, 0, false);
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
