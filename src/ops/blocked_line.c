/* blocked_line.c - steps on blocks of channels between convolutions: pools, the way in and out. */
#include "config.h"

#include "ops/blocked.h"

/* Positions of a value in blocks. */
static int64_t positions(const struct rt_shape *blocks)
{
	return blocks->dim[2] * blocks->dim[3];
}

static void max_pool(const struct rt_call *c)
{
	rt_blocked_maxpool(&RT_ATTRS(rt_blocked_window, c)->g, c->out[0].data, c->in[0].data);
}

const struct rt_op rt_op_blocked_max_pool = {
	.row = {.name = "BlockedMaxPool", .summary = "MaxPool on blocks of channels",
		.params_size = sizeof(struct rt_blocked_window)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = max_pool,
};

static void average_pool(const struct rt_call *c)
{
	rt_blocked_avgpool(&RT_ATTRS(rt_blocked_window, c)->g, c->out[0].data, c->in[0].data);
}

const struct rt_op rt_op_blocked_average_pool = {
	.row = {.name = "BlockedAveragePool", .summary = "AveragePool on blocks of channels",
		.params_size = sizeof(struct rt_blocked_window)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = average_pool,
};

static void mean(const struct rt_call *c)
{
	const struct rt_shape *y = &c->out[0].shape;

	rt_blocked_mean(y->dim[0], y->dim[1], positions(&c->in[0].shape), c->out[0].data,
			c->in[0].data);
}

const struct rt_op rt_op_blocked_mean = {
	.row = {.name = "BlockedMean", .summary = "mean of every channel"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = mean,
};

static void to_blocks(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;

	rt_blocked_from_planes(x->dim[0], x->dim[1], positions(&c->out[0].shape), c->out[0].data,
			       c->in[0].data);
}

const struct rt_op rt_op_to_blocks = {
	.row = {.name = "ToBlocks", .summary = "planes to blocks of channels"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = to_blocks,
};

static void to_planes(const struct rt_call *c)
{
	const struct rt_shape *y = &c->out[0].shape;

	rt_blocked_to_planes(y->dim[0], y->dim[1], positions(&c->in[0].shape), c->out[0].data,
			     c->in[0].data);
}

const struct rt_op rt_op_to_planes = {
	.row = {.name = "ToPlanes", .summary = "blocks of channels to planes"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = to_planes,
};

const struct rt_op rt_op_blocked_view = {
	.row = {.name = "BlockedView", .summary = "the same numbers in planes and in blocks"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL | RT_OP_VIEW,
};
