/* one_hot.c - OneHot: whole numbers to lines that are in[2][1] at their place and in[2][0]
 * elsewhere.
 *
 * indices (A,B), depth D -> y (A,D,B), D at the axis; negative indices count from D, others outside
 * 0 .. D-1 leave their line without the one.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <string.h>

struct attrs {
	int64_t axis;
};

static const struct rt_opt opts[] = {
	{"axis", "where the new axis goes; negative counts from the end of the result", RT_INT,
	 offsetof(struct attrs, axis), "-1"},
	{0},
};

/* depth as a whole number; it may be given in any type. */
static enum rt_status depth_of(int64_t *depth, const struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_type(c, 1, "depth is", RT_NUMBERS, err));
	RT_TRY(rt_want_one(c, 1, "depth", err));
	RT_TRY(rt_known_data(c, 1, "depth", err));
	*depth = rt_known_number_again(c, 1, 0);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_shape larger = {.rank = x->rank + 1};
	int64_t dim[RT_MAX_RANK + 1], depth;
	int axis;

	RT_TRY(rt_want_type(c, 0, "indices are", RT_NUMBERS, err));
	RT_TRY(depth_of(&depth, c, err));
	if (rt_shape_count(&c->in[2].shape) != 2)
		return rt_fail(err, RT_ESHAPE, "values has %lld elements; 2 are wanted, off and on",
			       (long long)rt_shape_count(&c->in[2].shape));
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(attrs, c)->axis, &larger, err));
	for (int d = 0; d <= x->rank; d++)
		dim[d] = d < axis ? x->dim[d] : d == axis ? depth : x->dim[d - 1];
	c->out[0].dtype = c->in[2].dtype;
	return rt_known_shape(&c->out[0].shape, dim, x->rank + 1, err);
}

struct sizes {
	int64_t A, D, B;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct rt_shape *y = &c->out[0].shape;
	int64_t axis = RT_ATTRS(attrs, c)->axis;

	axis += axis < 0 ? y->rank : 0;
	return (struct sizes){rt_shape_span(y, 0, (int)axis), y->dim[axis],
			      rt_shape_span(y, (int)axis + 1, y->rank)};
}

/* The element of y that is on for index number i, or -1. */
static int64_t place(const struct rt_call *c, const struct sizes *s, int64_t i)
{
	const struct rt_arg *x = &c->in[0];
	int64_t at;

	rt_convert(&at, RT_I64, (const char *)x->data + (size_t)i * rt_dtype(x->dtype)->size,
		   x->dtype, 1);
	at += at < 0 ? s->D : 0;
	return at >= 0 && at < s->D ? (i / s->B * s->D + at) * s->B + i % s->B : -1;
}

static void forward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	const size_t size = rt_dtype(c->out[0].dtype)->size;
	const char *off = c->in[2].data, *on = off + size;
	char *y = c->out[0].data;

	for (int64_t k = 0; k < s.A * s.D * s.B; k++)
		memcpy(y + (size_t)k * size, off, size);
	for (int64_t i = 0; i < s.A * s.B; i++) {
		int64_t at = place(c, &s, i);

		if (at >= 0)
			memcpy(y + (size_t)at * size, on, size);
	}
}

/* d off = sum of dy where y is off, d on = sum of the others. */
static void backward(const struct rt_call *c)
{
	const struct sizes s = sizes(c);
	double all = 0, on = 0;

	if (!c->in[2].grad || !c->out[0].grad)
		return;
	for (int64_t k = 0; k < s.A * s.D * s.B; k++)
		all += (double)c->out[0].grad[k];
	for (int64_t i = 0; i < s.A * s.B; i++) {
		int64_t at = place(c, &s, i);

		if (at >= 0)
			on += (double)c->out[0].grad[at];
	}
	c->in[2].grad[0] += (float)(all - on);
	c->in[2].grad[1] += (float)on;
}

const struct rt_op rt_op_OneHot = {
	.row = {.name = "OneHot", .summary = "whole numbers to lines that are on at their place",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
