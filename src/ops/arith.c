/* arith.c - what the operators of two numbers have in common. */
#include "config.h"

#include "ops/arith.h"

enum rt_status rt_arith_infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_arg *a = &c->in[0], *b = &c->in[1];

	if (a->dtype != b->dtype)
		return rt_fail(err, RT_ESHAPE, "the inputs are %s and %s; they must be of one type",
			       rt_dtype(a->dtype)->row.name, rt_dtype(b->dtype)->row.name);
	if (!rt_binary_supports(a->dtype))
		return rt_fail(err, RT_ESHAPE, "the inputs are %s; f32, i32 or i64 is wanted",
			       rt_dtype(a->dtype)->row.name);
	c->out[0].dtype = a->dtype;
	return rt_shape_broadcast(&c->out[0].shape, &a->shape, &b->shape, err);
}

static struct rt_operand operand(const struct rt_arg *a)
{
	return (struct rt_operand){a->data, &a->shape};
}

void rt_arith_forward(const struct rt_call *c, enum rt_binary f)
{
	rt_binary(f, c->out[0].dtype, c->out[0].data, &c->out[0].shape, operand(&c->in[0]),
		  operand(&c->in[1]));
}

void rt_arith_backward(const struct rt_call *c, enum rt_binary f)
{
	if (c->out[0].dtype != RT_F32 || !c->out[0].grad)
		return;
	for (int i = 0; i < 2; i++)
		if (c->in[i].grad)
			rt_binary_grad(f, i, c->in[i].grad, c->out[0].grad, &c->out[0].shape,
				       operand(&c->in[0]), operand(&c->in[1]));
}
