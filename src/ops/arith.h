/* arith.h - what the operators of two numbers have in common (tensor/binary.h does the work). */
#ifndef RT_OPS_ARITH_H
#define RT_OPS_ARITH_H

#include "graph/op.h"
#include "tensor/binary.h"

/* Shape rule: numpy broadcasting of two inputs of one type, which is in the set (want.h) or, for
 * rt_arith_infer(), any number type.  Error RT_ESHAPE. */
enum rt_status rt_pair_infer(struct rt_call *c, unsigned types, struct rt_err *err);
enum rt_status rt_arith_infer(struct rt_call *c, struct rt_err *err);

/* An argument as tensor/binary.h takes it. */
struct rt_operand rt_operand(const struct rt_arg *a);

/* out[0] = f(in[0], in[1]). */
void rt_arith_forward(const struct rt_call *c, enum rt_binary f);

/* out[0] = f(x, one number) with x of the shape and type of out[0]; it may be out[0].data.  scalar
 * points at a number of that type. */
void rt_arith_scalar(const struct rt_call *c, enum rt_binary f, const void *x, const void *scalar);
void rt_arith_number(const struct rt_call *c, enum rt_binary f, const void *x, int64_t number);

/* Adds to the gradients of both inputs; whole numbers have none.  rt_arith_work() is the work it
 * takes, for the row. */
void rt_arith_backward(const struct rt_call *c, enum rt_binary f);
size_t rt_arith_work(const struct rt_call *c);

#endif
