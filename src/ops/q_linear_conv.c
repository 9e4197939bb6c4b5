/* q_linear_conv.c - QLinearConv: the convolution of quantized numbers, quantized again:
 * y = saturate(round(sum (x_scale w_scale / y_scale)) + y_zero_point). */
#include "config.h"

#include "ops/ops.h"
#include "ops/whole.h"

enum { IN_X, IN_XS, IN_XZ, IN_W, IN_WS, IN_WZ, IN_YS, IN_YZ, IN_B };

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_conv_nd g;

	RT_TRY(rt_want_bytes(c, IN_X, "input", err));
	RT_TRY(rt_want_bytes(c, IN_W, "weight", err));
	RT_TRY(rt_want_bytes(c, IN_YZ, "zero point of the result", err));
	RT_TRY(rt_whole_conv_geometry(&g, c, IN_X, IN_W, err));
	RT_TRY(rt_want_zero(c, IN_XZ, IN_X, "zero point of the input", 1, err));
	RT_TRY(rt_want_zero(c, IN_WZ, IN_W, "zero point of the weight", g.K, err));
	RT_TRY(rt_want_zero(c, IN_YZ, IN_YZ, "zero point of the result", 1, err));
	RT_TRY(rt_want_scale(c, IN_XS, "scale of the input", 1, err));
	RT_TRY(rt_want_scale(c, IN_WS, "scale of the weight", g.K, err));
	RT_TRY(rt_want_scale(c, IN_YS, "scale of the result", 1, err));
	if (c->nin > IN_B && c->in[IN_B].present &&
	    (c->in[IN_B].dtype != RT_I32 || rt_shape_count(&c->in[IN_B].shape) != g.K))
		return rt_fail(err, RT_ESHAPE, "bias must be one i32 for each channel");
	c->out[0].dtype = c->in[IN_YZ].dtype;
	c->out[0].shape = rt_window_nd_shape(&g.win, &c->in[IN_X].shape, g.K);
	return RT_OK;
}

static int64_t scales(const struct rt_call *c)
{
	return rt_shape_count(&c->in[IN_WS].shape);
}

/* Bytes of sums and scales. */
static size_t own_work(const struct rt_call *c)
{
	size_t bytes = (size_t)rt_shape_count(&c->out[0].shape) * sizeof(int32_t) +
		       (size_t)scales(c) * sizeof(float);

	return (bytes + 63) / 64 * 64;
}

/* Sums, scales, then what the kernels need. */
static size_t work_size(const struct rt_call *c)
{
	struct rt_conv_nd g;
	struct rt_err err;

	RT_ASSERT(rt_whole_conv_geometry(&g, c, IN_X, IN_W, &err) == RT_OK);
	return own_work(c) + rt_whole_conv_work(&g);
}

static void forward(const struct rt_call *c)
{
	int64_t n = rt_shape_count(&c->out[0].shape), P;
	const float *xs = c->in[IN_XS].data, *ws = c->in[IN_WS].data, *ys = c->in[IN_YS].data;
	int32_t *acc = c->work;
	float *scale = (float *)(acc + n);
	struct rt_conv_nd g;
	struct rt_err err;

	RT_ASSERT(rt_whole_conv_geometry(&g, c, IN_X, IN_W, &err) == RT_OK);
	P = rt_sizes(g.win.n, g.win.out);
	rt_whole_conv(&g, acc, rt_bytes_of(c, IN_X, IN_XZ), rt_bytes_of(c, IN_W, IN_WZ),
		      (char *)c->work + own_work(c));
	if (c->nin > IN_B && c->in[IN_B].present)
		for (int64_t i = 0; i < n; i++)
			acc[i] += ((const int32_t *)c->in[IN_B].data)[i / P % g.K];
	for (int64_t k = 0; k < scales(c); k++)
		scale[k] = *xs * ws[k] / *ys;
	rt_requantize(c->out[0].data, c->out[0].dtype,
		      rt_byte(c->in[IN_YZ].data, c->in[IN_YZ].dtype, 0), acc, g.N, g.K, P, scale,
		      scales(c));
}

const struct rt_op rt_op_QLinearConv = {
	.row = {.name = "QLinearConv", .summary = "convolution of quantized numbers",
		.opts = rt_whole_conv_opts, .params_size = sizeof(struct rt_whole_conv_attrs)},
	.min_in = 8, .max_in = 9, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
