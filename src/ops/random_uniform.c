/* random_uniform.c - RandomUniform: numbers equally likely between low and high. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE("1"),
	{RT_RANDOM_OPT(shape, RT_INTS, "of the result"), .max = 2147483647.0, .example = "2 3",
	 .flags = RT_OPT_REQUIRED},
	{.name = "low", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, low),
	 .init = "0", .summary = "lower end"},
	{.name = "high", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, high),
	 .init = "1", .summary = "upper end"},
	RT_RANDOM_SEED,
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_ints *given = &RT_ATTRS(rt_random_attrs, c)->shape;
	struct rt_shape shape;

	RT_TRY(rt_known_shape(&shape, given->v, given->n, err));
	return rt_random_infer(c, &shape, RT_F32, err);
}

const struct rt_op rt_op_RandomUniform = {
	.row = {.name = "RandomUniform",
		.summary = "random numbers, equally likely in a range",
		.opts = opts,
		.params_size = sizeof(struct rt_random_attrs)},
	.min_in = 0,
	.max_in = 0,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_RANDOM,
	.infer = infer,
	.forward = rt_random_uniform,
};
