/* selu.c - Selu: y = gamma x for x > 0, else gamma alpha (e^x - 1) (Klambauer et al.,
 * arXiv 1706.02515).
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static const struct rt_opt opts[] = {
	{"alpha", "the limit for very negative inputs before scaling, with the sign turned",
	 RT_REAL, RT_UNARY_P, "1.67326319217681884765625"},
	{"gamma", "the scale", RT_REAL, RT_UNARY_Q, "1.05070102214813232421875"},
	{0},
};

RT_UNARY_WITH(Selu, SELU, in, RT_OP_ACTIVATION, "a scaled Elu that keeps mean and variance")
