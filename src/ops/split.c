/* split.c - Split: parts of the input along an axis, one an output.
 *
 * in[1] lists their lengths; without it they are equal, with the last one smaller where the axis
 * does not divide (as ONNX has it from opset 18 on).
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

#include <inttypes.h>

struct attrs {
	int64_t axis;
};

static const struct rt_opt opts[] = {
	{"axis", "along which the input is cut; negative counts from the end", RT_INT,
	 offsetof(struct attrs, axis), "0"},
	{0},
};

static int the_axis(const struct rt_call *c)
{
	int64_t axis = RT_ATTRS(attrs, c)->axis;

	return (int)(axis < 0 ? axis + c->in[0].shape.rank : axis);
}

static bool has_list(const struct rt_call *c)
{
	return c->nin > 1 && c->in[1].present;
}

/* How many parts there are, and how long part i is. */
static int64_t parts(const struct rt_call *c)
{
	return has_list(c) ? rt_shape_count(&c->in[1].shape) : c->nout;
}

static int64_t length(const struct rt_call *c, int64_t whole, int64_t i)
{
	int64_t each = (whole + parts(c) - 1) / parts(c), left = whole - i * each;

	if (has_list(c))
		rt_convert(&each, RT_I64, (const char *)c->in[1].data +
			   (size_t)i * rt_dtype(c->in[1].dtype)->size, c->in[1].dtype, 1);
	else if (left < each)
		each = left > 0 ? left : 0;
	return each;
}

static enum rt_status check(const struct rt_call *c, int axis, struct rt_err *err)
{
	int64_t whole = c->in[0].shape.dim[axis], sum = 0;

	if (has_list(c)) {
		RT_TRY(rt_want_type(c, 1, "split is", RT_INDICES, err));
		RT_TRY(rt_want_rank(c, 1, "split", 1, err));
		RT_TRY(rt_known_data(c, 1, "split", err));
	}
	if (parts(c) < c->nout)
		return rt_fail(err, RT_ESHAPE, "%" PRId64 " parts for %d outputs", parts(c),
			       c->nout);
	for (int64_t i = 0; i < parts(c); i++) {
		int64_t n = length(c, whole, i);

		if (n < 0 || n > whole - sum)
			return rt_fail(err, RT_ESHAPE,
				       "part %" PRId64 " has length %" PRId64 ", %" PRId64
				       " are left of the %" PRId64 " of axis %d",
				       i, n, whole - sum, whole, axis);
		sum += n;
	}
	if (sum != whole)
		return rt_fail(err, RT_ESHAPE,
			       "the parts have length %" PRId64 ", axis %d has %" PRId64, sum, axis,
			       whole);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int axis;

	RT_TRY(rt_want_axis(&axis, RT_ATTRS(attrs, c)->axis, &c->in[0].shape, err));
	RT_TRY(check(c, axis, err));
	for (int i = 0; i < c->nout; i++) {
		c->out[i].dtype = c->in[0].dtype;
		c->out[i].shape = c->in[0].shape;
		c->out[i].shape.dim[axis] = length(c, c->in[0].shape.dim[axis], i);
	}
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	int64_t part[RT_MAX_RANK], whole[RT_MAX_RANK], at = 0;
	size_t size = rt_dtype(c->in[0].dtype)->size;
	int axis = the_axis(c);

	rt_steps_dense(whole, &c->in[0].shape);
	for (int i = 0; i < c->nout; i++) {
		const struct rt_arg *y = &c->out[i];

		rt_steps_dense(part, &y->shape);
		if (y->present && rt_shape_count(&y->shape) > 0)
			rt_copy_steps(y->data, part,
				      (const char *)c->in[0].data + (size_t)at * size, whole, size,
				      &y->shape);
		at += length(c, c->in[0].shape.dim[axis], i) * whole[axis];
	}
}

static void backward(const struct rt_call *c)
{
	int64_t part[RT_MAX_RANK], whole[RT_MAX_RANK], at = 0;
	int axis = the_axis(c);

	rt_steps_dense(whole, &c->in[0].shape);
	for (int i = 0; c->in[0].grad && i < c->nout; i++) {
		const struct rt_arg *y = &c->out[i];

		rt_steps_dense(part, &y->shape);
		if (y->present && y->grad && rt_shape_count(&y->shape) > 0)
			rt_add_steps(c->in[0].grad + at, whole, y->grad, part, &y->shape);
		at += length(c, c->in[0].shape.dim[axis], i) * whole[axis];
	}
}

const struct rt_op rt_op_Split = {
	.row = {.name = "Split", .summary = "parts of the input along an axis", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 2, .min_out = 1, .max_out = -1,
	.flags = RT_OP_ALL_OUTPUTS,
	.bwd_in = 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
