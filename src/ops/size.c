/* size.c - Size: the number of elements as i64. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	(void)err;
	c->out[0].dtype = RT_I64;
	c->out[0].shape = (struct rt_shape){.rank = 0};
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	*(int64_t *)c->out[0].data = rt_shape_count(&c->in[0].shape);
}

const struct rt_op rt_op_Size = {
	.row = {.name = "Size", .summary = "the number of elements of the input"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_OF_SHAPES,
	.infer = infer,
	.forward = forward,
	.backward = rt_flat_backward,
};
