/* reductions.c - ReduceMean, ReduceMax, ReduceMin, ReduceProd, ReduceL1, ReduceL2, ReduceLogSum,
 * ReduceLogSumExp and ReduceSumSquare over the axes of an attribute; tensor/reduce.h has the
 * formulas.
 */
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

static enum rt_status infer_type(struct rt_call *c, unsigned types, struct rt_err *err)
{
	const struct attrs *a = c->attrs;
	unsigned axes;

	RT_TRY(rt_want_type(c, 0, "input is", types, err));
	RT_TRY(rt_known_axes(&axes, a->axes.v, a->axes.n, c->in[0].shape.rank, err));
	c->out[0].dtype = c->in[0].dtype;
	rt_reduce_shape(&c->out[0].shape, &c->in[0].shape, axes, a->keepdims);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	return infer_type(c, RT_NUMBERS, err);
}

/* What has no value where there are no elements. */
static enum rt_status infer_some(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_elements(c, 0, "input", err));
	return infer_type(c, RT_NUMBERS, err);
}

static enum rt_status infer_extreme(struct rt_call *c, struct rt_err *err)
{
	return infer_type(c, RT_ANY_TYPE, err);
}

/* x and y: whether the derivative depends on the input and the result. */
#define REDUCTION(Name, WHICH, check, x, y, text)                                                  \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		rt_reduce_forward(c, RT_REDUCE_##WHICH, axes_of(c));                               \
	}                                                                                          \
	static void Name##_backward(const struct rt_call *c)                                       \
	{                                                                                          \
		rt_reduce_backward(c, RT_REDUCE_##WHICH, axes_of(c));                              \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text, .opts = opts,                              \
			.params_size = sizeof(struct attrs)},                                      \
		.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,                              \
		.bwd_in = x,                                                                       \
		.bwd_out = y,                                                                      \
		.infer = check,                                                                    \
		.work_size = rt_reduce_work,                                                       \
		.forward = Name##_forward,                                                         \
		.backward = Name##_backward,                                                       \
	};

REDUCTION(ReduceL1, L1, infer, 1, 0, "sum of absolute values over axes")
REDUCTION(ReduceL2, L2, infer, 1, 1, "Euclidean length over axes")
REDUCTION(ReduceLogSum, LOG_SUM, infer, 0, 1, "logarithm of the sum over axes")
REDUCTION(ReduceLogSumExp, LOG_SUM_EXP, infer, 1, 1,
	  "logarithm of the sum of exponentials over axes")
REDUCTION(ReduceMax, MAX, infer_extreme, 1, 1, "largest element over axes")
REDUCTION(ReduceMean, MEAN, infer_some, 0, 0, "mean over axes")
REDUCTION(ReduceMin, MIN, infer_extreme, 1, 1, "smallest element over axes")
REDUCTION(ReduceProd, PROD, infer, 1, 0, "product over axes")
REDUCTION(ReduceSumSquare, SUM_SQUARE, infer, 1, 0, "sum of squares over axes")
