/* rules_ties.h - the rules of single operators and what they are made of; for rules*.c. */
#ifndef RT_COMPRESS_RULES_TIES_H
#define RT_COMPRESS_RULES_TIES_H

#include "compress/rules.h"
#include "graph/attr.h"

static inline int rule_rank(const struct rt_axes *a, int v)
{
	return a->g->values[v].shape.rank;
}

static inline bool rule_has(const struct rt_node *n, int k)
{
	return k < n->nin && n->in[k] >= 0;
}

/* Nothing that the node reads or makes can be removed. */
void rule_hold_node(struct rt_axes *a, const struct rt_node *n, const char *why);

/* Axes d and behind of v are held. */
void rule_hold_from(struct rt_axes *a, int v, int d, const char *why);

/* An attribute that names an axis of v, counted from the front. */
int rule_axis(const struct rt_axes *a, const struct rt_node *n, int64_t fallback, int v);

/* Axes aligned at the end, all but the last `skip`; an axis of size 1 that is spread says
 * nothing. */
void rule_tie_aligned(struct rt_axes *a, int y, int x, int skip);

/* Masking a channel sets input k, a parameter, to zero there. */
void rule_mark_zeroed(struct rt_axes *a, const struct rt_node *n, int k);

/* y is as x, index by index. */
void rule_same(struct rt_axes *a, const struct rt_node *n);

/* Layers with weights (rules_layers.c). */
void rule_conv(struct rt_axes *a, const struct rt_node *n);
void rule_conv_transpose(struct rt_axes *a, const struct rt_node *n);
void rule_gemm(struct rt_axes *a, const struct rt_node *n);
void rule_matmul(struct rt_axes *a, const struct rt_node *n);
void rule_batchnorm(struct rt_axes *a, const struct rt_node *n);
void rule_gather(struct rt_axes *a, const struct rt_node *n);
void rule_recurrent(struct rt_axes *a, const struct rt_node *n);
enum rt_status rule_fix_conv(struct rt_graph *g, int i, const struct rt_cut *cut,
			     struct rt_err *err);
enum rt_status rule_fix_recurrent(struct rt_graph *g, int i, const struct rt_cut *cut,
				  struct rt_err *err);

/* What moves axes (rules_move.c). */
void rule_concat(struct rt_axes *a, const struct rt_node *n);
void rule_split(struct rt_axes *a, const struct rt_node *n);
void rule_slice(struct rt_axes *a, const struct rt_node *n);
void rule_expand(struct rt_axes *a, const struct rt_node *n);
void rule_transpose(struct rt_axes *a, const struct rt_node *n);
void rule_flatten(struct rt_axes *a, const struct rt_node *n);
void rule_reshape(struct rt_axes *a, const struct rt_node *n);
enum rt_status rule_fix_shape(struct rt_graph *g, int i, const struct rt_cut *cut,
			      struct rt_err *err);
enum rt_status rule_fix_split(struct rt_graph *g, int i, const struct rt_cut *cut,
			      struct rt_err *err);

#endif
