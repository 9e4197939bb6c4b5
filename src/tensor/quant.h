/* quant.h - real numbers to small integers and back: q = saturate(round(x / s) + z), x = (q - z) s.
 *
 * Rounding is half to even.  Arrays have the shape (A, C, B), with one scale s(C) and zero point
 * z(C) for each c; C = 1 is one scale for all.  Types of q: i8, u8, i16, u16, and i32 in
 * rt_dequantize().
 * Zero points may be NULL (0).  Source: ONNX QuantizeLinear and DequantizeLinear, opset 21.
 */
#ifndef RT_TENSOR_QUANT_H
#define RT_TENSOR_QUANT_H

#include "tensor/tensor.h"

struct rt_quant {
	enum rt_dtype dtype;	/* of q and z */
	int64_t A, C, B;
	const float *s;
	const void *z;
};

void rt_quantize(const struct rt_quant *f, void *q, const float *x);
void rt_dequantize(const struct rt_quant *f, float *x, const void *q);

/* Straight through: rounding counts as the identity, so dx += dq / s where q is in range before
 * saturation and nothing elsewhere, ds -= sum of dq x / s^2 over the same.  dx and ds(C) may be
 * NULL. */
void rt_quantize_grad(const struct rt_quant *f, float *dx, float *ds, const float *dq,
		      const float *x);

/* dq += dx s, ds += sum of dx (q - z).  Either may be NULL.  After rt_quantize_grad() this is
 * the gradient of learned step size quantization (Esser et al., arXiv 1902.08153, eq. 3). */
void rt_dequantize_grad(const struct rt_quant *f, float *dq, float *ds, const float *dx,
			const void *q);

#endif
