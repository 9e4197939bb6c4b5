/* reverse_sequence.c - ReverseSequence: the first in[1][b] steps of each sequence b backwards, the
 * rest as it is.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <inttypes.h>
#include <string.h>

struct attrs {
	int64_t batch_axis, time_axis;
};

static const struct rt_opt opts[] = {
	{"batch_axis", "which of the first two axes counts the sequences", RT_INT,
	 offsetof(struct attrs, batch_axis), "1", 0, 1},
	{"time_axis", "which of the first two axes counts their steps", RT_INT,
	 offsetof(struct attrs, time_axis), "0", 0, 1},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct attrs *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape;
	const int64_t *length = c->in[1].data;

	if (x->rank < 2)
		return rt_fail(err, RT_ESHAPE, "input has %d dimensions; 2 and more are wanted",
			       x->rank);
	if (a->batch_axis == a->time_axis)
		return rt_fail(err, RT_ESHAPE, "batch_axis and time_axis are both %" PRId64,
			       a->time_axis);
	RT_TRY(rt_want_type(c, 1, "lengths are", RT_TYPE_BIT(RT_I64), err));
	if (c->in[1].shape.rank != 1 || c->in[1].shape.dim[0] != x->dim[a->batch_axis])
		return rt_fail(err, RT_ESHAPE, "%" PRId64 " lengths for %" PRId64 " sequences",
			       rt_shape_count(&c->in[1].shape), x->dim[a->batch_axis]);
	for (int64_t b = 0; length && b < c->in[1].shape.dim[0]; b++)
		if (length[b] < 0 || length[b] > x->dim[a->time_axis])
			return rt_fail(err, RT_ESHAPE,
				       "length %" PRId64 " of sequence %" PRId64
				       ", which has %" PRId64 " steps",
				       length[b], b, x->dim[a->time_axis]);
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = *x;
	return RT_OK;
}

/* The slice of the input that becomes slice i, of the first two axes taken as one. */
static int64_t source(const struct rt_call *c, int64_t i)
{
	const bool time_first = RT_ATTRS(attrs, c)->time_axis == 0;
	const int64_t W = c->in[0].shape.dim[1];
	const int64_t t = time_first ? i / W : i % W, b = time_first ? i % W : i / W;
	const int64_t length = ((const int64_t *)c->in[1].data)[b];
	const int64_t steps = c->in[0].shape.dim[time_first ? 0 : 1];
	const int64_t end = length < steps ? length : steps;
	const int64_t from = t < end ? end - 1 - t : t;

	return time_first ? from * W + b : b * W + from;
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	const size_t slice = (size_t)rt_shape_span(x, 2, x->rank) * rt_dtype(c->in[0].dtype)->size;

	for (int64_t i = 0; i < x->dim[0] * x->dim[1]; i++)
		memcpy((char *)c->out[0].data + (size_t)i * slice,
		       (const char *)c->in[0].data + (size_t)source(c, i) * slice, slice);
}

static void backward(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	const int64_t slice = rt_shape_span(x, 2, x->rank);

	if (!c->in[0].grad || !c->out[0].grad)
		return;
	for (int64_t i = 0; i < x->dim[0] * x->dim[1]; i++) {
		const int64_t from = source(c, i);

		for (int64_t k = 0; k < slice; k++)
			c->in[0].grad[from * slice + k] += c->out[0].grad[i * slice + k];
	}
}

const struct rt_op rt_op_ReverseSequence = {
	.row = {.name = "ReverseSequence", .summary = "the first steps of each sequence backwards",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
