/* scale.c - scales and zero points of QuantizeLinear and DequantizeLinear. */
#include "config.h"

#include "ops/scale.h"
#include "ops/want.h"

#include <inttypes.h>

const struct rt_opt rt_scale_opts[] = {
	{"axis", "the axis along which scales differ, when there are several", RT_INT,
	 offsetof(struct rt_scale_attrs, axis), "1"},
	{0},
};

static bool has_zero(const struct rt_call *c)
{
	return c->nin > 2 && c->in[2].present;
}

/* A list of one is also one number for all, as is the custom of exporters. */
static bool is_per_axis(const struct rt_call *c)
{
	return rt_shape_count(&c->in[1].shape) != 1;
}

enum rt_status rt_scale_check(const struct rt_call *c, enum rt_dtype dtype, struct rt_err *err)
{
	const struct rt_shape *s = &c->in[1].shape;
	int64_t n = rt_shape_count(s);
	char a[128], b[128];
	int axis;

	RT_TRY(rt_want_f32(c, 1, "scale", err));
	if (is_per_axis(c)) {
		RT_TRY(rt_want_axis(&axis, RT_ATTRS(rt_scale_attrs, c)->axis, &c->in[0].shape,
				    err));
		if (s->rank != 1 || n != c->in[0].shape.dim[axis])
			return rt_fail(err, RT_ESHAPE,
				       "scale is %s, axis %d of the input has %" PRId64 " indices",
				       rt_shape_text(a, sizeof(a), s), axis,
				       c->in[0].shape.dim[axis]);
	}
	if (!has_zero(c))
		return RT_OK;
	if (c->in[2].dtype != dtype)
		return rt_fail(err, RT_ESHAPE, "zero point is %s, %s is wanted",
			       rt_dtype(c->in[2].dtype)->row.name, rt_dtype(dtype)->row.name);
	if (rt_shape_count(&c->in[2].shape) != n)
		return rt_fail(err, RT_ESHAPE, "scale is %s, zero point is %s",
			       rt_shape_text(a, sizeof(a), s),
			       rt_shape_text(b, sizeof(b), &c->in[2].shape));
	return RT_OK;
}

struct rt_quant rt_scale_quant(const struct rt_call *c, enum rt_dtype dtype)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_quant q = {.dtype = dtype, .A = 1, .C = 1, .B = rt_shape_count(x),
			     .s = c->in[1].data, .z = has_zero(c) ? c->in[2].data : NULL};
	int64_t axis = RT_ATTRS(rt_scale_attrs, c)->axis;

	if (is_per_axis(c)) {
		axis += axis < 0 ? x->rank : 0;
		q.A = rt_shape_span(x, 0, (int)axis);
		q.C = x->dim[axis];
		q.B = rt_shape_span(x, (int)axis + 1, x->rank);
	}
	return q;
}
