/* axes.h - which indices of which tensors must live and die together.
 *
 * Every index along every axis of every value of a graph is a slot.  Operators tie slots: output
 * channel 3 of a convolution is row 3 of its weight, element 3 of its bias, and channel 3 of
 * whatever is added to it.  Slots that are tied, directly or not, form a class; a class can be
 * removed from the model unless something holds it (input and output of the model, an operator
 * that mixes the axis).  This is the dependency graph of Fang et al.: DepGraph, towards any
 * structural pruning, arXiv 2301.12900, at the level of single indices, so that concatenation,
 * flattening and groups need no case of their own.
 */
#ifndef RT_COMPRESS_AXES_H
#define RT_COMPRESS_AXES_H

#include "graph/graph.h"

/* An axis of a weight whose indices are channels that the weight makes. */
struct rt_maker {
	int node;	/* the layer */
	int value;	/* its weight */
	int axis;
};

/* Why a class must stay; why NULL = it need not. */
struct rt_hold {
	const char *why;	/* static text that ends "cannot be pruned: " */
	int node;		/* whose rule holds it, or -1 */
};

/* Where a Reshape splits an axis: the first of the axes it becomes, and which of them is tied. */
struct rt_split {
	int value, axis;
	int behind;	/* the last of them, counted from axis */
	bool last;	/* the last is tied, not the first */
	bool turned;	/* that was tried */
};

/* Why the axes of a split are held that are not tied. */
extern const char rt_split_away[];

struct rt_axes {
	const struct rt_graph *g;
	int node;		/* whose rule is at work while the axes are tied */
	int *first;		/* [nvalues * RT_MAX_RANK]: first slot of an axis; -1: batch.  An
				   axis of k times the batch has k slots: sample n has n k .. */
	int nslots;
	int *parent;		/* [nslots]: towards the representative of the class */
	struct rt_hold *held;	/* [nslots], valid at representatives */
	bool *zeroed;		/* [nvalues]: masking a channel sets this parameter to zero there */
	struct rt_maker *maker;
	int nmakers, makers_cap;
	struct rt_split *split;	/* those that were asked for */
	int nsplits, splits_cap;
};

/* Ties the slots of a graph whose shapes are inferred.  Errors: RT_EUNSUPPORTED (sizes beyond 2^28
 * indices). */
enum rt_status rt_axes_init(struct rt_axes *a, const struct rt_graph *g, struct rt_err *err);
void rt_axes_release(struct rt_axes *a);

/* The size of axis d of value v; negative axes count from the end.  0 for the batch, k for k times
 * the batch. */
int64_t rt_axes_size(const struct rt_axes *a, int v, int d);

/* The representative of index i along axis d of value v; -1 along the batch. */
int rt_axes_slot(const struct rt_axes *a, int v, int d, int64_t i);

/* What is left of a graph when some classes are removed. */
struct rt_cut {
	const struct rt_axes *axes;
	const bool *gone;	/* [nslots], at representatives */
};

/* The size that axis d of value v will have. */
int64_t rt_cut_size(const struct rt_cut *cut, int v, int d);

/* --- for the rules ------------------------------------------------------------------------- */

/* Index i along axis d of v lives and dies with index j along axis e of w. */
void rt_axes_tie_one(struct rt_axes *a, int v, int d, int64_t i, int w, int e, int64_t j);

/* The same for every index.  Axes of different size are held instead; the batch is left alone. */
void rt_axes_tie(struct rt_axes *a, int v, int d, int w, int e);

/* Nothing of axis d of v, or of any of its axes, can be removed; why is not copied. */
void rt_axes_hold(struct rt_axes *a, int v, int d, const char *why);
void rt_axes_hold_all(struct rt_axes *a, int v, const char *why);

/* Whether a Reshape that splits an axis into axes d .. last of w ties the last of them
 * instead of the first; the answer changes when what it led to is found to be held. */
bool rt_axes_splits_last(struct rt_axes *a, int w, int d, int last);

/* Axis d of parameter v makes channels of the node at work. */
void rt_axes_add_maker(struct rt_axes *a, int v, int d);

#endif
