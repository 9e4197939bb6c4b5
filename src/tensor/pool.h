/* pool.h - maxima and means over windows and over whole planes.
 *
 * Planes are all the (image, channel) pairs of N C H W.  A tap in the padding never wins a maximum;
 * whether it counts in a mean is count_pads (taps that ceil_mode reaches beyond the padding never
 * do).
 */
#ifndef RT_TENSOR_POOL_H
#define RT_TENSOR_POOL_H

#include "tensor/window.h"

#include <stdbool.h>

struct rt_pool {
	int64_t planes;		/* N C */
	struct rt_window win;	/* H W, P Q, R S; at most 2^31 - 1 elements a plane */
	bool count_pads;	/* mean: divide by the window, not by the taps inside */
};

/* y (planes,P,Q) = maxima of x (planes,H,W); NaN wins.  argmax (planes,P,Q), unless NULL, receives
 * the element of the plane that won, the first of equals, -1 for a window without any. */
void rt_maxpool(const struct rt_pool *g, float *y, int32_t *argmax, const float *x);

/* Whether windows are 2 by 2, move by 2, and none of them reaches over the edge. */
bool rt_pool_is_fours(const struct rt_window *w);

/* Of one plane of H rows of W, `row` floats apart: y (H/2,W/2) = the largest of every 2 by 2, side
 * by side. */
void rt_max_fours(int64_t H, int64_t W, int64_t row, float *y, const float *x);

/* dx[argmax] += dy. */
void rt_maxpool_backward(const struct rt_pool *g, float *dx, const int32_t *argmax,
			 const float *dy);

/* y = means of x; dilation must be 1. */
void rt_avgpool(const struct rt_pool *g, float *y, const float *x);

/* dx += dy / count at every tap. */
void rt_avgpool_backward(const struct rt_pool *g, float *dx, const float *dy);

/* y[i] = mean of x[i, 0 .. n), and its gradient. */
void rt_plane_mean(int64_t planes, int64_t n, float *y, const float *x);
void rt_plane_mean_backward(int64_t planes, int64_t n, float *dx, const float *dy);

/* y[i] = maximum of x[i, 0 .. n), NaN wins; argmax as above. */
void rt_plane_max(int64_t planes, int64_t n, float *y, int32_t *argmax, const float *x);
void rt_plane_max_backward(int64_t planes, int64_t n, float *dx, const int32_t *argmax,
			   const float *dy);

#endif
