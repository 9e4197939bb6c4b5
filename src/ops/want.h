/* want.h - what shape rules ask of their inputs, with the error lines all operators share. */
#ifndef RT_OPS_WANT_H
#define RT_OPS_WANT_H

#include "graph/op.h"

/* Input i of a call, called `what` in the line, must be f32 when present.
 * Error RT_ESHAPE: `weight is i64, f32 is wanted`. */
enum rt_status rt_want_f32(const struct rt_call *c, int i, const char *what, struct rt_err *err);

/* Input i must have at least one element.  Error RT_ESHAPE: `input 0x10 has no elements`. */
enum rt_status rt_want_elements(const struct rt_call *c, int i, const char *what,
				struct rt_err *err);

/* *axis = given, counted from the end when negative.
 * Error RT_ESHAPE: `axis 3 of an input with 2 dimensions (2x10)`. */
enum rt_status rt_want_axis(int *axis, int64_t given, const struct rt_shape *x,
			    struct rt_err *err);

/* Sizes of a matrix product must fit the 32-bit integers of BLAS.  Error RT_EUNSUPPORTED. */
enum rt_status rt_want_product(int64_t M, int64_t N, int64_t K, struct rt_err *err);

#endif
