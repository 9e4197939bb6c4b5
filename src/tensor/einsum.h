/* einsum.h - sums of products over named axes (Einstein's convention). */
#ifndef RT_TENSOR_EINSUM_H
#define RT_TENSOR_EINSUM_H

#include <stdint.h>

#define RT_EINSUM_OPERANDS 8
#define RT_EINSUM_AXES 16

/* The axes are those of the result in its order, then those summed over.  step[k][a]: elements that
 * operand k moves along axis a; 0 where it lacks it. */
struct rt_einsum {
	int operands, axes, out_axes;
	int64_t size[RT_EINSUM_AXES];
	int64_t step[RT_EINSUM_OPERANDS][RT_EINSUM_AXES];
};

/* y[out axes] = sum over the others of the product of all operands. */
void rt_einsum(const struct rt_einsum *e, float *y, const float *const *x);

/* dx of operand k += its gradient. */
void rt_einsum_backward(const struct rt_einsum *e, int k, float *dx, const float *dy,
			const float *const *x);

#endif
