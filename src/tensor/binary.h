/* binary.h - arithmetic of two arrays under numpy broadcasting, and the sums that undo it. */
#ifndef RT_TENSOR_BINARY_H
#define RT_TENSOR_BINARY_H

#include "tensor/tensor.h"

enum rt_binary {
	RT_BINARY_ADD, RT_BINARY_SUB, RT_BINARY_MUL, RT_BINARY_DIV, RT_BINARY_POW,
	RT_BINARY_MIN,	/* NaN wins, also of MAX */
	RT_BINARY_MAX,
	RT_BINARY_FMOD,	/* a - b trunc(a / b) */
	RT_BINARY_PRELU,/* a < 0 ? a b : a */
	RT_BINARY_REALS,	/* the ones above also take floating types, those below do not */
	RT_BINARY_MOD = RT_BINARY_REALS, /* a - b floor(a / b) */
	RT_BINARY_AND, RT_BINARY_OR, RT_BINARY_XOR, /* of bits; of truth values for bool */
	RT_BINARY_SHIFT_LEFT, RT_BINARY_SHIFT_RIGHT, /* of unsigned types */
	RT_BINARIES
};

/* Whether rt_binary() computes f for that type: bool has AND, OR and XOR alone. */
bool rt_binary_supports(enum rt_binary f, enum rt_dtype dtype);

/* One array of a call. */
struct rt_operand {
	const void *data;
	const struct rt_shape *shape;
};

/* y = f(a, b); ys is the broadcast shape; y may be a or b where they have that shape.  Integers
 * wrap around; x / 0 and the remainder of x / 0 are 0; a^b with b < 0 is 0 unless |a| = 1.  f16 and
 * bf16 are computed in f32. */
void rt_binary(enum rt_binary f, enum rt_dtype dtype, void *y, const struct rt_shape *ys,
	       struct rt_operand a, struct rt_operand b);

/* The same along one line: y[i] = f(a[i sa], b[i sb]); a step is 0 (one number for all) or 1,
 * and one of them is 1 unless N is. */
void rt_binary_line(enum rt_binary f, enum rt_dtype dtype, int64_t N, void *y, const void *a,
		    int64_t sa, const void *b, int64_t sb);

/* dx += dL/d(operand), f32, summed over the axes along which the operand (0: a, 1: b) was repeated;
 * g = dL/dy of shape ys.  ADD, SUB and the first of FMOD do not read a and b.  Not for MIN and MAX.
 */
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
