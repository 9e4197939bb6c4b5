/* random_uniform.c - RandomUniform: numbers equally likely between low and high. */
#include "config.h"

#include "ops/ops.h"
#include "ops/random.h"

static const struct rt_opt opts[] = {
	RT_RANDOM_DTYPE("1"),
	RT_RANDOM_SHAPE,
	RT_RANDOM_RANGE,
	RT_RANDOM_SEED,
	{0},
};

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
	.infer = rt_random_infer_given,
	.forward = rt_random_uniform,
};
