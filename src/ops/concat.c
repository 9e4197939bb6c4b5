/* concat.c - Concat: the inputs one after the other along an axis. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

#include <inttypes.h>

struct attrs {
	int64_t axis;
};

static const struct rt_opt opts[] = {
	{"axis", "along which the inputs are joined", RT_INT, offsetof(struct attrs, axis),
	 .example = "1", .flags = RT_OPT_REQUIRED},
	{0},
};

static int the_axis(const struct rt_call *c)
{
	int64_t axis = RT_ATTRS(attrs, c)->axis;

	return (int)(axis < 0 ? axis + c->in[0].shape.rank : axis);
}

static enum rt_status check_part(const struct rt_call *c, int i, int axis, struct rt_err *err)
{
	const struct rt_arg *a = &c->in[0], *b = &c->in[i];

	if (!b->present)
		return rt_fail(err, RT_ESHAPE, "input %d is left out", i);
	if (a->dtype != b->dtype)
		return rt_fail(err, RT_ESHAPE, "input 0 is %s, input %d is %s",
			       rt_dtype(a->dtype)->row.name, i, rt_dtype(b->dtype)->row.name);
	if (a->shape.rank != b->shape.rank)
		return rt_fail(err, RT_ESHAPE, "input 0 has %d dimensions, input %d has %d",
			       a->shape.rank, i, b->shape.rank);
	for (int d = 0; d < a->shape.rank; d++)
		if (d != axis && a->shape.dim[d] != b->shape.dim[d])
			return rt_fail(err, RT_ESHAPE,
				       "dimension %d is %" PRId64 " in input 0 and %" PRId64
				       " in input %d",
				       d, a->shape.dim[d], b->shape.dim[d], i);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int axis;

	RT_TRY(rt_want_axis(&axis, RT_ATTRS(attrs, c)->axis, &c->in[0].shape, err));
	for (int i = 1; i < c->nin; i++)
		RT_TRY(check_part(c, i, axis, err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	for (int i = 1; i < c->nin; i++)
		c->out[0].shape.dim[axis] += c->in[i].shape.dim[axis];
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	int64_t part[RT_MAX_RANK], whole[RT_MAX_RANK], at = 0;
	size_t size = rt_dtype(c->out[0].dtype)->size;
	int axis = the_axis(c);

	rt_steps_dense(whole, &c->out[0].shape);
	for (int i = 0; i < c->nin; i++) {
		rt_steps_dense(part, &c->in[i].shape);
		rt_copy_steps((char *)c->out[0].data + (size_t)at * size, whole, c->in[i].data,
			      part, size, &c->in[i].shape);
		at += c->in[i].shape.dim[axis] * whole[axis];
	}
}

static void backward(const struct rt_call *c)
{
	int64_t part[RT_MAX_RANK], whole[RT_MAX_RANK], at = 0;
	int axis = the_axis(c);

	rt_steps_dense(whole, &c->out[0].shape);
	for (int i = 0; c->out[0].grad && i < c->nin; i++) {
		rt_steps_dense(part, &c->in[i].shape);
		if (c->in[i].grad)
			rt_add_steps(c->in[i].grad, part, c->out[0].grad + at, whole,
				     &c->in[i].shape);
		at += c->in[i].shape.dim[axis] * whole[axis];
	}
}

const struct rt_op rt_op_Concat = {
	.row = {.name = "Concat", .summary = "the inputs joined along an axis", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = -1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
