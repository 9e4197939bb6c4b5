/* leaky_relu.c - LeakyRelu: y = x for x > 0, else alpha x. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static const struct rt_opt opts[] = {
	{"alpha", "slope for negative inputs", RT_REAL, RT_UNARY_P, "0.01"},
	{0},
};

RT_UNARY_WITH(LeakyRelu, LEAKY_RELU, in, RT_OP_ACTIVATION,
	      "x where it is positive, else a small multiple of it")
