/* max_unpool.c - MaxUnpool: the maxima of MaxPool back at the places its Indices name, zeros
 * elsewhere.
 *
 * Indices count through the tensor that strides, pads and kernel lead back to; with output_shape
 * the result may be larger, and every element keeps its coordinates.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"

#include <inttypes.h>
#include <string.h>

static const struct rt_opt opts[] = {
	RT_WINDOW_OPTS(RT_OPT_REQUIRED),
	{0},
};

/* The shape that was pooled. */
static enum rt_status pooled(struct rt_shape *s, const struct rt_call *c, struct rt_err *err)
{
	const struct rt_window_attrs *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape;
	int spatial = x->rank - 2;
	int64_t dim[RT_MAX_RANK];

	if (spatial < 1)
		return rt_fail(err, RT_ESHAPE, "input has %d dimensions, 3 at least are wanted",
			       x->rank);
	RT_TRY(rt_window_check_lists(a, NULL, spatial, err));
	for (int d = 0; d < x->rank; d++)
		dim[d] = d < 2 ? x->dim[d]
			       : (x->dim[d] - 1) * rt_window_number(&a->strides, d - 2, 1) +
					 a->kernel_shape.v[d - 2] -
					 rt_window_number(&a->pads, d - 2, 0) -
					 rt_window_number(&a->pads, spatial + d - 2, 0);
	return rt_known_shape(s, dim, x->rank, err);
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_known given;
	struct rt_shape s;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	if (c->in[1].dtype != RT_I64 || !rt_shape_equal(&c->in[0].shape, &c->in[1].shape))
		return rt_fail(err, RT_ESHAPE, "indices must be i64 of the input's shape");
	RT_TRY(pooled(&s, c, err));
	RT_TRY(rt_known_list(&given, c, 2, "output_shape", err));
	c->out[0].dtype = RT_F32;
	if (!given.n)
		return rt_known_shape(&c->out[0].shape, s.dim, s.rank, err);
	if (given.n != s.rank)
		return rt_fail(err, RT_ESHAPE, "output_shape has %d numbers, %d are wanted",
			       given.n, s.rank);
	return rt_known_shape(&c->out[0].shape, given.v, given.n, err);
}

/* The element of y that index i of the pooled shape s is; -1 when it is outside. */
static int64_t place(const struct rt_shape *s, const struct rt_shape *y, int64_t i)
{
	int64_t index[RT_MAX_RANK], at = 0;

	if (i < 0 || i >= rt_shape_count(s))
		return -1;
	rt_unravel(s->rank, s->dim, i, index);
	for (int d = 0; d < s->rank; d++) {
		if (index[d] >= y->dim[d])
			return -1;
		at = at * y->dim[d] + index[d];
	}
	return at;
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *ys = &c->out[0].shape;
	const int64_t *indices = c->in[1].data;
	const float *x = c->in[0].data;
	float *y = c->out[0].data;
	struct rt_shape s;
	struct rt_err err;

	RT_ASSERT(pooled(&s, c, &err) == RT_OK);
	memset(y, 0, (size_t)rt_shape_count(ys) * sizeof(*y));
	for (int64_t i = 0; i < rt_shape_count(&c->in[0].shape); i++) {
		int64_t at = place(&s, ys, indices[i]);

		if (at >= 0)
			y[at] = x[i];
	}
}

static void backward(const struct rt_call *c)
{
	const int64_t *indices = c->in[1].data;
	struct rt_shape s;
	struct rt_err err;

	RT_ASSERT(pooled(&s, c, &err) == RT_OK);
	for (int64_t i = 0; c->in[0].grad && i < rt_shape_count(&c->in[0].shape); i++) {
		int64_t at = place(&s, &c->out[0].shape, indices[i]);

		if (at >= 0)
			c->in[0].grad[i] += c->out[0].grad[at];
	}
}

const struct rt_op rt_op_MaxUnpool = {
	.row = {.name = "MaxUnpool", .summary = "maxima back at the places they came from",
		.opts = opts, .params_size = sizeof(struct rt_window_attrs)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 2 | 4,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
