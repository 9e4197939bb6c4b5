/* arith.h - what the operators of two numbers have in common (tensor/binary.h does the work). */
#ifndef RT_OPS_ARITH_H
#define RT_OPS_ARITH_H

#include "graph/op.h"
#include "tensor/binary.h"

/* Shape rule: numpy broadcasting of two inputs of one type.  Error RT_ESHAPE. */
enum rt_status rt_arith_infer(struct rt_call *c, struct rt_err *err);

/* out[0] = f(in[0], in[1]). */
void rt_arith_forward(const struct rt_call *c, enum rt_binary f);

/* Adds to the gradients of both inputs; whole numbers have none. */
void rt_arith_backward(const struct rt_call *c, enum rt_binary f);

#endif
