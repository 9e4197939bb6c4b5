/* strides.h - a value read where another one lies: through transposes, reshapes and picked parts
 * that need not be copied. */
#ifndef RT_EXEC_STRIDES_H
#define RT_EXEC_STRIDES_H

#include "exec/impl.h"

#define STRIDES_FACTORS 4

/* An axis as a nest of loops, outermost first; none for one of a single element. */
struct axis {
	int n;
	struct factor {
		int64_t size, step;
	} loop[STRIDES_FACTORS];
};

/* Elements of value `base` from offset on, times scale. */
struct strides {
	int base;
	int64_t offset;
	double scale;
	int rank;
	struct axis axis[RT_MAX_RANK];
};

/* Value v as it lies. */
void strides_dense(struct strides *s, int v, const struct rt_shape *shape);

/* What node n (Transpose, or an operator that is a view) makes of s; false, and s undefined, when
 * strides cannot tell. */
bool strides_follow(struct strides *s, const struct rt_plan *p, const struct rt_node *n);

/* Value v read as far back as strides reach; made[v]: the node of the lowered graph, or -1.
 * Values that the caller wants, or their gradients, are where it ends. */
void strides_of(struct strides *s, const struct rt_plan *p, const int *made, int v);

/* Turned round: s tells where each element of a result came from in the dense array of that shape,
 * in the order of the axes of the result; *to, where each element of that array goes in the dense
 * result. */
bool strides_invert(struct strides *to, const struct strides *s, const struct rt_shape *from);

#endif
