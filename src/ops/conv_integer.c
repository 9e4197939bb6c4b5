/* conv_integer.c - ConvInteger: the convolution of bytes less their zero points, in i32. */
#include "config.h"

#include "ops/ops.h"
#include "ops/whole.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_conv_nd g;

	RT_TRY(rt_want_bytes(c, 0, "input", err));
	RT_TRY(rt_want_bytes(c, 1, "weight", err));
	RT_TRY(rt_whole_conv_geometry(&g, c, 0, 1, err));
	RT_TRY(rt_want_zero(c, 2, 0, "zero point of the input", 1, err));
	RT_TRY(rt_want_zero(c, 3, 1, "zero point of the weight", g.K, err));
	c->out[0].dtype = RT_I32;
	c->out[0].shape = rt_window_nd_shape(&g.win, &c->in[0].shape, g.K);
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_conv_nd g;
	struct rt_err err;

	RT_ASSERT(rt_whole_conv_geometry(&g, c, 0, 1, &err) == RT_OK);
	return rt_whole_conv_work(&g);
}

static void forward(const struct rt_call *c)
{
	struct rt_conv_nd g;
	struct rt_err err;

	RT_ASSERT(rt_whole_conv_geometry(&g, c, 0, 1, &err) == RT_OK);
	rt_whole_conv(&g, c->out[0].data, rt_bytes_of(c, 0, 2), rt_bytes_of(c, 1, 3),
		      c->work);
}

const struct rt_op rt_op_ConvInteger = {
	.row = {.name = "ConvInteger", .summary = "convolution of bytes with whole sums",
		.opts = rt_whole_conv_opts, .params_size = sizeof(struct rt_whole_conv_attrs)},
	.min_in = 2, .max_in = 4, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
