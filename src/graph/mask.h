/* mask.h - masks of parameters: which weights are pruned and stay zero. */
#ifndef RT_GRAPH_MASK_H
#define RT_GRAPH_MASK_H

#include "graph/graph.h"

/* How many elements of a parameter are masked; 0 without a mask. */
int64_t rt_param_masked(const struct rt_param *p);

/* Gives p a mask (all ones) when it has none, and points *out at its bytes, for writing.
 * Errors: RT_ENOMEM. */
enum rt_status rt_param_mask(unsigned char **out, struct rt_param *p, struct rt_err *err);

/* Sets every masked element of every parameter to zero.  A tensor whose masked elements are zero
 * already is not touched, so shared tensors stay shared.  Errors: RT_ENOMEM. */
enum rt_status rt_graph_apply_masks(struct rt_graph *g, struct rt_err *err);

#endif
