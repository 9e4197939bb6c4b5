/* celu.c - Celu: y = max(0, x) + min(0, alpha (e^(x / alpha) - 1)) (Barron, arXiv 1704.07483). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static const struct rt_opt opts[] = {
	{"alpha", "the limit for very negative inputs, with the sign turned", RT_REAL,
	 RT_UNARY_P, "1"},
	{0},
};

RT_UNARY_WITH(Celu, CELU, in, RT_OP_ACTIVATION, "an Elu whose slope is continuous for every alpha")
