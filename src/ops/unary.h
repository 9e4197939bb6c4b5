/* unary.h - what the operators of one number share; tensor/pointwise.h has their formulas. */
#ifndef RT_OPS_UNARY_H
#define RT_OPS_UNARY_H

#include "graph/op.h"
#include "tensor/pointwise.h"

/* Shape rule: the input's shape and type, which must be a floating one.  Error RT_ESHAPE. */
enum rt_status rt_unary_infer(struct rt_call *c, struct rt_err *err);

/* The same for any number type. */
enum rt_status rt_unary_infer_number(struct rt_call *c, struct rt_err *err);

/* out[0] = f(in[0]). */
void rt_unary_forward(const struct rt_call *c, enum rt_pointwise f, double p, double q);

/* Adds to in[0].grad; v is the data the derivative is a function of, in the input's type. */
void rt_unary_backward(const struct rt_call *c, enum rt_pointwise f, const void *v, double p,
		       double q);

#endif
