/* dynamic_quantize_linear.c - DynamicQuantizeLinear: f32 to u8 over the range of the input, with
 * the scale and zero point it takes: scale = (max(x, 0) - min(x, 0)) / 255. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/whole.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const enum rt_dtype types[] = {RT_U8, RT_F32, RT_U8};

	RT_TRY(rt_want_f32(c, 0, "input", err));
	for (int i = 0; i < 3; i++) {
		c->out[i].dtype = types[i];
		c->out[i].shape = i ? (struct rt_shape){0} : c->in[0].shape;
	}
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	return c->out[0].present ? 8 : 8 + (size_t)rt_shape_count(&c->in[0].shape);
}

static void forward(const struct rt_call *c)
{
	float *scale = c->out[1].present ? c->out[1].data : c->work;
	uint8_t *zero = c->out[2].present ? c->out[2].data : (uint8_t *)c->work + 4;
	uint8_t *q = c->out[0].present ? c->out[0].data : (uint8_t *)c->work + 8;

	rt_quantize_dynamic(q, scale, zero, c->in[0].data, rt_shape_count(&c->in[0].shape));
}

const struct rt_op rt_op_DynamicQuantizeLinear = {
	.row = {.name = "DynamicQuantizeLinear",
		.summary = "f32 to u8 over the range of the input"},
	.min_in = 1,
	.max_in = 1,
	.min_out = 3,
	.max_out = 3,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
