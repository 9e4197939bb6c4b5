/* random_uniform_like.c - RandomUniformLike: numbers equally likely between low and high, in the
 * input's shape. */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE(NULL),
	RT_RANDOM_RANGE,
	RT_RANDOM_SEED,
	{0},
};

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
	.infer = rt_random_infer_like,
	.forward = rt_random_uniform,
};
