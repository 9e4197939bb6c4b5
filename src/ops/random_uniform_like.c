/* random_uniform_like.c - RandomUniformLike: numbers equally likely between low and high, in the
 * input's shape. */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE(NULL),
	{.name = "low", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, low),
	 .init = "0", .summary = "lower end"},
	{.name = "high", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, high),
	 .init = "1", .summary = "upper end"},
	RT_RANDOM_SEED,
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	return rt_random_infer(c, &c->in[0].shape, c->in[0].dtype, err);
}

const struct rt_op rt_op_RandomUniformLike = {
	.row = {.name = "RandomUniformLike",
		.summary = "random numbers of the input's shape, equally likely in a range",
		.opts = opts,
		.params_size = sizeof(struct rt_random_attrs)},
	.min_in = 1,
	.max_in = 1,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_RANDOM,
	.infer = infer,
	.forward = rt_random_uniform,
};
