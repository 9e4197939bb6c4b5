/* many.h - operators that take any number of inputs and combine them with broadcasting: Max, Min,
 * Sum and Mean.
 */
#ifndef RT_OPS_MANY_H
#define RT_OPS_MANY_H

#include "graph/op.h"
#include "tensor/binary.h"

/* Shape rule: what all inputs broadcast to; they are of one type, which is in the set (want.h).
 * Error RT_ESHAPE. */
enum rt_status rt_many_infer(struct rt_call *c, unsigned types, struct rt_err *err);

/* out[0] = in[0] f in[1] f in[2] ... */
void rt_many_forward(const struct rt_call *c, enum rt_binary f);

#endif
