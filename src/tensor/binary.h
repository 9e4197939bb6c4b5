/* binary.h - arithmetic of two arrays under numpy broadcasting, and the sums that undo it. */
#ifndef RT_TENSOR_BINARY_H
#define RT_TENSOR_BINARY_H

#include "tensor/tensor.h"

enum rt_binary {
	RT_BINARY_ADD, RT_BINARY_SUB, RT_BINARY_MUL, RT_BINARY_DIV, RT_BINARY_POW,
	RT_BINARIES
};

/* True for the types rt_binary() computes: f32, i32, i64. */
bool rt_binary_supports(enum rt_dtype dtype);

/* One array of a call. */
struct rt_operand {
	const void *data;
	const struct rt_shape *shape;
};

/* y = f(a, b); ys is the broadcast shape; y may be a or b where they have that shape.  Integers
 * wrap around; x / 0 is 0; a^b with b < 0 is 0 unless |a| = 1. */
void rt_binary(enum rt_binary f, enum rt_dtype dtype, void *y, const struct rt_shape *ys,
	       struct rt_operand a, struct rt_operand b);

/* dx += dL/d(operand), f32, summed over the axes along which the operand (0: a, 1: b) was repeated;
 * g = dL/dy of shape ys.  ADD and SUB do not read a and b. */
void rt_binary_grad(enum rt_binary f, int operand, float *dx, const float *g,
		    const struct rt_shape *ys, struct rt_operand a, struct rt_operand b);

/* y += scale * sum of x over the axes along which ys, of the same rank or less, repeats to xs.
 * Sums are kept in double precision, in a fixed order. */
void rt_sum_to(float *y, const struct rt_shape *ys, const float *x, const struct rt_shape *xs,
	       double scale);

/* x += scale * y repeated to the shape xs. */
void rt_spread_add(float *x, const struct rt_shape *xs, const float *y, const struct rt_shape *ys,
		   float scale);

#endif
