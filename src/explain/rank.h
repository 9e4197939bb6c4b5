/* rank.h - the order of the values of a map. */
#ifndef RT_EXPLAIN_RANK_H
#define RT_EXPLAIN_RANK_H

#include <stdint.h>

/* Indices 0 .. n-1, the largest value first, equals in order of their index; the caller frees. */
int64_t *rt_order_descending(const float *v, int64_t n);

/* Ranks 1 .. n of rising values, equals sharing the mean of their ranks; the caller frees. */
double *rt_average_ranks(const float *v, int64_t n);

#endif
