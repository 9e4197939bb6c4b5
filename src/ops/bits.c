/* bits.c - BitwiseAnd, BitwiseOr, BitwiseXor and BitwiseNot of whole numbers, and BitShift of
 * unsigned ones.  ONNX has all but BitShift from opset 18.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

static enum rt_status infer_pair(struct rt_call *c, struct rt_err *err)
{
	return rt_pair_infer(c, RT_SIGNED | RT_UNSIGNED, err);
}

#define BITWISE(Name, WHICH, text)                                                                 \
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
	};

BITWISE(BitwiseAnd, AND, "the bits that both have, with broadcasting")
BITWISE(BitwiseOr, OR, "the bits that one or both have, with broadcasting")
BITWISE(BitwiseXor, XOR, "the bits that one alone has, with broadcasting")

/* --- BitwiseNot --------------------------------------------------------------------------- */

static enum rt_status infer_not(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_type(c, 0, "input is", RT_SIGNED | RT_UNSIGNED, err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* x with all bits turned. */
static void not_forward(const struct rt_call *c)
{
	static const int64_t ones = -1; /* of any width */

	rt_arith_scalar(c, RT_BINARY_XOR, c->in[0].data, &ones);
}

const struct rt_op rt_op_BitwiseNot = {
	.row = {.name = "BitwiseNot", .summary = "every bit turned"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.infer = infer_not,
	.forward = not_forward,
};

/* --- BitShift ----------------------------------------------------------------------------- */

struct bit_shift {
	int direction;
};

static const char *const directions[] = {"LEFT", "RIGHT", NULL};

static const struct rt_opt shift_opts[] = {
	{"direction", "where the bits go: LEFT doubles, RIGHT halves", RT_CHOICE,
	 offsetof(struct bit_shift, direction), .choices = directions, .example = "LEFT",
	 .flags = RT_OPT_REQUIRED},
	{0},
};

static enum rt_status infer_shift(struct rt_call *c, struct rt_err *err)
{
	return rt_pair_infer(c, RT_UNSIGNED, err);
}

static void shift_forward(const struct rt_call *c)
{
	rt_arith_forward(c, RT_ATTRS(bit_shift, c)->direction == 0 ? RT_BINARY_SHIFT_LEFT
								   : RT_BINARY_SHIFT_RIGHT);
}

const struct rt_op rt_op_BitShift = {
	.row = {.name = "BitShift", .summary = "the bits of a moved by b places, with broadcasting",
		.opts = shift_opts, .params_size = sizeof(struct bit_shift)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE,
	.infer = infer_shift,
	.forward = shift_forward,
};
