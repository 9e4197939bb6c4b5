/* clear.h - zeros, written by all threads where that is faster. */
#ifndef RT_TENSOR_CLEAR_H
#define RT_TENSOR_CLEAR_H

#include <stdint.h>

/* x (n) = 0 */
void rt_clear(float *x, int64_t n);

#endif
