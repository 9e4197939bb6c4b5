/* expand.c - Expand: the input repeated to what it and the shape in in[1] broadcast to. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "tensor/binary.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_known list;
	struct rt_shape wanted;

	RT_TRY(rt_known_list(&list, c, 1, "shape", err));
	RT_TRY(rt_known_shape(&wanted, list.v, list.n, err));
	c->out[0].dtype = c->in[0].dtype;
	return rt_shape_broadcast(&c->out[0].shape, &c->in[0].shape, &wanted, err);
}

static void forward(const struct rt_call *c)
{
	int64_t x[RT_MAX_RANK], y[RT_MAX_RANK];

	rt_steps_dense(y, &c->out[0].shape);
	rt_steps_broadcast(x, &c->in[0].shape, &c->out[0].shape);
	rt_copy_steps(c->out[0].data, y, c->in[0].data, x, rt_dtype(c->in[0].dtype)->size,
		      &c->out[0].shape);
}

static void backward(const struct rt_call *c)
{
	if (c->in[0].grad && c->out[0].grad)
		rt_sum_to(c->in[0].grad, &c->in[0].shape, c->out[0].grad, &c->out[0].shape, 1);
}

const struct rt_op rt_op_Expand = {
	.row = {.name = "Expand", .summary = "the input repeated to a shape"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
