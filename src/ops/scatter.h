/* scatter.h - what ScatterElements and ScatterND have in common: slices of in[2] put into a copy of
 * in[0].
 */
#ifndef RT_OPS_SCATTER_H
#define RT_OPS_SCATTER_H

#include "graph/op.h"

/* What happens where a slice goes. */
enum rt_scatter {
	RT_SCATTER_NONE,	/* it replaces what was there; of several, the last */
	RT_SCATTER_ADD,
	RT_SCATTER_MUL,
	RT_SCATTER_MAX,
	RT_SCATTER_MIN,
};
extern const char *const rt_scatter_choices[];

/* Types: in[2] has that of in[0], which is a number's where slices are combined.
 * Error RT_ESHAPE. */
enum rt_status rt_scatter_check(const struct rt_call *c, enum rt_scatter how, struct rt_err *err);

/* Bytes of work for n slices, whose places come first. */
size_t rt_scatter_work(const struct rt_call *c, int64_t n);

/* c->work holds the places: the first element of out[0] for each of n slices; -1 leaves one out. */
void rt_scatter_forward(const struct rt_call *c, enum rt_scatter how, int64_t n, int64_t length);

/* Adds to in[0].grad and in[2].grad.  The last of several slices takes the gradient of NONE, equal
 * ones share that of MAX and MIN evenly. */
void rt_scatter_backward(const struct rt_call *c, enum rt_scatter how, int64_t n, int64_t length);

#endif
