/* hard_sigmoid.c - HardSigmoid: y = max(0, min(1, alpha x + beta)). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static const struct rt_opt opts[] = {
	{"alpha", "slope", RT_REAL, RT_UNARY_P, "0.2"},
	{"beta", "value at 0", RT_REAL, RT_UNARY_Q, "0.5"},
	{0},
};

RT_UNARY_WITH(HardSigmoid, HARD_SIGMOID, out, RT_OP_ACTIVATION,
	      "a straight line held between 0 and 1")
