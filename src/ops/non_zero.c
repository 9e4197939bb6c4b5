/* non_zero.c - NonZero: the places of the elements that are not 0, as (rank, how many) i64. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

static bool is_zero(const struct rt_arg *x, int64_t i)
{
	double v;

	rt_convert(&v, RT_F64, (const char *)x->data + (size_t)i * rt_dtype(x->dtype)->size,
		   x->dtype, 1);
	return v == 0;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int64_t n = rt_shape_count(&c->in[0].shape), found = 0;

	RT_TRY(rt_known_data(c, 0, "input", err));
	for (int64_t i = 0; i < n; i++)
		found += !is_zero(&c->in[0], i);
	c->out[0].dtype = RT_I64;
	c->out[0].shape = RT_SHAPE(c->in[0].shape.rank, found);
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	const int64_t n = rt_shape_count(x), found = c->out[0].shape.dim[1];
	int64_t *y = c->out[0].data, k = 0;

	for (int64_t i = 0; i < n; i++) {
		int64_t rest = i;

		if (is_zero(&c->in[0], i))
			continue;
		for (int d = x->rank - 1; d >= 0; d--) {
			y[d * found + k] = rest % x->dim[d];
			rest /= x->dim[d];
		}
		k++;
	}
}

const struct rt_op rt_op_NonZero = {
	.row = {.name = "NonZero", .summary = "the places of the elements that are not 0"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = rt_flat_backward,
};
