/* unary.c - what the operators of one number have in common. */
#include "config.h"

#include "ops/unary.h"
#include "ops/want.h"

enum rt_status rt_unary_infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_f32(c, 0, "input", err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

void rt_unary_forward(const struct rt_call *c, enum rt_pointwise f, double p, double q)
{
	rt_pointwise(f, rt_shape_count(&c->in[0].shape), c->out[0].data, c->in[0].data, (float)p,
		     (float)q);
}

void rt_unary_backward(const struct rt_call *c, enum rt_pointwise f, const void *v, double p,
		       double q)
{
	if (c->in[0].grad && c->out[0].grad)
		rt_pointwise_grad(f, rt_shape_count(&c->in[0].shape), c->in[0].grad, c->out[0].grad,
				  v, (float)p, (float)q);
}
