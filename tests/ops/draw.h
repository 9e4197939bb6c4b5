/* draw.h - random arrays and windows for the tests of kernels. */
#ifndef RT_TESTS_OPS_DRAW_H
#define RT_TESTS_OPS_DRAW_H

#include "base/rng.h"
#include "tensor/window.h"

/* What everything here is drawn from; seed it in every case. */
extern struct rt_rng draw_rng;

/* n numbers in [-1, 1), or all the same, in memory of exactly that size; the caller frees. */
float *draw(int64_t n);
float *filled(int64_t n, float value);

/* Runs a kernel on random x and dy of n numbers with one thread and with three: the nout numbers it
 * leaves agree to the last bit. */
void same_for_any_threads(void (*run)(float *out, const float *x, const float *dy), int64_t n,
			  int64_t nout);

/* A whole number in lo .. hi. */
int64_t between(int64_t lo, int64_t hi);

/* A small window of any kind that fits. */
struct rt_window draw_window(void);

/* A size x size image, k x k taps, the same step and padding on all sides. */
struct rt_window square(int64_t size, int64_t k, int64_t stride, int64_t pad);

#endif
