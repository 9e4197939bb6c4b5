/* max_pool.h - what operators that contain a MaxPool need to know of it. */
#ifndef RT_OPS_MAX_POOL_H
#define RT_OPS_MAX_POOL_H

#include "graph/op.h"
#include "tensor/pool.h"

/* The geometry of a sound call of MaxPool over planes of f32 whose indices nobody wants; false for
 * any other. */
bool rt_max_pool_of_call(struct rt_pool *g, const struct rt_call *c);

#endif
