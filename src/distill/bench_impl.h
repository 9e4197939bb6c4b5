/* bench_impl.h - what the benchmarks have in common; private to bench*.c. */
#ifndef RT_DISTILL_BENCH_IMPL_H
#define RT_DISTILL_BENCH_IMPL_H

#include "distill/bench.h"

typedef enum rt_status bench_fn(void *closure, struct rt_err *err);

/* *ms = the median time of what(), after some to warm up: at least b->steps of them for at least
 * b->seconds; *steps: how many.  Errors: those of what(); RT_ECANCELLED. */
enum rt_status bench_median(double *ms, int *steps, bench_fn *what, void *closure,
			    const struct rt_bench *b, struct rt_err *err);

#endif
