/* int8_line.h - what happens to bytes between layers: in and out of the layout of int8.h, sums of
 * branches, pools.  Planes have B = H W elements; zero points are those of the stored u8. */
#ifndef RT_TENSOR_INT8_LINE_H
#define RT_TENSOR_INT8_LINE_H

#include "tensor/tensor.h"
#include "tensor/window.h"

/* (N,C,B) to (N,B,C): f32 as rt_quantize() rounds them, and bytes of the dtype as they are. */
void rt_int8_quantize(uint8_t *y, const float *x, int64_t N, int64_t C, int64_t B, float scale,
		      int zero);
void rt_int8_inside(uint8_t *y, const void *x, enum rt_dtype dtype, int64_t N, int64_t C,
		    int64_t B);

/* (N,B,C) to (N,C,B). */
void rt_int8_dequantize(float *y, const uint8_t *x, int64_t N, int64_t C, int64_t B, float scale,
			int zero);
void rt_int8_outside(void *y, enum rt_dtype dtype, const uint8_t *x, int64_t N, int64_t C,
		     int64_t B);

/* y = round(clamp((a - a_zero) a_scale + (b - b_zero) b_scale, lo, hi)) + zero over n bytes. */
struct rt_int8_sum_of {
	int a_zero, b_zero, zero;
	float a_scale, b_scale, lo, hi;
};
void rt_int8_sum(uint8_t *y, const uint8_t *a, const uint8_t *b, int64_t n,
		 const struct rt_int8_sum_of *s);

/* y (N,P,Q,C) = maxima of x (N,H,W,C) over windows; 0 where a window meets nothing.  Work space of
 * rt_threads() W C bytes. */
void rt_int8_maxpool(const struct rt_window *w, int64_t N, int64_t C, uint8_t *y, const uint8_t *x,
		     void *work);

/* Means of planes, times scale: t = clamp(f32(sum over b of x[n,b,c] - x_zero) scale, lo, hi), as
 * f32 or as u8 round(t) + zero.  y (N,C); work space of N C i32. */
struct rt_int8_mean {
	enum rt_dtype dtype;	/* of y: RT_U8 or RT_F32 */
	int x_zero, zero;
	float scale, lo, hi;
};
void rt_int8_mean(void *y, const uint8_t *x, int64_t N, int64_t C, int64_t B,
		  const struct rt_int8_mean *m, void *work);

#endif
