/* compress.c - Compress: the slices along an axis, or the elements, for which in[1] is true. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <string.h>

struct attrs {
	int64_t axis;
};

static const struct rt_opt opts[] = {
	{"axis", "the axis of the slices; without it elements are picked", RT_INT,
	 offsetof(struct attrs, axis), .example = "0"},
	{0},
};

static bool has_axis(const struct rt_call *c)
{
	return RT_ATTRS(attrs, c)->axis != RT_UNSET_INT;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	const unsigned char *on = c->in[1].data;
	int64_t n = rt_shape_count(&c->in[1].shape), whole = rt_shape_count(x), kept = 0;
	int axis = 0;

	RT_TRY(rt_want_type(c, 1, "condition is", RT_TRUTH, err));
	RT_TRY(rt_want_rank(c, 1, "condition", 1, err));
	if (has_axis(c)) {
		RT_TRY(rt_want_axis(&axis, RT_ATTRS(attrs, c)->axis, x, err));
		whole = x->dim[axis];
	}
	if (n > whole)
		return rt_fail(err, RT_ESHAPE, "condition has %lld values for %lld slices",
			       (long long)n, (long long)whole);
	RT_TRY(rt_known_data(c, 1, "condition", err));
	for (int64_t i = 0; i < n; i++)
		kept += on[i] != 0;
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = has_axis(c) ? *x : RT_SHAPE(0);
	c->out[0].shape.dim[axis] = kept;
	return RT_OK;
}

/* x (A,D,B) */
struct sizes {
	int64_t A, D, B;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t axis = RT_ATTRS(attrs, c)->axis;

	if (!has_axis(c))
		return (struct sizes){1, rt_shape_count(x), 1};
	axis += axis < 0 ? x->rank : 0;
	return (struct sizes){rt_shape_span(x, 0, (int)axis), x->dim[axis],
			      rt_shape_span(x, (int)axis + 1, x->rank)};
}

static void forward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	const int64_t n = rt_shape_count(&c->in[1].shape);
	const unsigned char *on = c->in[1].data;
	const size_t slice = (size_t)s.B * rt_dtype(c->in[0].dtype)->size;
	const char *x = c->in[0].data;
	char *y = c->out[0].data;

	for (int64_t a = 0; a < s.A; a++)
		for (int64_t d = 0; d < n; d++)
			if (on[d]) {
				memcpy(y, x + (size_t)(a * s.D + d) * slice, slice);
				y += slice;
			}
}

static void backward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	const int64_t n = rt_shape_count(&c->in[1].shape);
	const unsigned char *on = c->in[1].data;
	const float *dy = c->out[0].grad;

	if (!c->in[0].grad || !dy)
		return;
	for (int64_t a = 0; a < s.A; a++)
		for (int64_t d = 0; d < n; d++)
			for (int64_t b = 0; on[d] && b < s.B; b++)
				c->in[0].grad[(a * s.D + d) * s.B + b] += *dy++;
}

const struct rt_op rt_op_Compress = {
	.row = {.name = "Compress", .summary = "the slices for which a condition holds",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
