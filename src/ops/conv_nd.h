/* conv_nd.h - Conv over more than two spatial dimensions; conv.c calls it. */
#ifndef RT_OPS_CONV_ND_H
#define RT_OPS_CONV_ND_H

#include "ops/window.h"
#include "tensor/conv_nd.h"

/* Geometry of a convolution of in[0] with in[1]; errors as rt_window_nd_resolve(). */
enum rt_status rt_conv_nd_geometry(struct rt_conv_nd *g, const struct rt_window_attrs *a,
				   int64_t groups, const struct rt_call *c, struct rt_err *err);

void rt_conv_nd_call_forward(const struct rt_conv_nd *g, const struct rt_call *c);
void rt_conv_nd_call_backward(const struct rt_conv_nd *g, const struct rt_call *c);

#endif
