/* reduce_mean.c - ReduceMean: the mean over axes. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/reduce.h"
#include "ops/want.h"

struct attrs {
	struct rt_ints axes;
	bool keepdims;
};

static const struct rt_opt opts[] = {
	{"axes", "which axes; all by default", RT_INTS, offsetof(struct attrs, axes)},
	{"keepdims", "leave the axes with length 1", RT_BOOL, offsetof(struct attrs, keepdims),
	 "yes"},
	{0},
};

/* The axes as bits; checked by infer. */
static unsigned axes_of(const struct rt_call *c)
{
	const struct rt_ints *list = &RT_ATTRS(attrs, c)->axes;
	struct rt_err err;
	unsigned axes = 0;

	rt_known_axes(&axes, list->v, list->n, c->in[0].shape.rank, &err);
	return axes;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct attrs *a = c->attrs;
	unsigned axes;

	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_known_axes(&axes, a->axes.v, a->axes.n, c->in[0].shape.rank, err));
	return rt_reduce_infer(c, axes, a->keepdims, err);
}

static void forward(const struct rt_call *c)
{
	rt_reduce_forward(c, axes_of(c), true);
}

static void backward(const struct rt_call *c)
{
	rt_reduce_backward(c, axes_of(c), true);
}

const struct rt_op rt_op_ReduceMean = {
	.row = {.name = "ReduceMean", .summary = "mean over axes", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
