/* fused_conv.h - convolution, batch normalization, addition and clamping in one step, for inference
 * plans. */
#ifndef RT_OPS_FUSED_CONV_H
#define RT_OPS_FUSED_CONV_H

#include "graph/op.h"

/* Inputs: x, w, b of Conv, then scale, shift, mean, variance of BatchNormalization, then what is
 * added before clamping, of the shape of the result; absent ones are left out.  Not in the list of
 * operators: only the planner makes it. */
extern const struct rt_op rt_op_fused_conv;

struct rt_fused_conv {
	const void *conv;	/* attributes of the Conv, borrowed */
	double epsilon;		/* of the batch normalization */
	double lo, hi;		/* y is clamped to lo .. hi: Relu is 0 .. inf, ReLU6 0 .. 6 */
};

#endif
