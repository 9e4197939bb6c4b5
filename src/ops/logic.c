/* logic.c - And, Or, Xor and Not of truth values. */
#include "config.h"

#include "ops/arith.h"
#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

static enum rt_status infer_pair(struct rt_call *c, struct rt_err *err)
{
	return rt_pair_infer(c, RT_TRUTH, err);
}

static enum rt_status infer_not(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_type(c, 0, "input is", RT_TRUTH, err));
	c->out[0].dtype = RT_BOOL8;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void not_forward(const struct rt_call *c)
{
	int64_t n = rt_shape_count(&c->in[0].shape);
	const unsigned char *x = c->in[0].data;
	unsigned char *y = c->out[0].data;

	for (int64_t i = 0; i < n; i++)
		y[i] = !x[i];
}

#define LOGIC(Name, WHICH, text)                                                                   \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		rt_arith_forward(c, RT_BINARY_##WHICH);                                            \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text},                                           \
		.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,                              \
		.flags = RT_OP_INPLACE,                                                            \
		.infer = infer_pair,                                                               \
		.forward = Name##_forward,                                                         \
		.backward = rt_flat_backward,                                                      \
	};

LOGIC(And, AND, "whether both are true, with broadcasting")
LOGIC(Or, OR, "whether one or both are true, with broadcasting")
LOGIC(Xor, XOR, "whether one alone is true, with broadcasting")

const struct rt_op rt_op_Not = {
	.row = {.name = "Not", .summary = "true where x is false"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.infer = infer_not,
	.forward = not_forward,
	.backward = rt_flat_backward,
};
