/* many.c - any number of inputs combined under broadcasting. */
#include "config.h"

#include "ops/many.h"
#include "ops/arith.h"
#include "ops/want.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

enum rt_status rt_many_infer(struct rt_call *c, unsigned types, struct rt_err *err)
{
	struct rt_shape *y = &c->out[0].shape;

	RT_TRY(rt_want_type(c, 0, "the inputs are", types, err));
	c->out[0].dtype = c->in[0].dtype;
	*y = c->in[0].shape;
	for (int i = 1; i < c->nin; i++) {
		struct rt_shape before = *y;

		if (!c->in[i].present)
			return rt_fail(err, RT_ESHAPE, "input %d is left out", i);
		RT_TRY(rt_want_same_type(c, i, err));
		RT_TRY(rt_shape_broadcast(y, &before, &c->in[i].shape, err));
	}
	return RT_OK;
}

/* out[0] = in[0], repeated */
static void spread_first(const struct rt_call *c)
{
	int64_t to[RT_MAX_RANK], from[RT_MAX_RANK];

	rt_steps_dense(to, &c->out[0].shape);
	rt_steps_broadcast(from, &c->in[0].shape, &c->out[0].shape);
	rt_copy_steps(c->out[0].data, to, c->in[0].data, from, rt_dtype(c->out[0].dtype)->size,
		      &c->out[0].shape);
}

void rt_many_forward(const struct rt_call *c, enum rt_binary f)
{
	const struct rt_arg *y = &c->out[0];

	if (c->nin == 2) {
		rt_arith_forward(c, f);
		return;
	}
	spread_first(c);
	for (int i = 1; i < c->nin; i++)
		rt_binary(f, y->dtype, y->data, &y->shape, rt_operand(y), rt_operand(&c->in[i]));
}
