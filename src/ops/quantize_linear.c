/* quantize_linear.c - QuantizeLinear: q = saturate(round half to even(x / scale) + zero point).
 *
 * Backward is the straight-through estimator: rounding counts as the identity, so where q is within
 * the range of its type before saturation dx += dq / scale, and nothing elsewhere.  The gradient of
 * the whole numbers q is a gradient by their value, f32 as all gradients; DequantizeLinear
 * multiplies it with the scale, so that the pair passes dy unchanged inside the range.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/scale.h"
#include "ops/want.h"

static enum rt_dtype type_of(const struct rt_call *c)
{
	return c->nin > 2 && c->in[2].present ? c->in[2].dtype : RT_U8;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	enum rt_dtype type = type_of(c);

	RT_TRY(rt_want_f32(c, 0, "input", err));
	if (type != RT_U8 && type != RT_I8 && type != RT_U16 && type != RT_I16)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "zero point is %s; u8, i8, u16 and i16 are possible",
			       rt_dtype(type)->row.name);
	RT_TRY(rt_scale_check(c, type, err));
	c->out[0].dtype = type;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	struct rt_quant q = rt_scale_quant(c, type_of(c));

	rt_quantize(&q, c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_quant q = rt_scale_quant(c, type_of(c));

	if (c->out[0].grad)
		rt_quantize_grad(&q, c->in[0].grad, c->in[1].grad, c->out[0].grad, c->in[0].data);
}

const struct rt_op rt_op_QuantizeLinear = {
	.row = {.name = "QuantizeLinear", .summary = "real numbers to small whole numbers",
		.opts = rt_scale_opts, .params_size = sizeof(struct rt_scale_attrs)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2 | 4,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
