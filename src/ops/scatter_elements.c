/* scatter_elements.c - ScatterElements: elements of in[2] put into a copy of data at the places
 * that in[1] names along an axis (see GatherElements); one outside the axis is left out.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/place.h"
#include "ops/scatter.h"

struct attrs {
	int64_t axis;
	int reduction;
};

static const struct rt_opt opts[] = {
	{"axis", "the axis of the indices; negative counts from the end", RT_INT,
	 offsetof(struct attrs, axis), "0"},
	{"reduction", "how an element meets what is there: none replaces it", RT_CHOICE,
	 offsetof(struct attrs, reduction), "none", .choices = rt_scatter_choices},
	{0},
};

static enum rt_scatter how(const struct rt_call *c)
{
	return (enum rt_scatter)RT_ATTRS(attrs, c)->reduction;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	char indices[128], updates[128];

	RT_TRY(rt_scatter_check(c, how(c), err));
	RT_TRY(rt_element_check(c, RT_ATTRS(attrs, c)->axis, err));
	if (!rt_shape_equal(&c->in[1].shape, &c->in[2].shape))
		return rt_fail(err, RT_ESHAPE, "indices are %s, updates are %s",
			       rt_shape_text(indices, sizeof(indices), &c->in[1].shape),
			       rt_shape_text(updates, sizeof(updates), &c->in[2].shape));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	return rt_scatter_work(c, rt_shape_count(&c->in[1].shape));
}

static void forward(const struct rt_call *c)
{
	rt_element_places(c->work, c, RT_ATTRS(attrs, c)->axis);
	rt_scatter_forward(c, how(c), rt_shape_count(&c->in[1].shape), 1);
}

static void backward(const struct rt_call *c)
{
	rt_element_places(c->work, c, RT_ATTRS(attrs, c)->axis);
	rt_scatter_backward(c, how(c), rt_shape_count(&c->in[1].shape), 1);
}

const struct rt_op rt_op_ScatterElements = {
	.row = {.name = "ScatterElements", .summary = "elements put into a copy of data one by one",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2 | 4,
	.bwd_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
