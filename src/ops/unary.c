/* unary.c - what the operators of one number have in common. */
#include "config.h"

#include "ops/unary.h"
#include "ops/want.h"

static enum rt_status infer(struct rt_call *c, unsigned types, struct rt_err *err)
{
	RT_TRY(rt_want_type(c, 0, "input is", types, err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

enum rt_status rt_unary_infer(struct rt_call *c, struct rt_err *err)
{
	return infer(c, RT_FLOATS, err);
}

enum rt_status rt_unary_infer_number(struct rt_call *c, struct rt_err *err)
{
	return infer(c, RT_NUMBERS, err);
}

void rt_unary_forward(const struct rt_call *c, enum rt_pointwise f, double p, double q)
{
	rt_pointwise_of(f, c->in[0].dtype, rt_shape_count(&c->in[0].shape), c->out[0].data,
			c->in[0].data, p, q);
}

void rt_unary_backward(const struct rt_call *c, enum rt_pointwise f, const void *v, double p,
		       double q)
{
	if (c->in[0].grad && c->out[0].grad)
		rt_pointwise_grad_of(f, c->in[0].dtype, rt_shape_count(&c->in[0].shape),
				     c->in[0].grad, c->out[0].grad, v, p, q, c->fresh & 1);
}
