/* softmax.h - softmax and its logarithm along the middle axis of x (A,D,B).
 *
 * B is 1 for the last axis.  y may be x.  The maximum is subtracted first, so nothing overflows.
 */
#ifndef RT_TENSOR_SOFTMAX_H
#define RT_TENSOR_SOFTMAX_H

#include <stdbool.h>
#include <stdint.h>

/* y = exp(x - max) / sum exp(x - max) */
void rt_softmax(int64_t A, int64_t D, int64_t B, float *y, const float *x);

/* dx += y (dy - sum(dy y)), or = where set, when dx may be dy */
void rt_softmax_backward(int64_t A, int64_t D, int64_t B, float *dx, const float *dy,
			 const float *y, bool set);

/* y = x - max - log sum exp(x - max) */
void rt_log_softmax(int64_t A, int64_t D, int64_t B, float *y, const float *x);

/* dx += dy - exp(y) sum(dy), or = where set, when dx may be dy */
void rt_log_softmax_backward(int64_t A, int64_t D, int64_t B, float *dx, const float *dy,
			     const float *y, bool set);

#endif
