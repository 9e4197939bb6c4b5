/* line.c - the attribute and shape rule of operators along one axis. */
#include "config.h"

#include "ops/line.h"
#include "ops/want.h"

const struct rt_opt rt_line_opts[] = {
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct rt_line_attrs, axis),
	 .init = "-1", .summary = "the axis summed over; negative counts from the end"},
	{0},
};

struct rt_lines rt_lines(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t axis = RT_ATTRS(rt_line_attrs, c)->axis;
	int a = (int)(axis < 0 ? axis + x->rank : axis);

	return (struct rt_lines){rt_shape_span(x, 0, a), x->dim[a],
				 rt_shape_span(x, a + 1, x->rank)};
}

enum rt_status rt_line_infer(struct rt_call *c, struct rt_err *err)
{
	int axis;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(rt_line_attrs, c)->axis, &c->in[0].shape, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}
