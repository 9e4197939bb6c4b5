/* global_average_pool.c - GlobalAveragePool: the mean of every plane. */
#include "config.h"

#include "ops/plane.h"
#include "tensor/pool.h"

static void forward(const struct rt_call *c)
{
	rt_plane_mean(rt_planes(c), rt_plane_size(c), c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	if (c->in[0].grad)
		rt_plane_mean_backward(rt_planes(c), rt_plane_size(c), c->in[0].grad,
				       c->out[0].grad);
}

const struct rt_op rt_op_GlobalAveragePool = {
	.row = {.name = "GlobalAveragePool", .summary = "mean of every plane"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = rt_plane_infer,
	.forward = forward,
	.backward = backward,
};
