/* gather_elements.c - GatherElements: elements of data picked along an axis by whole numbers, one
 * for each element of indices.
 *
 * y[i0, .., ik] = data[i0, .., indices[i0, .., ik], .., ik], the index in the place of the axis,
 * negative from the end.  One outside the axis yields NaN (0 in whole numbers), without gradient.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/place.h"

struct attrs {
	int64_t axis;
};

static const struct rt_opt opts[] = {
	{"axis", "the axis picked along; negative counts from the end", RT_INT,
	 offsetof(struct attrs, axis), "0"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_element_check(c, RT_ATTRS(attrs, c)->axis, err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[1].shape;
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	return (size_t)rt_shape_count(&c->in[1].shape) * sizeof(int64_t);
}

static void forward(const struct rt_call *c)
{
	rt_element_places(c->work, c, RT_ATTRS(attrs, c)->axis);
	rt_gather_places(c, rt_shape_count(&c->in[1].shape), c->work, 1);
}

static void backward(const struct rt_call *c)
{
	if (!c->in[0].grad || !c->out[0].grad)
		return;
	rt_element_places(c->work, c, RT_ATTRS(attrs, c)->axis);
	rt_gather_places_backward(c, rt_shape_count(&c->in[1].shape), c->work, 1);
}

const struct rt_op rt_op_GatherElements = {
	.row = {.name = "GatherElements", .summary = "elements picked along an axis one by one",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
