/* reduce.h - what the reductions over axes have in common. */
#ifndef RT_OPS_REDUCE_H
#define RT_OPS_REDUCE_H

#include "graph/op.h"

/* Shape rule: the axes in the bits of `axes` (all when 0) are summed over, and stay with length 1
 * when keep is set.  f32 only.  Error RT_ESHAPE. */
enum rt_status rt_reduce_infer(struct rt_call *c, unsigned axes, bool keep, struct rt_err *err);

/* out[0] = sum over the axes, or their mean. */
void rt_reduce_forward(const struct rt_call *c, unsigned axes, bool mean);

/* Adds to in[0].grad. */
void rt_reduce_backward(const struct rt_call *c, unsigned axes, bool mean);

#endif
