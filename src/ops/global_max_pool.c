/* global_max_pool.c - GlobalMaxPool: the maximum of every plane; the gradient goes to it alone. */
#include "config.h"

#include "ops/plane.h"
#include "tensor/pool.h"

/* saved: which element of its plane won, (N,C) int32. */
static size_t saved_size(const struct rt_call *c)
{
	return c->purpose == RT_INFER ? 0 : (size_t)rt_planes(c) * sizeof(int32_t);
}

static void forward(const struct rt_call *c)
{
	rt_plane_max(rt_planes(c), rt_plane_size(c), c->out[0].data,
		     c->purpose == RT_INFER ? NULL : c->saved, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	if (c->in[0].grad)
		rt_plane_max_backward(rt_planes(c), rt_plane_size(c), c->in[0].grad, c->saved,
				      c->out[0].grad);
}

const struct rt_op rt_op_GlobalMaxPool = {
	.row = {.name = "GlobalMaxPool", .summary = "maximum of every plane"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = rt_plane_infer,
	.saved_size = saved_size,
	.forward = forward,
	.backward = backward,
};
