/* group_normalization.c - GroupNormalization: groups of channels to mean 0 and variance 1, then
 * scaled (Wu and He, arXiv 1803.08494); tensor/group_norm.h has the formula.  ONNX has it from
 * opset 18: with one scale and bias a group there, one a channel from opset 21 on; retort tells
 * them by their number.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/group_norm.h"

#include <inttypes.h>
#include <string.h>

struct attrs {
	double epsilon;
	int64_t num_groups, stash_type;
};

static const struct rt_opt opts[] = {
	{"epsilon", "added to the variance", RT_REAL, offsetof(struct attrs, epsilon), "1e-5", 0,
	 1},
	{"num_groups", "how many groups of equally many channels", RT_INT,
	 offsetof(struct attrs, num_groups), .min = 1, .max = INT32_MAX, .example = "8",
	 .flags = RT_OPT_REQUIRED},
	{"stash_type", "element type of the statistics; retort has f32 (1)", RT_INT,
	 offsetof(struct attrs, stash_type), "1", 1, 16},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const what[] = {"input", "scale", "bias"};
	const int64_t G = RT_ATTRS(attrs, c)->num_groups;
	const struct rt_shape *x = &c->in[0].shape;
	char buf[128];

	for (int i = 0; i < 3; i++)
		RT_TRY(rt_want_f32(c, i, what[i], err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	if (x->rank < 2)
		return rt_fail(err, RT_ESHAPE, "input is %s; batch x channels is wanted",
			       rt_shape_text(buf, sizeof(buf), x));
	if (x->dim[1] % G)
		return rt_fail(err, RT_ESHAPE, "%" PRId64 " channels in %" PRId64 " groups",
			       x->dim[1], G);
	for (int i = 1; i < 3; i++)
		if (c->in[i].shape.rank != 1 ||
		    (c->in[i].shape.dim[0] != x->dim[1] && c->in[i].shape.dim[0] != G))
			return rt_fail(err, RT_ESHAPE,
				       "%s is %s, input has %" PRId64 " channels in %" PRId64
				       " groups", what[i],
				       rt_shape_text(buf, sizeof(buf), &c->in[i].shape), x->dim[1],
				       G);
	c->out[0].dtype = RT_F32;
	c->out[0].shape = *x;
	return RT_OK;
}

static struct rt_groupnorm geometry(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;

	return (struct rt_groupnorm){x->dim[0], x->dim[1], rt_shape_span(x, 2, x->rank),
				     RT_ATTRS(attrs, c)->num_groups};
}

static size_t saved_size(const struct rt_call *c)
{
	return 2 * (size_t)(c->in[0].shape.dim[0] * RT_ATTRS(attrs, c)->num_groups) * sizeof(float);
}

/* Scale and bias, and their gradients, one a channel. */
static size_t work_size(const struct rt_call *c)
{
	return 4 * (size_t)c->in[0].shape.dim[1] * sizeof(float);
}

/* How many channels share one number of input i. */
static int64_t shared(const struct rt_call *c, int i)
{
	return c->in[0].shape.dim[1] / c->in[i].shape.dim[0];
}

/* Input i, one number a channel. */
static const float *by_channel(const struct rt_call *c, int i, float *to)
{
	for (int64_t k = 0; k < c->in[0].shape.dim[1]; k++)
		to[k] = ((const float *)c->in[i].data)[k / shared(c, i)];
	return to;
}

static void forward(const struct rt_call *c)
{
	const struct rt_groupnorm g = geometry(c);
	float *scale = c->work, *bias = scale + g.C;

	rt_groupnorm(&g, c->out[0].data, c->saved, c->in[0].data, by_channel(c, 1, scale),
		     by_channel(c, 2, bias), (float)RT_ATTRS(attrs, c)->epsilon);
}

static void backward(const struct rt_call *c)
{
	const struct rt_groupnorm g = geometry(c);
	float *scale = c->work, *part[3] = {NULL, scale + 2 * g.C, scale + 3 * g.C};

	if (!c->out[0].grad)
		return;
	memset(part[1], 0, 2 * (size_t)g.C * sizeof(float));
	rt_groupnorm_backward(&g, c->in[0].grad, c->in[1].grad ? part[1] : NULL,
			      c->in[2].grad ? part[2] : NULL, c->out[0].grad, c->in[0].data,
			      c->saved, by_channel(c, 1, scale));
	for (int i = 1; i < 3; i++)
		for (int64_t k = 0; c->in[i].grad && k < g.C; k++)
			c->in[i].grad[k / shared(c, i)] += part[i][k];
}

const struct rt_op rt_op_GroupNormalization = {
	.row = {.name = "GroupNormalization",
		.summary = "groups of channels to mean 0 and variance 1, then scaled",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_in = 1 | 2,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
