/* thresholded_relu.c - ThresholdedRelu: y = x for x > alpha, else 0. */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"

static const struct rt_opt opts[] = {
	{"alpha", "the threshold", RT_REAL, RT_UNARY_P, "1"},
	{0},
};

RT_UNARY_WITH(ThresholdedRelu, THRESHOLDED_RELU, in, RT_OP_ACTIVATION,
	      "x where it is above a threshold, else 0")
