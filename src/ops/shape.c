/* shape.c - Shape: the dimensions [start, end) of the input as i64. */
#include "config.h"

#include "ops/ops.h"

struct attrs {
	int64_t start, end;
};

static const struct rt_opt opts[] = {
	{"start", "first dimension, from the end when negative", RT_INT,
	 offsetof(struct attrs, start), "0"},
	{"end", "dimension behind the last, from the end when negative; all by default", RT_INT,
	 offsetof(struct attrs, end)},
	{0},
};

static int held(int64_t axis, int rank)
{
	if (axis < 0)
		axis += rank;
	return (int)(axis < 0 ? 0 : axis > rank ? rank : axis);
}

static void span(const struct rt_call *c, int *lo, int *hi)
{
	const struct attrs *a = c->attrs;
	int rank = c->in[0].shape.rank;

	*lo = held(a->start, rank);
	*hi = a->end == RT_UNSET_INT ? rank : held(a->end, rank);
	if (*hi < *lo)
		*hi = *lo;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int lo, hi;

	(void)err;
	span(c, &lo, &hi);
	c->out[0].dtype = RT_I64;
	c->out[0].shape = RT_SHAPE(hi - lo);
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	int64_t *y = c->out[0].data;
	int lo, hi;

	span(c, &lo, &hi);
	for (int d = lo; d < hi; d++)
		y[d - lo] = c->in[0].shape.dim[d];
}

/* A shape does not change with the elements. */
static void backward(const struct rt_call *c)
{
	(void)c;
}

const struct rt_op rt_op_Shape = {
	.row = {.name = "Shape", .summary = "the dimensions of the input", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_OF_SHAPES,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
