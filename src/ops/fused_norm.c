/* fused_norm.c - y = clamp(batch normalization of x + z): the normalized array is written once,
 * already added to and clamped, and the gradient passes all three in the passes of the first. */
#include "config.h"

#include "ops/batch_normalization.h"
#include "ops/fused_norm.h"
#include "ops/ops.h"

/* The call as the BatchNormalization inside sees it. */
static struct rt_call norm_call(const struct rt_call *c)
{
	struct rt_call inner = *c;

	inner.attrs = RT_ATTRS(rt_fused_norm, c)->norm;
	inner.nin = 5;
	return inner;
}

static bool adds(const struct rt_call *c)
{
	return c->nin > 5 && c->in[5].present;
}

static struct rt_batchnorm_post post_of(const struct rt_call *c)
{
	const struct rt_fused_norm *f = RT_ATTRS(rt_fused_norm, c);

	return (struct rt_batchnorm_post){adds(c) ? c->in[5].data : NULL, (float)f->lo,
					  (float)f->hi};
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_call inner = norm_call(c);

	return rt_op_BatchNormalization.infer(&inner, err);
}

static size_t saved_size(const struct rt_call *c)
{
	struct rt_call inner = norm_call(c);

	return rt_op_BatchNormalization.saved_size(&inner);
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_call inner = norm_call(c);

	return rt_op_BatchNormalization.work_size(&inner);
}

static void forward(const struct rt_call *c)
{
	const struct rt_call inner = norm_call(c);
	const struct rt_batchnorm_post post = post_of(c);

	rt_batch_normalization_forward(&inner, &post);
}

static void backward(const struct rt_call *c)
{
	const struct rt_call inner = norm_call(c);
	const struct rt_batchnorm_post post = post_of(c);

	rt_batch_normalization_backward(&inner, &post, adds(c) ? c->in[5].grad : NULL);
}

const struct rt_op rt_op_fused_norm = {
	.row = {.name = "FusedNorm",
		.summary = "batch normalization, addition and clamping at once",
		.params_size = sizeof(struct rt_fused_norm)},
	.min_in = 5, .max_in = 6, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.bwd_in = 1 | 2 | 4,
	.bwd_out = 1,
	.bwd_sets = 1 | 32, .bwd_place = 1,
	.writes = 8 | 16,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
