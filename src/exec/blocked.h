/* blocked.h - the inside of the planner's pass on blocks of channels; private to blocked*.c. */
#ifndef RT_EXEC_BLOCKED_H
#define RT_EXEC_BLOCKED_H

#include "exec/impl.h"
#include "ops/blocked.h"

/* What a node would be among values that lie in blocks. */
struct turn {
	bool able;
	const struct rt_op *op;		/* of the step; NULL: the node's own, on blocks */
	bool makes_planes;		/* the result lies in planes all the same */
	double gain;			/* time it saves */
	union {
		struct rt_blocked_conv conv;
		struct rt_blocked_window pool;
	} attrs;
};

/* Where a value lies.  Readers and maker are those of the moment, while nodes take turns. */
struct place {
	struct rt_shape planes;		/* its shape as the graph knows it */
	bool fixed;			/* a parameter or constant */
	bool wanted;			/* in planes, by the caller */
	bool made_blocks;
	int in_planes, in_blocks;	/* readers */
	double border;			/* time that reordering it takes */
	int blocks;			/* the value that holds it in blocks; -1: none yet */
	bool reordered;			/* made in blocks, it is there in planes, too */
};

struct blocked_pass {
	struct rt_plan *p;
	struct rt_graph *g;		/* p->lowered */
	struct turn *turn;		/* [nnodes] */
	struct place *place;		/* [nvalues] */
	bool *live;			/* [nnodes]: has a step */
	bool *inside;			/* [nnodes]: takes its turn */
};

/* Whether node i, inside, reads its input k in blocks. */
bool blocked_reads(const struct blocked_pass *m, int i, int k);

/* Tells what every node would be. */
void blocked_match(struct blocked_pass *m);

/* Decides which nodes run inside; false: none. */
bool blocked_choose(struct blocked_pass *m);

/* Times in nanoseconds of one core of the machine that the rates were measured on; only their
 * ratios matter.  Of what a convolution saves on blocks, and of reordering n numbers. */
double blocked_gain_of_conv(const struct rt_conv *g, bool x_planes);
double blocked_time_of_border(int64_t n);

#endif
