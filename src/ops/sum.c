/* sum.c - Sum and Mean of any number of inputs, with broadcasting. */
#include "config.h"

#include "ops/arith.h"
#include "ops/many.h"
#include "ops/ops.h"
#include "ops/want.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	return rt_many_infer(c, RT_FLOATS, err);
}

static void sum_forward(const struct rt_call *c)
{
	rt_many_forward(c, RT_BINARY_ADD);
}

static void mean_forward(const struct rt_call *c)
{
	rt_many_forward(c, RT_BINARY_ADD);
	rt_arith_number(c, RT_BINARY_DIV, c->out[0].data, c->nin);
}

/* dx = scale dy, summed over the axes along which x was repeated. */
static void backward(const struct rt_call *c, double scale)
{
	for (int i = 0; c->out[0].grad && i < c->nin; i++)
		if (c->in[i].grad)
			rt_sum_to(c->in[i].grad, &c->in[i].shape, c->out[0].grad, &c->out[0].shape,
				  scale);
}

static void sum_backward(const struct rt_call *c)
{
	backward(c, 1);
}

static void mean_backward(const struct rt_call *c)
{
	backward(c, 1 / (double)c->nin);
}

const struct rt_op rt_op_Sum = {
	.row = {.name = "Sum", .summary = "the sum of several inputs, with broadcasting"},
	.min_in = 1, .max_in = -1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = sum_forward,
	.backward = sum_backward,
};

const struct rt_op rt_op_Mean = {
	.row = {.name = "Mean", .summary = "the mean of several inputs, with broadcasting"},
	.min_in = 1, .max_in = -1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = mean_forward,
	.backward = mean_backward,
};
