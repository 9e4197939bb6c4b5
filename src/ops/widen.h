/* widen.h - f64, f16 and bf16 for operators whose kernels are in single precision. */
#ifndef RT_OPS_WIDEN_H
#define RT_OPS_WIDEN_H

#include "graph/op.h"

/* Inputs and outputs together. */
#define RT_WIDEN_MOST 16

/* A call whose floating arrays are all f32. */
struct rt_wide {
	struct rt_call call;
	struct rt_arg arg[RT_WIDEN_MOST];
};

/* Bytes of work for the copies; what the kernel needs itself comes behind them. */
size_t rt_widen_size(const struct rt_call *c);

/* Makes w->call from c: inputs are converted, and where backward is set outputs too, for reading.
 * Gradients are f32 always.  Where nothing needs a copy the call is c itself. */
void rt_widen(struct rt_wide *w, const struct rt_call *c, bool backward);

/* Puts what the kernel left in the outputs of w->call into those of c. */
void rt_widen_done(const struct rt_wide *w, const struct rt_call *c);

#endif
