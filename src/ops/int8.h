/* int8.h - the steps that whole numbers take through an inference plan.
 *
 * Not in the list of operators: only the planner makes them (exec/int8.c).  Bytes between them lie
 * "inside": channels innermost, i8 stored as u8 (tensor/int8.h).  Scales and zero points are inputs
 * as in QuantizeLinear, one number each; an absent zero point is 0.
 */
#ifndef RT_OPS_INT8_H
#define RT_OPS_INT8_H

#include "graph/op.h"
#include "tensor/int8.h"

/* y = Q(clamp(conv(DQ(x), DQ(w)) + b)), or without Q in f32 and plain order.  A dense layer is a
 * window as large as its input.  With a branch: y = Q(clamp(DQ(that) + DQ(branch))). */
enum rt_int8_conv_in {
	RT_INT8_X, RT_INT8_X_SCALE, RT_INT8_X_ZERO,
	RT_INT8_W,			/* packed by rt_int8_pack() */
	RT_INT8_W_SCALE,		/* one, or one for each output channel */
	RT_INT8_BIAS,			/* f32 (K), or absent */
	RT_INT8_Y_SCALE,		/* absent: y is f32 */
	RT_INT8_Y_ZERO,
	RT_INT8_B, RT_INT8_B_SCALE, RT_INT8_B_ZERO,	/* the branch, or absent */
	RT_INT8_SUM_SCALE, RT_INT8_SUM_ZERO,		/* of y, then */
	RT_INT8_CONV_INS
};
struct rt_int8_conv {
	struct rt_conv g;		/* N is that of the call */
	double lo, hi;			/* bounds of the convolution */
	double sum_lo, sum_hi;		/* bounds of the sum */
	enum rt_dtype y, sum;		/* types of y and of the sum outside: u8 or i8 */
	bool x_outside, b_outside, y_outside;	/* these bytes lie in planes, as they are */
};
extern const struct rt_op rt_op_int8_conv;

/* Inputs a, scale, zero point, b, scale, zero point, scale and zero point of y. */
enum { RT_INT8_ADD_INS = 8 };
struct rt_int8_add {
	double lo, hi;
	enum rt_dtype y;
};
extern const struct rt_op rt_op_int8_add;

struct rt_int8_pool {
	struct rt_window win;
};
extern const struct rt_op rt_op_int8_max_pool;

/* Global average pool: inputs x, scale, zero point, and of y, unless that is f32. */
enum { RT_INT8_MEAN_INS = 5 };
struct rt_int8_mean_of {
	enum rt_dtype y;
};
extern const struct rt_op rt_op_int8_mean;

/* In and out: inputs x, scale, zero point.  type: of the bytes outside. */
struct rt_int8_border {
	enum rt_dtype type;
};
extern const struct rt_op rt_op_int8_quantize, rt_op_int8_dequantize;

/* The zero point in input i of a call as it is stored inside, for bytes that are dtype outside. */
int rt_int8_zero(const struct rt_call *c, int i, enum rt_dtype dtype);

/* The number in input i. */
float rt_int8_scale(const struct rt_call *c, int i);

/* The whole bounds of clamp(x, lo, hi) / scale for bytes with that zero point. */
void rt_int8_bounds(float *whole_lo, float *whole_hi, double lo, double hi, float scale, int zero);

#endif
