/* call.h - one node invoked on arguments that are there: what inference, which computes constants,
 * and the runner of graphs whose shapes depend on data have in common. */
#ifndef RT_GRAPH_CALL_H
#define RT_GRAPH_CALL_H

#include "graph/graph.h"

/* Sets up a call of n: in[] from value[] (indexed by the graph's values), the wanted out[] present.
 * End with rt_call_end() in any case. */
void rt_call_begin(struct rt_call *c, const struct rt_node *n, const struct rt_arg *value);
void rt_call_end(struct rt_call *c);

/* Fails with RT_ESHAPE where no value can have the shape: it has more elements than make sense, or
 * fewer than none. */
enum rt_status rt_call_fits(const struct rt_shape *s, struct rt_err *err);

/* Runs the shape rule; errors carry the node's name. */
enum rt_status rt_call_infer(struct rt_call *c, const struct rt_node *n, struct rt_err *err);

/* A float type that is not f32 among the inputs; RT_F32 when there is none. */
enum rt_dtype rt_call_other_float(const struct rt_call *c);

/* True when every input that is present has its values, or the operator reads none. */
bool rt_call_is_known(const struct rt_call *c, const struct rt_op *op);

/* Bytes of out[i]. */
size_t rt_call_out_bytes(const struct rt_call *c, int i);

/* Runs forward with scratch memory of its own; every wanted out has its memory already.
 * Error: RT_ENOMEM. */
enum rt_status rt_call_forward(struct rt_call *c, const struct rt_op *op, struct rt_err *err);

#endif
