/* whole.h - convolutions and matrix products of bytes (i8, u8) with i32 sums. */
#ifndef RT_TENSOR_WHOLE_H
#define RT_TENSOR_WHOLE_H

#include "tensor/conv_nd.h"
#include "tensor/tensor.h"

/* Bytes and what stands for zero: one for all (nzero 1), one a row of A, column of B or channel of
 * a weight, or none (zero NULL). */
struct rt_bytes {
	const void *data;
	enum rt_dtype dtype;	/* RT_I8, RT_U8 */
	const void *zero;
	int64_t nzero;
};

/* y (N,K,out...) i32 = convolution of x - zero with w - zero, x having one zero point.  With one or
 * two spatial dimensions the kernels of int8.h do it. */
size_t rt_whole_conv_work(const struct rt_conv_nd *g);
void rt_whole_conv(const struct rt_conv_nd *g, int32_t *y, struct rt_bytes x, struct rt_bytes w,
		   void *work);

/* C (..,M,N) i32 = (A - zero) (B - zero) of matrices A (..,M,K), B (..,K,N) under broadcasting; all
 * shapes have two dimensions at least.  One zero point of A: by the kernels of int8.h. */
size_t rt_whole_matmul_work(const struct rt_shape *as, const struct rt_shape *bs);
void rt_whole_matmul(int32_t *C, const struct rt_shape *cs, struct rt_bytes A,
		     const struct rt_shape *as, struct rt_bytes B, const struct rt_shape *bs,
		     void *work);

/* q (A,D,B) = saturate(round half to even(acc scale[d]) + zero) as dtype; nscale is 1 or D. */
void rt_requantize(void *q, enum rt_dtype dtype, int zero, const int32_t *acc, int64_t A, int64_t D,
		   int64_t B, const float *scale, int64_t nscale);

/* q = u8 of x(n) over the range of x and 0; ONNX DynamicQuantizeLinear. */
void rt_quantize_dynamic(uint8_t *q, float *scale, uint8_t *zero, const float *x, int64_t n);

/* Element i of bytes. */
static inline int32_t rt_byte(const void *data, enum rt_dtype dtype, int64_t i)
{
	return dtype == RT_U8 ? ((const uint8_t *)data)[i] : ((const int8_t *)data)[i];
}

#endif
