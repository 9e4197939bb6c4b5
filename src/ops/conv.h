/* conv.h - what operators that contain a Conv need to know of it. */
#ifndef RT_OPS_CONV_H
#define RT_OPS_CONV_H

#include "graph/op.h"
#include "tensor/conv.h"

/* The geometry of a sound call of Conv with one or two spatial dimensions; false where it has
 * more. */
bool rt_conv_of_call(struct rt_conv *g, const struct rt_call *c);

#endif
