/* layer_normalization.c - LayerNormalization: y = (x - mean) / sqrt(var + epsilon) Scale + B,
 * mean and (biased) variance taken over all axes from `axis` on. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/norm.h"

#include <string.h>

struct layer_normalization {
	int64_t axis, stash_type;
	double epsilon;
};

static const struct rt_opt opts[] = {
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct layer_normalization, axis),
	 .init = "-1", .summary = "the first axis normalized over; negative counts from the end"},
	{.name = "epsilon", .type = RT_REAL,
	 .offset = offsetof(struct layer_normalization, epsilon), .init = "1e-5", .min = 0,
	 .max = 1, .summary = "added to the variance"},
	{.name = "stash_type", .type = RT_INT,
	 .offset = offsetof(struct layer_normalization, stash_type), .init = "1", .min = 1,
	 .max = 1, .summary = "type of mean and variance: 1 is f32"},
	{0},
};

/* Whether s is the part of x from the axis on. */
static bool is_tail(const struct rt_shape *s, const struct rt_shape *x, int axis)
{
	if (s->rank != x->rank - axis)
		return false;
	for (int d = 0; d < s->rank; d++)
		if (s->dim[d] != x->dim[axis + d])
			return false;
	return true;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const what[] = {"input", "scale", "bias"};
	const struct rt_shape *x = &c->in[0].shape;
	char buf[2][128];
	int axis;

	for (int i = 0; i < 3; i++)
		RT_TRY(rt_want_f32(c, i, what[i], err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(layer_normalization, c)->axis, x, err));
	for (int i = 1; i < c->nin; i++)
		if (c->in[i].present && !is_tail(&c->in[i].shape, x, axis))
			return rt_fail(err, RT_ESHAPE,
				       "%s is %s, input %s from axis %d on is wanted", what[i],
				       rt_shape_text(buf[0], sizeof(buf[0]), &c->in[i].shape),
				       rt_shape_text(buf[1], sizeof(buf[1]), x), axis);
	for (int i = 0; i < c->nout; i++) {
		c->out[i].dtype = RT_F32;
		c->out[i].shape = *x;
		for (int d = axis; i > 0 && d < x->rank; d++)
			c->out[i].shape.dim[d] = 1;
	}
	return RT_OK;
}

/* Mean (1) and InvStdDev (2) are outputs of the row's own statistics. */
static bool wanted(const struct rt_call *c, int i)
{
	return i < c->nout && c->out[i].present;
}

static int64_t columns(const struct rt_call *c)
{
	return rt_shape_count(&c->in[1].shape);
}

static int64_t rows(const struct rt_call *c)
{
	return rt_shape_count(&c->in[0].shape) / columns(c);
}

/* mean and 1 / sqrt(var + epsilon) of every row, (2,M). */
static size_t saved_size(const struct rt_call *c)
{
	return c->purpose == RT_INFER ? 0 : 2 * (size_t)rows(c) * sizeof(float);
}

static size_t work_size(const struct rt_call *c)
{
	return 2 * (size_t)rows(c) * sizeof(float);
}

static void forward(const struct rt_call *c)
{
	const float *bias = c->nin > 2 && c->in[2].present ? c->in[2].data : NULL;
	float *stats = c->purpose == RT_INFER ? c->work : c->saved;

	rt_layernorm(rows(c), columns(c), c->out[0].data, stats, c->in[0].data, c->in[1].data,
		     bias, (float)RT_ATTRS(layer_normalization, c)->epsilon);
	for (int i = 1; i < 3; i++)
		if (wanted(c, i))
			memcpy(c->out[i].data, stats + (i - 1) * rows(c),
			       (size_t)rows(c) * sizeof(float));
}

/* dx += dmean / D - drstd rstd^3 (x - mean) / D */
static void backward_stats(const struct rt_call *c)
{
	const int64_t M = rows(c), D = columns(c);
	const float *mean = c->saved, *rstd = mean + M, *x = c->in[0].data;
	const float *dmean = wanted(c, 1) ? c->out[1].grad : NULL;
	const float *drstd = wanted(c, 2) ? c->out[2].grad : NULL;

	for (int64_t i = 0; c->in[0].grad && (dmean || drstd) && i < M * D; i++) {
		int64_t m = i / D;
		float r = rstd[m], d = dmean ? dmean[m] : 0;

		if (drstd)
			d -= drstd[m] * r * r * r * (x[i] - mean[m]);
		c->in[0].grad[i] += d / (float)D;
	}
}

static void backward(const struct rt_call *c)
{
	float *dbias = c->nin > 2 && c->in[2].present ? c->in[2].grad : NULL;

	backward_stats(c);
	if (!c->out[0].grad)
		return;
	rt_layernorm_backward(rows(c), columns(c), c->in[0].grad, c->in[1].grad, dbias,
			      c->out[0].grad, c->in[0].data, c->saved, c->in[1].data, c->fresh & 1);
}

const struct rt_op rt_op_LayerNormalization = {
	.row = {.name = "LayerNormalization",
		.summary = "every sample to mean 0 and variance 1, then scaled",
		.opts = opts, .params_size = sizeof(struct layer_normalization)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 3,
	.flags = RT_OP_INPLACE,
	.bwd_in = 1 | 2,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
