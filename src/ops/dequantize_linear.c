/* dequantize_linear.c - DequantizeLinear: x = (q - zero point) scale.
 *
 * Backward: dq += dx scale (f32, although q are whole numbers) and dscale += sum of
 * dx (q - zero point).
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/scale.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	enum rt_dtype type = c->in[0].dtype;

	if (type != RT_U8 && type != RT_I8 && type != RT_U16 && type != RT_I16 && type != RT_I32)
		return rt_fail(err, RT_ESHAPE, "input is %s; u8, i8, u16, i16 or i32 is wanted",
			       rt_dtype(type)->row.name);
	RT_TRY(rt_scale_check(c, type, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	struct rt_quant q = rt_scale_quant(c, c->in[0].dtype);

	rt_dequantize(&q, c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_quant q = rt_scale_quant(c, c->in[0].dtype);

	if (c->out[0].grad)
		rt_dequantize_grad(&q, c->in[0].grad, c->in[1].grad, c->out[0].grad, c->in[0].data);
}

const struct rt_op rt_op_DequantizeLinear = {
	.row = {.name = "DequantizeLinear", .summary = "small whole numbers back to real numbers",
		.opts = rt_scale_opts, .params_size = sizeof(struct rt_scale_attrs)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2 | 4,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
