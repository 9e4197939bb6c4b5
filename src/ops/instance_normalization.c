/* instance_normalization.c - InstanceNormalization: every plane of every image to mean 0 and
 * variance 1, then scaled by channel (Ulyanov et al., arXiv 1607.08022); tensor/group_norm.h has
 * the formula.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/group_norm.h"

#include <inttypes.h>

struct attrs {
	double epsilon;
};

static const struct rt_opt opts[] = {
	{"epsilon", "added to the variance", RT_REAL, offsetof(struct attrs, epsilon), "1e-5", 0,
	 1},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const what[] = {"input", "scale", "bias"};
	const struct rt_shape *x = &c->in[0].shape;
	char buf[128];

	for (int i = 0; i < 3; i++)
		RT_TRY(rt_want_f32(c, i, what[i], err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	if (x->rank < 3)
		return rt_fail(err, RT_ESHAPE, "input is %s; batch x channels x size is wanted",
			       rt_shape_text(buf, sizeof(buf), x));
	for (int i = 1; i < 3; i++)
		if (c->in[i].shape.rank != 1 || c->in[i].shape.dim[0] != x->dim[1])
			return rt_fail(err, RT_ESHAPE, "%s is %s, input has %" PRId64 " channels",
				       what[i], rt_shape_text(buf, sizeof(buf), &c->in[i].shape),
				       x->dim[1]);
	c->out[0].dtype = RT_F32;
	c->out[0].shape = *x;
	return RT_OK;
}

static struct rt_groupnorm geometry(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;

	return (struct rt_groupnorm){x->dim[0], x->dim[1], rt_shape_span(x, 2, x->rank),
				     x->dim[1]};
}

static size_t saved_size(const struct rt_call *c)
{
	return 2 * (size_t)rt_shape_span(&c->in[0].shape, 0, 2) * sizeof(float);
}

static void forward(const struct rt_call *c)
{
	const struct rt_groupnorm g = geometry(c);

	rt_groupnorm(&g, c->out[0].data, c->saved, c->in[0].data, c->in[1].data, c->in[2].data,
		     (float)RT_ATTRS(attrs, c)->epsilon);
}

static void backward(const struct rt_call *c)
{
	const struct rt_groupnorm g = geometry(c);

	if (c->out[0].grad)
		rt_groupnorm_backward(&g, c->in[0].grad, c->in[1].grad, c->in[2].grad,
				      c->out[0].grad, c->in[0].data, c->saved, c->in[1].data);
}

const struct rt_op rt_op_InstanceNormalization = {
	.row = {.name = "InstanceNormalization",
		.summary = "every plane to mean 0 and variance 1, then scaled", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.bwd_in = 1 | 2,
	.infer = infer,
	.saved_size = saved_size,
	.forward = forward,
	.backward = backward,
};
