/* flatten.c - Flatten: a matrix whose rows are the axes before `axis`, whose columns the others. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

#include <inttypes.h>

struct attrs {
	int64_t axis;
};

static const struct rt_opt opts[] = {
	{"axis", "first axis of the columns; may equal the number of axes", RT_INT,
	 offsetof(struct attrs, axis), "1"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t given = RT_ATTRS(attrs, c)->axis, axis = given < 0 ? given + x->rank : given;
	struct rt_shape y;

	if (axis < 0 || axis > x->rank)
		return rt_fail(err, RT_ESHAPE, "axis %" PRId64 " of an input with %d dimensions",
			       given, x->rank);
	y = RT_SHAPE(rt_shape_span(x, 0, (int)axis), rt_shape_span(x, (int)axis, x->rank));
	return rt_known_view(c, &y, err);
}

const struct rt_op rt_op_Flatten = {
	.row = {.name = "Flatten", .summary = "all axes from one on become one", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_VIEW,
	.infer = infer,
	.backward = rt_known_view_backward,
};
