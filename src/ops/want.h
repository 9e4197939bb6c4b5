/* want.h - what shape rules ask of their inputs, with the error lines all operators share. */
#ifndef RT_OPS_WANT_H
#define RT_OPS_WANT_H

#include "graph/op.h"

/* Input i of a call, called `what` in the line, must be f32 when present.
 * Error RT_ESHAPE: `weight is i64, f32 is wanted`. */
enum rt_status rt_want_f32(const struct rt_call *c, int i, const char *what, struct rt_err *err);

/* Sets of element types, as bits. */
#define RT_TYPE_BIT(type) (1u << (type))
#define RT_FLOATS                                                                                  \
	(RT_TYPE_BIT(RT_F32) | RT_TYPE_BIT(RT_F64) | RT_TYPE_BIT(RT_F16) | RT_TYPE_BIT(RT_BF16))
#define RT_UNSIGNED                                                                                \
	(RT_TYPE_BIT(RT_U8) | RT_TYPE_BIT(RT_U16) | RT_TYPE_BIT(RT_U32) | RT_TYPE_BIT(RT_U64))
#define RT_SIGNED                                                                                  \
	(RT_TYPE_BIT(RT_I8) | RT_TYPE_BIT(RT_I16) | RT_TYPE_BIT(RT_I32) | RT_TYPE_BIT(RT_I64))
#define RT_INDICES (RT_TYPE_BIT(RT_I32) | RT_TYPE_BIT(RT_I64))
#define RT_NUMBERS (RT_FLOATS | RT_UNSIGNED | RT_SIGNED)
#define RT_TRUTH RT_TYPE_BIT(RT_BOOL8)
#define RT_ANY_TYPE (RT_NUMBERS | RT_TRUTH)

/* The type of input i, when present, must be in the set.
 * Error RT_ESHAPE: `indices are f32; i32 or i64 is wanted`; what: with its verb ("indices are"). */
enum rt_status rt_want_type(const struct rt_call *c, int i, const char *what, unsigned types,
			    struct rt_err *err);

/* Inputs 0 and i, both present, must be of one type.
 * Error RT_ESHAPE: `the inputs are f32 and i64; they must be of one type`. */
enum rt_status rt_want_same_type(const struct rt_call *c, int i, struct rt_err *err);

/* Input i must have the given number of dimensions.
 * Error RT_ESHAPE: `scale is 2x3; 1 dimension is wanted`. */
enum rt_status rt_want_rank(const struct rt_call *c, int i, const char *what, int rank,
			    struct rt_err *err);

/* Input i, when present, must hold one number.
 * Error RT_ESHAPE: `min has 2 values, 1 is wanted`. */
enum rt_status rt_want_one(const struct rt_call *c, int i, const char *what, struct rt_err *err);

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
