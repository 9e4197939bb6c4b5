/* lp.h - lengths by the p-norm, (sum |x|^p)^(1/p), along lines and over windows.
 *
 * dy / dx = sign(x) (|x| / y)^(p-1), taken as 0 where y is
 */
#ifndef RT_TENSOR_LP_H
#define RT_TENSOR_LP_H

#include "tensor/window_nd.h"

/* y (A,B) from x (A,D,B); p from 1 on. */
void rt_lp(int64_t A, int64_t D, int64_t B, int64_t p, float *y, const float *x);
/* dx += */
void rt_lp_backward(int64_t A, int64_t D, int64_t B, int64_t p, float *dx, const float *dy,
		    const float *y, const float *x);

/* y (planes,out...) from the windows of x (planes,in...); the padding counts as zeros. */
void rt_lp_pool(int64_t planes, const struct rt_window_nd *w, int64_t p, float *y, const float *x);
/* dx += */
void rt_lp_pool_backward(int64_t planes, const struct rt_window_nd *w, int64_t p, float *dx,
			 const float *dy, const float *y, const float *x);

#endif
