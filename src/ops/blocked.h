/* blocked.h - the steps of inference on values whose channels lie in blocks.
 *
 * Not in the list of operators: only the planner makes them (exec/blocked.c).  Between them a value
 * (N,C,H,W) is (N, C / 16 rounded up, H, W, 16) (tensor/blocked.h); operators that treat every
 * number by itself run on that as they are.  What lies behind the last channel is finite and means
 * nothing.
 */
#ifndef RT_OPS_BLOCKED_H
#define RT_OPS_BLOCKED_H

#include "graph/op.h"
#include "tensor/conv.h"
#include "tensor/blocked.h"

/* Inputs as those of FusedConv: x, w, b, then scale, shift, mean, variance of BatchNormalization,
 * then what is added.  Without w: the batch normalization of x alone. */
enum { RT_BLOCKED_CONV_INS = 8 };
struct rt_blocked_conv {
	struct rt_conv g;
	double epsilon;			/* of the batch normalization */
	double lo, hi;			/* y is clamped to lo .. hi */
	bool x_planes;			/* x lies in planes: that of a first layer */
};
extern const struct rt_op rt_op_blocked_conv;

struct rt_blocked_window {
	struct rt_pool g;		/* its planes are blocks */
};
extern const struct rt_op rt_op_blocked_max_pool, rt_op_blocked_average_pool;

/* The mean of every channel; y lies in planes. */
extern const struct rt_op rt_op_blocked_mean;

/* Between planes and blocks.  The view is for planes of one number in whole blocks, which lie the
 * same either way. */
extern const struct rt_op rt_op_to_blocks, rt_op_to_planes, rt_op_blocked_view;

#endif
