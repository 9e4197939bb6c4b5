/* fused_norm.h - batch normalization, addition and clamping in one step, for plans that train. */
#ifndef RT_OPS_FUSED_NORM_H
#define RT_OPS_FUSED_NORM_H

#include "graph/op.h"

/* Inputs: those of BatchNormalization, then, unless it is left out, what is added before clamping,
 * of the shape of the result.  Not in the list of operators: only the planner makes it. */
extern const struct rt_op rt_op_fused_norm;

struct rt_fused_norm {
	const void *norm;	/* attributes of the BatchNormalization, borrowed */
	double lo, hi;		/* y is clamped to lo .. hi: Relu is 0 .. inf, ReLU6 0 .. 6 */
};

#endif
