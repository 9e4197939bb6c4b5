/* arg_max.c - ArgMax and ArgMin: the place of the largest or smallest element along an axis. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/order.h"

struct attrs {
	int64_t axis;
	bool keepdims, select_last_index;
};

static const struct rt_opt opts[] = {
	{"axis", "the axis searched along; negative counts from the end", RT_INT,
	 offsetof(struct attrs, axis), "0"},
	{"keepdims", "leave the axis with length 1", RT_BOOL, offsetof(struct attrs, keepdims),
	 "yes"},
	{"select_last_index", "of equal elements the last, not the first", RT_BOOL,
	 offsetof(struct attrs, select_last_index), "no"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_shape *y = &c->out[0].shape;
	int axis;

	RT_TRY(rt_want_type(c, 0, "input is", RT_NUMBERS, err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(attrs, c)->axis, x, err));
	c->out[0].dtype = RT_I64;
	y->rank = 0;
	for (int d = 0; d < x->rank; d++)
		if (d != axis || RT_ATTRS(attrs, c)->keepdims)
			y->dim[y->rank++] = d == axis ? 1 : x->dim[d];
	return RT_OK;
}

/* One line of keys. */
static size_t work_size(const struct rt_call *c)
{
	int64_t most = 1;

	for (int d = 0; d < c->in[0].shape.rank; d++)
		most = c->in[0].shape.dim[d] > most ? c->in[0].shape.dim[d] : most;
	return (size_t)most * sizeof(uint64_t);
}

static void forward(const struct rt_call *c, bool largest)
{
	const struct rt_shape *x = &c->in[0].shape;
	const struct attrs *a = c->attrs;
	const int axis = (int)(a->axis < 0 ? a->axis + x->rank : a->axis);
	const int64_t A = rt_shape_span(x, 0, axis), D = x->dim[axis];
	const int64_t B = rt_shape_span(x, axis + 1, x->rank);
	const size_t size = rt_dtype(c->in[0].dtype)->size;
	uint64_t *key = c->work;
	int64_t *y = c->out[0].data;

	for (int64_t i = 0; i < A * B; i++) {
		int64_t best = 0, from = i / B * D * B + i % B;

		rt_order_keys(key, (const char *)c->in[0].data + (size_t)from * size,
			      c->in[0].dtype, D, B);
		for (int64_t d = 1; d < D; d++)
			if ((largest ? key[d] > key[best] : key[d] < key[best]) ||
			    (a->select_last_index && key[d] == key[best]))
				best = d;
		y[i] = best;
	}
}

static void forward_max(const struct rt_call *c)
{
	forward(c, true);
}

static void forward_min(const struct rt_call *c)
{
	forward(c, false);
}

const struct rt_op rt_op_ArgMax = {
	.row = {.name = "ArgMax", .summary = "the place of the largest element along an axis",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward_max,
	.backward = rt_flat_backward,
};

const struct rt_op rt_op_ArgMin = {
	.row = {.name = "ArgMin", .summary = "the place of the smallest element along an axis",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward_min,
	.backward = rt_flat_backward,
};
