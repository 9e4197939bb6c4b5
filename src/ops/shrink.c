/* shrink.c - Shrink: y = x + bias for x < -lambd, x - bias for x > lambd, else 0; soft thresholding
 * where bias is lambd.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static const struct rt_opt opts[] = {
	{"bias", "how far the others move", RT_REAL, RT_UNARY_Q, "0"},
	{"lambd", "where near ends", RT_REAL, RT_UNARY_P, "0.5"},
	{0},
};

RT_UNARY_WITH(Shrink, SHRINK, in, RT_OP_ACTIVATION,
	      "numbers near 0 become 0, others move towards it")
