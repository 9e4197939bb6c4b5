/* trilu.c - Trilu: the upper or lower triangle of matrices, 0 elsewhere; in[1] names the diagonal
 * where it ends: 0 is the main one, more is above.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <string.h>

struct attrs {
	bool upper;
};

static const struct rt_opt opts[] = {
	{"upper", "the upper triangle, not the lower", RT_BOOL, offsetof(struct attrs, upper),
	 "yes"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_type(c, 1, "k is", RT_TYPE_BIT(RT_I64), err));
	RT_TRY(rt_want_one(c, 1, "k", err));
	if (c->in[0].shape.rank < 2)
		return rt_fail(err, RT_ESHAPE, "input has %d dimensions; 2 and more are wanted",
			       c->in[0].shape.rank);
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* The columns [*lo, *hi) of row i that stay. */
static void kept(const struct rt_call *c, int64_t i, int64_t W, int64_t *lo, int64_t *hi)
{
	int64_t k = rt_known_number_again(c, 1, 0), edge;

	k = k > INT32_MAX ? INT32_MAX : k < -INT32_MAX ? -INT32_MAX : k;
	edge = i + k + (RT_ATTRS(attrs, c)->upper ? 0 : 1);
	edge = edge < 0 ? 0 : edge > W ? W : edge;
	*lo = RT_ATTRS(attrs, c)->upper ? edge : 0;
	*hi = RT_ATTRS(attrs, c)->upper ? W : edge;
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	const int64_t H = x->dim[x->rank - 2], W = x->dim[x->rank - 1];
	const int64_t rows = rt_shape_span(x, 0, x->rank - 1);
	const size_t size = rt_dtype(c->in[0].dtype)->size;

	memcpy(c->out[0].data, c->in[0].data, (size_t)(rows * W) * size);
	for (int64_t r = 0; r < rows; r++) {
		char *y = (char *)c->out[0].data + (size_t)(r * W) * size;
		int64_t lo, hi;

		kept(c, r % H, W, &lo, &hi);
		memset(y, 0, (size_t)lo * size);
		memset(y + (size_t)hi * size, 0, (size_t)(W - hi) * size);
	}
}

static void backward(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	const int64_t H = x->dim[x->rank - 2], W = x->dim[x->rank - 1];
	const int64_t rows = rt_shape_span(x, 0, x->rank - 1);

	for (int64_t r = 0; c->in[0].grad && c->out[0].grad && r < rows; r++) {
		int64_t lo, hi;

		kept(c, r % H, W, &lo, &hi);
		for (int64_t j = lo; j < hi; j++)
			c->in[0].grad[r * W + j] += c->out[0].grad[r * W + j];
	}
}

const struct rt_op rt_op_Trilu = {
	.row = {.name = "Trilu", .summary = "the upper or lower triangle of matrices", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
