/* reduce.h - many numbers to one: sums, products and extremes over axes, in every number type. */
#ifndef RT_TENSOR_REDUCE_H
#define RT_TENSOR_REDUCE_H

#include "tensor/tensor.h"

enum rt_reduction {
	RT_REDUCE_SUM,
	RT_REDUCE_MEAN,
	RT_REDUCE_SUM_SQUARE,
	RT_REDUCE_L1,		/* sum |x| */
	RT_REDUCE_L2,		/* sqrt sum x^2 */
	RT_REDUCE_LOG_SUM,	/* ln sum x */
	RT_REDUCE_LOG_SUM_EXP,	/* ln sum e^x, from the largest x on */
	RT_REDUCE_PROD,
	RT_REDUCE_MAX,		/* NaN wins, also of MIN */
	RT_REDUCE_MIN,
};

/* y = f of x over the axes along which ys, of the rank of xs, has length 1.  Real numbers are added
 * and multiplied in double precision, whole ones wrap around; L2 and the logarithms of whole
 * numbers, and their means, are cut to whole ones.  Of no elements: the sum and its like are 0, the
 * product 1, extremes the end of the type, means NaN (0 in whole numbers).  Any type but bool, for
 * which only MAX and MIN mean something. */
void rt_reduce(enum rt_reduction f, enum rt_dtype dtype, void *y, const struct rt_shape *ys,
	       const void *x, const struct rt_shape *xs);

/* dx += dL/dx, f32, with g = dL/dy and y the result:
 *
 *	SUM g, MEAN g / n, SUM_SQUARE 2 x g, L1 sign(x) g, L2 g x / y (0 where y is 0),
 *	LOG_SUM g / e^y, LOG_SUM_EXP g e^(x - y), PROD g times the product of the others,
 *	MAX and MIN g shared evenly among the elements that equal y.
 *
 * x and y are not read for SUM and MEAN, y not for SUM_SQUARE and L1.  work: twice as many floats
 * as y has elements, for PROD, MAX and MIN. */
void rt_reduce_grad(enum rt_reduction f, float *dx, const struct rt_shape *xs, const float *g,
		    const struct rt_shape *ys, const float *x, const float *y, float *work);

#endif
