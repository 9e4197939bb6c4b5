/* elu.c - Elu: y = x for x > 0, else alpha (e^x - 1) (Clevert et al., arXiv 1511.07289). */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static const struct rt_opt opts[] = {
	{"alpha", "the limit for very negative inputs, with the sign turned", RT_REAL,
	 RT_UNARY_P, "1"},
	{0},
};

RT_UNARY_WITH(Elu, ELU, in, RT_OP_ACTIVATION,
	      "x where it is positive, else an exponential curve below 0")
