/* conv.h - convolution of f32 arrays, forward and backward, behind one interface.
 *
 * y[n,k,p,q] = b[k] + sum over c,r,s of x[n, g C/G + c, p stride - pad + r dilation, ...]
 * w[k,c,r,s], g = k / (K/G): cross-correlation, as in ONNX Conv.  Which kernel does the work is
 * decided here from the geometry alone.  Results are the same bits for the same geometry and number
 * of threads.
 */
#ifndef RT_TENSOR_CONV_H
#define RT_TENSOR_CONV_H

#include "tensor/window.h"

#include <stdbool.h>
#include <stddef.h>

struct rt_conv {
	int64_t N, C;		/* images and channels of x (N,C,H,W) */
	int64_t K;		/* channels of y (N,K,P,Q); w is (K,C/groups,R,S) */
	int64_t groups;		/* divides C and K */
	bool fresh;		/* backward data writes dx instead of adding to it */
	struct rt_window win;	/* H W, P Q, R S */
	void *kept;		/* forward: rt_conv_kept() bytes that hold what follows from w,
				   scale and bias until the next run; or NULL */
	bool ready;		/* they hold it already */
};

enum rt_conv_direction { RT_CONV_FORWARD, RT_CONV_DATA, RT_CONV_WEIGHTS };

/* What becomes of a sum: y = clamp(scale[k] sum + bias[k] + add[n,k,p,q], lo, hi).  pool: y
 * (N,K,P/2,Q/2) is the largest of every 2 by 2 of those, side by side, the odd ones left out. */
struct rt_conv_post {
	const float *scale, *bias;	/* (K) or NULL: 1, 0 */
	const float *add;		/* laid out as y but not y, or NULL */
	float lo, hi;
	bool pool;			/* where rt_conv_pools() says so; add NULL */
};

/* Bytes of work that any of the functions below needs at the present rt_threads(); backward: of the
 * backward ones too. */
size_t rt_conv_work(const struct rt_conv *g, bool backward);

/* Bytes worth keeping from one forward pass to the next while weights stay; 0: none. */
size_t rt_conv_kept(const struct rt_conv *g);

/* Whether maxima may be taken on the way, so that the whole of y is never written. */
bool rt_conv_pools(const struct rt_conv *g);

/* y = x * w + b; b may be NULL. */
void rt_conv_forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		     const float *b, void *work);

/* The same, and post; the bias is in post. */
void rt_conv_forward_post(const struct rt_conv *g, float *y, const float *x, const float *w,
			  const struct rt_conv_post *post, void *work);

/* The same post alone, of y (N,K,PQ) in place, whatever made it. */
void rt_conv_apply_post(int64_t N, int64_t K, int64_t PQ, float *y,
			const struct rt_conv_post *post);

/* dx += the gradient of x, or = where g is fresh. */
void rt_conv_backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			   void *work);

/* dw += the gradient of w. */
void rt_conv_backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			      void *work);

/* db[k] += sum over n,p,q of dy[n,k,p,q]. */
void rt_conv_backward_bias(const struct rt_conv *g, float *db, const float *dy);

/* Multiply-accumulates of forward: N K P Q C/G R S, taps in the padding counted, as papers do. */
int64_t rt_conv_macs(const struct rt_conv *g);

/* The name of the kernel that is used: "depthwise by channels", "depthwise", "1x1",
 * "winograd", "samples", "flat", "direct", "im2col+gemm". */
const char *rt_conv_kernel_name(const struct rt_conv *g, enum rt_conv_direction direction);

#endif
