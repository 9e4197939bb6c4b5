/* int8.h - the inside of the planner's pass on quantized layers; private to int8*.c. */
#ifndef RT_EXEC_INT8_H
#define RT_EXEC_INT8_H

#include "exec/impl.h"
#include "ops/int8.h"

enum { INT8_MAX_INS = RT_INT8_CONV_INS };

/* Nodes that become one step, in the place of the last of them. */
struct match {
	const struct rt_op *op;		/* NULL: the node stays as it is */
	int nin, in[INT8_MAX_INS];
	int out;
	int first;			/* node whose name the step has */
	bool flat_x, flat_y;		/* x, y: bytes whose order is the same inside and outside,
					   or must stay as outside */
	union {
		struct rt_int8_conv conv;
		struct rt_int8_add add;
		struct rt_int8_pool pool;
		struct rt_int8_mean_of mean;
		struct rt_int8_border border;
	} attrs;
	struct rt_int8_weights weights;	/* to be packed */
	int packed;			/* the value that they become, -1: none */
};

struct int8_pass {
	struct rt_plan *p;
	struct rt_graph *g;		/* p->lowered */
	int *maker;			/* [nvalues]: node, or -1 */
	struct match *match;		/* [nnodes], at the last node of each */
	bool *needed;			/* [nvalues]: read by a step, or pinned */
	bool *inside;			/* [nvalues]: bytes that lie inside */
};

static inline const struct rt_shape *int8_shape_of(const struct int8_pass *m, int v)
{
	return &m->p->value[v].shape;
}

static inline bool int8_is_bytes(const struct int8_pass *m, int v)
{
	return m->p->value[v].dtype == RT_U8 || m->p->value[v].dtype == RT_I8;
}

/* One scale that is known to be sound, and a zero point of its own. */
bool int8_is_single(const struct int8_pass *m, const struct rt_node *n);

/* Moves QuantizeLinear in front of what only chooses or reshapes, and drops it where it repeats
 * the step before. */
void int8_move(struct int8_pass *m);

/* Recognizes layers, sums and pools. */
void int8_match(struct int8_pass *m);

#endif
