/* int8.h - convolution and dense layers of bytes: u8 times i8 summed as i32, then scaled once.
 *
 * Sums are exact (modulo 2^32).  What follows is f32, every operation rounded once, in this order:
 *
 *	t = clamp(f32(sum) scale[k] + bias[k], lo, hi)
 *	y = round half to even(t) + zero				(u8)
 *	y = t								(f32)
 *
 * so that y = QuantizeLinear(clamp(Conv(DequantizeLinear(x), DequantizeLinear(w)) + b)) up to the
 * rounding of the products in f32, with scale = x_scale w_scale / y_scale and bias = b / y_scale.
 * Every instruction set gives the same bits.
 *
 * Activations lie "inside": u8 with channels innermost, (N,H,W,C); i8 are stored as u8 by adding
 * 128, their zero points too.  A dense layer is a convolution by a window as large as its input.
 */
#ifndef RT_TENSOR_INT8_H
#define RT_TENSOR_INT8_H

#include "tensor/conv.h"
#include "tensor/whole.h"

/* The weight of channel c of group k / (K/G) under element t of the window for output k stands at
 * k out + c in + t tap. */
struct rt_int8_weights {
	struct rt_bytes bytes;	/* zero points: one, or one for each k */
	int64_t out, in, tap;
};

/* Another branch of the same shape is added to the whole numbers y - zero:
 *
 *	y = round(clamp((y - zero) own_scale + (x - x_zero) scale, lo, hi)) + zero of the branch */
struct rt_int8_branch {
	const uint8_t *x;	/* inside; NULL: no branch */
	int x_zero, zero;
	float own_scale, scale, lo, hi;
};

struct rt_int8_post {
	enum rt_dtype dtype;		/* of y: RT_U8 inside; RT_F32 or RT_I32 in planes (N,K,P,Q),
					   RT_I32 being the sums as they are */
	const int32_t *whole;		/* (K) added to the sums, or NULL */
	const float *scale, *bias;	/* (K); bias NULL: 0 */
	float lo, hi;			/* RT_U8: whole, -zero .. 255 - zero at most */
	int zero;
	struct rt_int8_branch branch;	/* RT_U8 only */
};

/* Packed weights, in the order that the kernels in use want.  Weights less their zero point that
 * are no i8 are split in two or three, which costs as many times the time. */
size_t rt_int8_pack_bytes(const struct rt_conv *g, const struct rt_int8_weights *w);
size_t rt_int8_pack_most(const struct rt_conv *g);	/* whatever the weights are */
void rt_int8_pack(const struct rt_conv *g, void *packed, const struct rt_int8_weights *w);

/* y = x * w and post.  x (N,H,W,C) inside; padding has the value x_zero. */
size_t rt_int8_conv_work(const struct rt_conv *g);
void rt_int8_conv(const struct rt_conv *g, void *y, const uint8_t *x, int x_zero,
		  const void *packed, const struct rt_int8_post *post, void *work);

/* The instructions in use: "avx512-vnni", "avx-vnni", "avx2" or "base". */
const char *rt_int8_kernels(void);

/* Takes others from now on, for tests: packed weights must be made again.  False where this CPU
 * cannot run them, or there are none of that name. */
bool rt_int8_use(const char *name);

#endif
