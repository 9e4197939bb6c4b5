/* nll.h - negative log likelihood of labels, weighted and reduced, and its gradient. */
#ifndef RT_TENSOR_NLL_H
#define RT_TENSOR_NLL_H

#include "tensor/tensor.h"

enum rt_reduction { RT_REDUCE_MEAN, RT_REDUCE_SUM, RT_REDUCE_NONE };

/* Log probabilities (N,C,B), labels (N,B) i32 or i64, weights (C) or NULL.  Labels that are
 * `ignore` (when it is set: RT_UNSET_INT) or no class count nothing. */
struct rt_nll {
	int64_t N, C, B;
	enum rt_reduction reduction;
	int64_t ignore;
	const void *labels;
	enum rt_dtype label_type;
	const float *weight;
};

/* loss(n,b) = -w[t] x[n,t,b]; RT_REDUCE_MEAN: their sum / sum of w[t]; RT_REDUCE_SUM: their sum. */
void rt_nll(const struct rt_nll *g, float *loss, const float *x);

/* dx += the gradient; dloss has one element, or (N,B) without reduction. */
void rt_nll_backward(const struct rt_nll *g, float *dx, const float *dloss);

#endif
