/* reduce_sum.c - ReduceSum: the sum over the axes in in[1]; without any, over all or none. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/reduce.h"
#include "ops/want.h"

#include <string.h>

struct attrs {
	bool keepdims, noop_with_empty_axes;
};

static const struct rt_opt opts[] = {
	{"keepdims", "leave the axes with length 1", RT_BOOL, offsetof(struct attrs, keepdims),
	 "yes"},
	{"noop_with_empty_axes", "without axes, change nothing instead of summing everything",
	 RT_BOOL, offsetof(struct attrs, noop_with_empty_axes), "no"},
	{0},
};

static bool changes_nothing(const struct rt_call *c, int axes)
{
	return axes == 0 && RT_ATTRS(attrs, c)->noop_with_empty_axes;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_known list;
	unsigned axes;

	RT_TRY(rt_want_type(c, 0, "input is", RT_NUMBERS, err));
	RT_TRY(rt_known_list(&list, c, 1, "axes", err));
	RT_TRY(rt_known_axes(&axes, list.v, list.n, c->in[0].shape.rank, err));
	c->out[0].dtype = c->in[0].dtype;
	rt_reduce_shape(&c->out[0].shape, &c->in[0].shape, axes, RT_ATTRS(attrs, c)->keepdims);
	if (changes_nothing(c, list.n))
		c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* The axes as bits; checked by infer. */
static unsigned axes_of(const struct rt_call *c, const struct rt_known *list)
{
	struct rt_err err;
	unsigned axes = 0;

	rt_known_axes(&axes, list->v, list->n, c->in[0].shape.rank, &err);
	return axes;
}

static void forward(const struct rt_call *c)
{
	struct rt_known list = rt_known_again(c, 1);

	if (changes_nothing(c, list.n))
		memcpy(c->out[0].data, c->in[0].data,
		       (size_t)rt_shape_count(&c->in[0].shape) * rt_dtype(c->in[0].dtype)->size);
	else
		rt_reduce_forward(c, RT_REDUCE_SUM, axes_of(c, &list));
}

static void backward(const struct rt_call *c)
{
	struct rt_known list = rt_known_again(c, 1);

	if (changes_nothing(c, list.n))
		rt_known_view_backward(c);
	else
		rt_reduce_backward(c, RT_REDUCE_SUM, axes_of(c, &list));
}

const struct rt_op rt_op_ReduceSum = {
	.row = {.name = "ReduceSum", .summary = "sum over axes", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.work_size = rt_reduce_work,
	.forward = forward,
	.backward = backward,
};
