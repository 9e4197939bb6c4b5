/* arith.c - what the operators of two numbers have in common. */
#include "config.h"

#include "ops/arith.h"
#include "ops/want.h"
#include "ops/widen.h"

enum rt_status rt_pair_infer(struct rt_call *c, unsigned types, struct rt_err *err)
{
	RT_TRY(rt_want_same_type(c, 1, err));
	RT_TRY(rt_want_type(c, 0, "the inputs are", types, err));
	c->out[0].dtype = c->in[0].dtype;
	return rt_shape_broadcast(&c->out[0].shape, &c->in[0].shape, &c->in[1].shape, err);
}

enum rt_status rt_arith_infer(struct rt_call *c, struct rt_err *err)
{
	return rt_pair_infer(c, RT_NUMBERS, err);
}

struct rt_operand rt_operand(const struct rt_arg *a)
{
	return (struct rt_operand){a->data, &a->shape};
}

void rt_arith_forward(const struct rt_call *c, enum rt_binary f)
{
	rt_binary(f, c->out[0].dtype, c->out[0].data, &c->out[0].shape, rt_operand(&c->in[0]),
		  rt_operand(&c->in[1]));
}

void rt_arith_scalar(const struct rt_call *c, enum rt_binary f, const void *x, const void *scalar)
{
	static const struct rt_shape one = {.rank = 0};
	const struct rt_shape *shape = &c->out[0].shape;

	rt_binary(f, c->out[0].dtype, c->out[0].data, shape, (struct rt_operand){x, shape},
		  (struct rt_operand){scalar, &one});
}

void rt_arith_number(const struct rt_call *c, enum rt_binary f, const void *x, int64_t number)
{
	int64_t scalar; /* room for any type */

	rt_convert(&scalar, c->out[0].dtype, &number, RT_I64, 1);
	rt_arith_scalar(c, f, x, &scalar);
}

size_t rt_arith_work(const struct rt_call *c)
{
	return rt_widen_size(c);
}

void rt_arith_backward(const struct rt_call *c, enum rt_binary f)
{
	struct rt_wide w;

	if (!rt_dtype(c->out[0].dtype)->is_float || !c->out[0].grad)
		return;
	rt_widen(&w, c, false);
	for (int i = 0; i < 2; i++)
		if (c->in[i].grad)
			rt_binary_grad(f, i, c->in[i].grad, c->out[0].grad, &c->out[0].shape,
				       rt_operand(&w.call.in[0]), rt_operand(&w.call.in[1]));
}
