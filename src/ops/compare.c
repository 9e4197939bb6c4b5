/* compare.c - Equal, Less, LessOrEqual, Greater and GreaterOrEqual: which of two numbers is larger,
 * with broadcasting.  The result is bool and does not change with small changes of the inputs.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/compare.h"

static enum rt_status infer_any(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_pair_infer(c, RT_ANY_TYPE, err));
	c->out[0].dtype = RT_BOOL8;
	return RT_OK;
}

static enum rt_status infer_number(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_pair_infer(c, RT_NUMBERS, err));
	c->out[0].dtype = RT_BOOL8;
	return RT_OK;
}

static void forward(const struct rt_call *c, enum rt_comparison f)
{
	rt_compare(f, c->in[0].dtype, c->out[0].data, &c->out[0].shape, rt_operand(&c->in[0]),
		   rt_operand(&c->in[1]));
}

#define COMPARISON(Name, WHICH, check, text)                                                       \
	static void Name##_forward(const struct rt_call *c)                                        \
	{                                                                                          \
		forward(c, WHICH);                                                                 \
	}                                                                                          \
	const struct rt_op rt_op_##Name = {                                                        \
		.row = {.name = #Name, .summary = text},                                           \
		.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,                              \
		.infer = check,                                                                    \
		.forward = Name##_forward,                                                         \
		.backward = rt_flat_backward,                                                      \
	};

COMPARISON(Equal, RT_EQUAL, infer_any, "whether two elements are equal, with broadcasting")
COMPARISON(Greater, RT_GREATER, infer_number, "whether a > b, with broadcasting")
COMPARISON(GreaterOrEqual, RT_GREATER_OR_EQUAL, infer_number, "whether a >= b, with broadcasting")
COMPARISON(Less, RT_LESS, infer_number, "whether a < b, with broadcasting")
COMPARISON(LessOrEqual, RT_LESS_OR_EQUAL, infer_number, "whether a <= b, with broadcasting")
