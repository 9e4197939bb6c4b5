/* sign.c - Sign: -1, 0 or 1, of real or whole numbers; the gradient is 0. */
#include "config.h"

#include "ops/arith.h"
#include "ops/known.h"
#include "ops/ops.h"
#include "ops/unary.h"

static void forward(const struct rt_call *c)
{
	const struct rt_dtype_row *type = rt_dtype(c->in[0].dtype);

	if (type->is_float) {
		rt_unary_forward(c, RT_POINT_SIGN, 0, 0);
		return;
	}
	rt_arith_number(c, RT_BINARY_MAX, c->in[0].data, type->is_signed ? -1 : 0);
	rt_arith_number(c, RT_BINARY_MIN, c->out[0].data, 1);
}

const struct rt_op rt_op_Sign = {
	.row = {.name = "Sign", .summary = "-1, 0 or 1 as x is negative, zero or positive"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.infer = rt_unary_infer_number,
	.forward = forward,
	.backward = rt_flat_backward,
};
