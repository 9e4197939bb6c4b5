/* line.h - operators that work along one axis of an f32 input: Softmax and LogSoftmax. */
#ifndef RT_OPS_LINE_H
#define RT_OPS_LINE_H

#include "graph/op.h"

struct rt_line_attrs {
	int64_t axis;
};
extern const struct rt_opt rt_line_opts[];

/* The input as (A,D,B), D along the axis. */
struct rt_lines {
	int64_t A, D, B;
};
struct rt_lines rt_lines(const struct rt_call *c);

/* Shape rule: the input's shape.  Error RT_ESHAPE: no such axis, no elements. */
enum rt_status rt_line_infer(struct rt_call *c, struct rt_err *err);

#endif
