/* random_normal_like.c - RandomNormalLike: normal random numbers in the input's shape. */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE(NULL),
	RT_RANDOM_MOMENTS,
	RT_RANDOM_SEED,
	{0},
};

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
	.infer = rt_random_infer_like,
	.forward = rt_random_normal,
};
