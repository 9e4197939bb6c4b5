/* fused_conv.c - y = clamp(a conv(x, w, b) + c + z), with a and c from batch normalization:
 * a = scale / sqrt(variance + epsilon), c = shift - mean a (Ioffe and Szegedy 2015, algorithm 2),
 * and z another branch; or the maxima of 2 by 2 of that. */
#include "config.h"

#include "ops/conv.h"
#include "ops/fused_conv.h"
#include "ops/ops.h"

#include <math.h>

/* The call as the Conv inside sees it. */
static struct rt_call conv_call(const struct rt_call *c)
{
	struct rt_call inner = *c;

	inner.attrs = RT_ATTRS(rt_fused_conv, c)->conv;
	inner.nin = c->in[2].present ? 3 : 2;
	return inner;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_call inner = conv_call(c);
	int64_t *dim = c->out[0].shape.dim;

	RT_TRY(rt_op_Conv.infer(&inner, err));
	for (int i = 2; i < 4 && RT_ATTRS(rt_fused_conv, c)->pool; i++)
		dim[i] /= 2;
	return RT_OK;
}

static bool has_norm(const struct rt_call *c)
{
	return c->nin > 6 && c->in[3].present;
}

size_t rt_fused_conv_factors(const struct rt_call *c)
{
	return has_norm(c) ? 2 * (((size_t)c->in[3].shape.dim[0] + 15) / 16 * 16) : 0;
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_call inner = conv_call(c);

	return rt_fused_conv_factors(c) * sizeof(float) +
	       (rt_op_Conv.work_size ? rt_op_Conv.work_size(&inner) : 0);
}

static size_t kept_size(const struct rt_call *c)
{
	struct rt_call inner = conv_call(c);

	return rt_op_Conv.kept_size(&inner);
}

void rt_fused_conv_fold(const struct rt_call *c, double epsilon, float *a, float *shift,
			const float *b)
{
	const float *scale = c->in[3].data, *beta = c->in[4].data;
	const float *mean = c->in[5].data, *var = c->in[6].data;

	for (int64_t k = 0; k < c->in[3].shape.dim[0]; k++) {
		a[k] = scale[k] / sqrtf(var[k] + (float)epsilon);
		shift[k] = beta[k] + ((b ? b[k] : 0) - mean[k]) * a[k];
	}
}

struct rt_call rt_fused_conv_parts(const struct rt_call *c, struct rt_conv_post *post)
{
	const struct rt_fused_conv *f = RT_ATTRS(rt_fused_conv, c);
	struct rt_call inner = conv_call(c);
	float *a = c->work;

	*post = (struct rt_conv_post){
		.bias = c->in[2].present ? c->in[2].data : NULL,
		.add = c->nin > 7 && c->in[7].present ? c->in[7].data : NULL,
		.lo = (float)f->lo, .hi = (float)f->hi, .pool = f->pool,
	};
	inner.work = a + rt_fused_conv_factors(c);
	inner.nin = 2;
	if (has_norm(c)) {
		float *shift = a + rt_fused_conv_factors(c) / 2;

		rt_fused_conv_fold(c, f->epsilon, a, shift, post->bias);
		post->scale = a;
		post->bias = shift;
	}
	return inner;
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *s = &c->out[0].shape;
	struct rt_conv_post post;
	struct rt_call inner = rt_fused_conv_parts(c, &post);
	struct rt_conv g;

	if (rt_conv_of_call(&g, &inner)) {
		rt_conv_forward_post(&g, c->out[0].data, c->in[0].data, c->in[1].data, &post,
				     inner.work);
	} else {
		rt_op_Conv.forward(&inner);
		rt_conv_apply_post(s->dim[0], s->dim[1], rt_shape_span(s, 2, s->rank),
				   c->out[0].data, &post);
	}
}

static void cost(const struct rt_call *c, struct rt_cost *out)
{
	struct rt_call inner = conv_call(c);
	struct rt_arg y = c->out[0];
	struct rt_err err;

	inner.out = &y;
	RT_ASSERT(rt_op_Conv.infer(&inner, &err) == RT_OK);
	rt_op_Conv.cost(&inner, out);
}

const struct rt_op rt_op_fused_conv = {
	.row = {.name = "FusedConv",
		.summary = "convolution, batch normalization, addition and clamping at once",
		.params_size = sizeof(struct rt_fused_conv)},
	.min_in = 2,
	.max_in = 8,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_INTERNAL,
	.infer = infer,
	.work_size = work_size,
	.kept_size = kept_size,
	.kept_in = 2 | 4 | 8 | 16 | 32 | 64,
	.forward = forward,
	.cost = cost,
};
