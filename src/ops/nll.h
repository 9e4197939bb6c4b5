/* nll.h - what the two losses of ONNX share: labels, weights, reduction. */
#ifndef RT_OPS_NLL_H
#define RT_OPS_NLL_H

#include "graph/op.h"
#include "tensor/nll.h"

struct rt_nll_attrs {
	int64_t ignore_index;
	int reduction;
};
extern const struct rt_opt rt_nll_opts[];

/* Checks in[0] (N,C,...), labels in[1], weights in[2]; shape and type of the loss go to out[0].
 * Errors: RT_ESHAPE. */
enum rt_status rt_nll_infer(struct rt_call *c, struct rt_err *err);

/* What the kernels want. */
struct rt_nll rt_nll_of(const struct rt_call *c);

#endif
