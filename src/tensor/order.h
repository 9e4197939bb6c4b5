/* order.h - numbers of any type as unsigned words in the same order: what sorting and searching for
 * extremes have in common.
 */
#ifndef RT_TENSOR_ORDER_H
#define RT_TENSOR_ORDER_H

#include "tensor/tensor.h"

/* key[i] for the elements x[0], x[step], ... x[(n - 1) step]: key[i] < key[j] where x[i] < x[j],
 * equal where they are equal (also 0 and -0).  NaN is above everything and equal to itself. */
void rt_order_keys(uint64_t *key, const void *x, enum rt_dtype dtype, int64_t n, int64_t step);

#endif
