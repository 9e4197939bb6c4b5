/* identity.c - Identity: y = x. */
#include "config.h"

#include "ops/ops.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	(void)err;
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void backward(const struct rt_call *c)
{
	int64_t n = rt_shape_count(&c->in[0].shape);

	if (!c->in[0].grad)
		return;
	for (int64_t i = 0; i < n; i++)
		c->in[0].grad[i] += c->out[0].grad[i];
}

const struct rt_op rt_op_Identity = {
	.row = {.name = "Identity", .summary = "y = x"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_VIEW,
	.infer = infer,
	.backward = backward,
};
