/* random_normal_like.c - RandomNormalLike: normal random numbers in the input's shape. */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE(NULL),
	{.name = "mean", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, low),
	 .init = "0", .summary = "mean"},
	{.name = "scale", .type = RT_REAL, .offset = offsetof(struct rt_random_attrs, high),
	 .init = "1", .summary = "standard deviation"},
	RT_RANDOM_SEED,
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	return rt_random_infer(c, &c->in[0].shape, c->in[0].dtype, err);
}

const struct rt_op rt_op_RandomNormalLike = {
	.row = {.name = "RandomNormalLike",
		.summary = "normal random numbers of the input's shape",
		.opts = opts,
		.params_size = sizeof(struct rt_random_attrs)},
	.min_in = 1,
	.max_in = 1,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_RANDOM,
	.infer = infer,
	.forward = rt_random_normal,
};
