/* random_normal.c - RandomNormal: normal random numbers. */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE("1"),
	RT_RANDOM_SHAPE,
	RT_RANDOM_MOMENTS,
	RT_RANDOM_SEED,
	{0},
};

const struct rt_op rt_op_RandomNormal = {
	.row = {.name = "RandomNormal", .summary = "normal random numbers", .opts = opts,
		.params_size = sizeof(struct rt_random_attrs)},
	.min_in = 0, .max_in = 0, .min_out = 1, .max_out = 1,
	.flags = RT_OP_RANDOM,
	.infer = rt_random_infer_given,
	.forward = rt_random_normal,
};
