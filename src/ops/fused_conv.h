/* fused_conv.h - convolution, batch normalization, addition and clamping in one step, for inference
 * plans. */
#ifndef RT_OPS_FUSED_CONV_H
#define RT_OPS_FUSED_CONV_H

#include "ops/conv.h"

/* Inputs: x, w, b of Conv, then scale, shift, mean, variance of BatchNormalization, then what is
 * added before clamping, of the shape of the result; absent ones are left out.  Not in the list of
 * operators: only the planner makes it. */
extern const struct rt_op rt_op_fused_conv;

struct rt_fused_conv {
	const void *conv;	/* attributes of the Conv, borrowed */
	double epsilon;		/* of the batch normalization */
	double lo, hi;		/* y is clamped to lo .. hi: Relu is 0 .. inf, ReLU6 0 .. 6 */
	bool pool;		/* y is the largest of every 2 by 2 of those, side by side; where
				   rt_conv_pools() says so, and nothing is added */
};

/* Floats of what the normalization becomes, which lie before the work space of the convolution. */
size_t rt_fused_conv_factors(const struct rt_call *c);

/* The convolution inside, with the work space behind that, and what follows it. */
struct rt_call rt_fused_conv_parts(const struct rt_call *c, struct rt_conv_post *post);

/* a (K) and c (K) of a call with batch normalization, for a convolution with bias b (K) or NULL. */
void rt_fused_conv_fold(const struct rt_call *c, double epsilon, float *a, float *shift,
			   const float *b);

#endif
