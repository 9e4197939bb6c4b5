/* reduce.h - what the reductions over axes have in common (tensor/reduce.h does the work). */
#ifndef RT_OPS_REDUCE_H
#define RT_OPS_REDUCE_H

#include "graph/op.h"
#include "tensor/reduce.h"

/* Shape rule: the axes in the bits of `axes` (all when 0) are reduced, and stay with length 1 when
 * keep is set. */
void rt_reduce_shape(struct rt_shape *y, const struct rt_shape *x, unsigned axes, bool keep);

/* out[0] = f over the axes of in[0]. */
void rt_reduce_forward(const struct rt_call *c, enum rt_reduction f, unsigned axes);

/* Adds to in[0].grad; rt_reduce_work() is the work it takes. */
void rt_reduce_backward(const struct rt_call *c, enum rt_reduction f, unsigned axes);
size_t rt_reduce_work(const struct rt_call *c);

#endif
