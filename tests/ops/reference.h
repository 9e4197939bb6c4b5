/* reference.h - convolution as the formula says it, slow and obvious, in double precision. */
#ifndef RT_TESTS_OPS_REFERENCE_H
#define RT_TESTS_OPS_REFERENCE_H

#include "tensor/conv.h"

/* y (N,K,P,Q) = x * w + b; b may be NULL. */
void reference_conv(const struct rt_conv *g, double *y, const float *x, const float *w,
		    const float *b);

/* dx, dw += their gradients; each may be NULL. */
void reference_conv_backward(const struct rt_conv *g, double *dx, double *dw, const float *dy,
			     const float *x, const float *w);

#endif
