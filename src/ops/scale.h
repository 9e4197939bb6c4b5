/* scale.h - what QuantizeLinear and DequantizeLinear have in common: scales and zero points. */
#ifndef RT_OPS_SCALE_H
#define RT_OPS_SCALE_H

#include "graph/op.h"
#include "tensor/quant.h"

struct rt_scale_attrs {
	int64_t axis;
};
extern const struct rt_opt rt_scale_opts[];

/* Scale and zero point (in[1], in[2]) are one number, or one for each index of the axis; the zero
 * point, when there, has the type `dtype` and the scale's shape.  Error RT_ESHAPE. */
enum rt_status rt_scale_check(const struct rt_call *c, enum rt_dtype dtype, struct rt_err *err);

/* The kernels' view of a checked call; dtype: of the quantized side. */
struct rt_quant rt_scale_quant(const struct rt_call *c, enum rt_dtype dtype);

#endif
