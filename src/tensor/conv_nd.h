/* conv_nd.h - convolution over any number of spatial dimensions, and its transpose, as matrix
 * products over gathered windows (im2col); tensor/conv.h has the fast kernels for one and two
 * dimensions. */
#ifndef RT_TENSOR_CONV_ND_H
#define RT_TENSOR_CONV_ND_H

#include "tensor/window_nd.h"

#include <stddef.h>

/* col (planes R,P): what each of R taps sees of x (planes,X) at each of P places, 0 in the padding.
 */
void rt_unfold_nd(int64_t planes, const struct rt_window_nd *w, float *col, const float *x);
/* x += col at the places each tap sees: the transpose. */
void rt_fold_nd(int64_t planes, const struct rt_window_nd *w, float *x, const float *col);

/* x (N,C,in...), w (K,C/groups,kernel...), y (N,K,out...). */
struct rt_conv_nd {
	int64_t N, C, K, groups;
	struct rt_window_nd win;
};

/* Bytes of work each function needs. */
size_t rt_conv_nd_work(const struct rt_conv_nd *g);

/* y += x * w */
void rt_conv_nd_forward(const struct rt_conv_nd *g, float *y, const float *x, const float *w,
			void *work);
/* dx += the gradient of x, which is also the transposed convolution of dy. */
void rt_conv_nd_backward_data(const struct rt_conv_nd *g, float *dx, const float *dy,
			      const float *w, void *work);
/* dw += the gradient of w. */
void rt_conv_nd_backward_weights(const struct rt_conv_nd *g, float *dw, const float *dy,
				 const float *x, void *work);

/* y (N,K,P) = b (K) repeated, zeros when b is NULL; db += sums of dy. */
void rt_conv_nd_bias(int64_t N, int64_t K, int64_t P, float *y, const float *b);
void rt_conv_nd_backward_bias(int64_t N, int64_t K, int64_t P, float *db, const float *dy);

#endif
