/* compare.h - which of two arrays is larger, element by element, under numpy broadcasting. */
#ifndef RT_TENSOR_COMPARE_H
#define RT_TENSOR_COMPARE_H

#include "tensor/binary.h"

enum rt_comparison {
	RT_EQUAL, RT_LESS, RT_LESS_OR_EQUAL, RT_GREATER, RT_GREATER_OR_EQUAL
};

/* y = f(a, b) as bool; a and b of one type, any; ys is the broadcast shape.  NaN compares false. */
void rt_compare(enum rt_comparison f, enum rt_dtype dtype, unsigned char *y,
		const struct rt_shape *ys, struct rt_operand a, struct rt_operand b);

#endif
