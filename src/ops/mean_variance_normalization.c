/* mean_variance_normalization.c - MeanVarianceNormalization: mean 0 and variance 1 over axes.
 *
 * xc = x - mean x, sigma = sqrt(mean xc^2), y = xc / (sigma + 1e-9)
 * dx = (dy - mean dy) / (sigma + 1e-9) - y mean(dy y) / sigma, the last term 0 where sigma is
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/reduce.h"
#include "ops/want.h"
#include "tensor/binary.h"

#include <math.h>
#include <string.h>

#define EPSILON 1e-9f /* of the operator's definition */

struct attrs {
	struct rt_ints axes;
};

static const struct rt_opt opts[] = {
	{"axes", "over which axes", RT_INTS, offsetof(struct attrs, axes), "0 2 3"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_ints *list = &RT_ATTRS(attrs, c)->axes;
	unsigned axes;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_known_axes(&axes, list->v, list->n, c->in[0].shape.rank, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* The input's shape with length 1 along the axes: one number for each group. */
static struct rt_shape groups(const struct rt_call *c)
{
	const struct rt_ints *list = &RT_ATTRS(attrs, c)->axes;
	struct rt_shape kept;
	struct rt_err err;
	unsigned axes = 0;

	rt_known_axes(&axes, list->v, list->n, c->in[0].shape.rank, &err);
	rt_reduce_shape(&kept, &c->in[0].shape, axes, true);
	return kept;
}

/* 1 / (sigma + 1e-9), and 1 / sigma or 0. */
static size_t saved_size(const struct rt_call *c)
{
	struct rt_shape kept = groups(c);

	return 2 * (size_t)rt_shape_count(&kept) * sizeof(float);
}

/* Two means for each group. */
static size_t work_size(const struct rt_call *c)
{
	return saved_size(c);
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *xs = &c->in[0].shape, kept = groups(c);
	const int64_t n = rt_shape_count(&kept);
	const double size = (double)rt_shape_count(xs) / (double)n;
	const struct rt_operand x = {c->in[0].data, xs}, y = {c->out[0].data, xs};
	float *factor = c->saved, *inverse = factor + n, *part = c->work;

	rt_reduce(RT_REDUCE_MEAN, RT_F32, part, &kept, x.data, xs);
	rt_binary(RT_BINARY_SUB, RT_F32, c->out[0].data, xs, x, (struct rt_operand){part, &kept});
	rt_reduce(RT_REDUCE_SUM_SQUARE, RT_F32, part, &kept, y.data, xs);
	for (int64_t k = 0; k < n; k++) {
		const float sigma = sqrtf((float)((double)part[k] / size));

		factor[k] = 1 / (sigma + EPSILON);
		inverse[k] = sigma > 0 ? 1 / sigma : 0;
	}
	rt_binary(RT_BINARY_MUL, RT_F32, c->out[0].data, xs, y,
		  (struct rt_operand){factor, &kept});
}

/* to += a b, with b one number for each group */
static void add_product(float *to, const struct rt_shape *xs, const float *a, const float *b,
			const struct rt_shape *kept)
{
	rt_binary_grad(RT_BINARY_MUL, 0, to, a, xs, (struct rt_operand){a, xs},
		       (struct rt_operand){b, kept});
}

static void backward(const struct rt_call *c)
{
	const struct rt_shape *xs = &c->in[0].shape, kept = groups(c);
	const int64_t n = rt_shape_count(&kept);
	const float size = (float)rt_shape_count(xs) / (float)n;
	const float *factor = c->saved, *inverse = factor + n, *g = c->out[0].grad;
	float *level = c->work, *slope = level + n;

	if (!c->in[0].grad || !g)
		return;
	rt_reduce(RT_REDUCE_MEAN, RT_F32, level, &kept, g, xs);
	memset(slope, 0, (size_t)n * sizeof(*slope));
	rt_binary_grad(RT_BINARY_MUL, 0, slope, g, xs, (struct rt_operand){level, &kept},
		       (struct rt_operand){c->out[0].data, xs}); /* sum of g y */
	for (int64_t k = 0; k < n; k++) {
		level[k] *= -factor[k];
		slope[k] *= -inverse[k] / size;
	}
	add_product(c->in[0].grad, xs, g, factor, &kept);
	rt_spread_add(c->in[0].grad, xs, level, &kept, 1);
	add_product(c->in[0].grad, xs, c->out[0].data, slope, &kept);
}

const struct rt_op rt_op_MeanVarianceNormalization = {
	.row = {.name = "MeanVarianceNormalization", .summary = "mean 0 and variance 1 over axes",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.bwd_out = 1,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
