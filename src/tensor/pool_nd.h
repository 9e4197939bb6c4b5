/* pool_nd.h - maxima and means over windows of any number of dimensions; tensor/pool.h has the fast
 * kernels for one and two. */
#ifndef RT_TENSOR_POOL_ND_H
#define RT_TENSOR_POOL_ND_H

#include "tensor/window_nd.h"

/* y (planes,out...) = maxima of x (planes,in...); NaN wins; argmax, unless NULL, receives the
 * element of the plane that won, -1 for a window without any. */
void rt_maxpool_nd(int64_t planes, const struct rt_window_nd *w, float *y, int64_t *argmax,
		   const float *x);

/* y = means of x; count_pads: taps in the declared padding count. */
void rt_avgpool_nd(int64_t planes, const struct rt_window_nd *w, bool count_pads, float *y,
		   const float *x);

/* dx += dy / count at every tap. */
void rt_avgpool_nd_backward(int64_t planes, const struct rt_window_nd *w, bool count_pads,
			    float *dx, const float *dy);

#endif
