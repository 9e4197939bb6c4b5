/* conv_blocked_plan.h - a direct convolution of blocked arrays cut into strips of outputs;
 * private to conv_blocked_direct.c and conv_blocked_plan.c. */
#ifndef RT_TENSOR_CONV_BLOCKED_PLAN_H
#define RT_TENSOR_CONV_BLOCKED_PLAN_H

#include "tensor/conv_blocked.h"
#include "tensor/conv_blocked_table.h"

/* The most elements of a window. */
#define BLOCKED_WINDOW 128

/* A depth is what x keeps side by side: a block of channels, or one plane. */
struct blocked {
	const struct rt_conv_blocked_table *t;
	const struct rt_conv *g;
	bool planes;
	int64_t element;	/* floats from a column of x to the next: channels of a depth */
	int64_t depths;		/* of one group */
	int last;		/* channels of the last */
	int64_t kb, kgroups;	/* blocks made of one group; tiles' worth of them */
	int64_t weights;	/* floats of the packed weights of one block */
	int taps;
	int32_t off[BLOCKED_WINDOW];

	bool flat;	/* one tap: a strip's outputs are one row */
	bool copy;	/* x goes through scratch, with its padding */
	int64_t stretch;	/* columns of one remainder by the stride in a row of scratch */
	int64_t x_row, x_depth;	/* floats, of x or scratch */
	int64_t units, strip, strips;	/* of an image: rows of outputs, or outputs where they
					   need no copy and are flat */
	int64_t scratch;	/* floats, of one slice */
	int64_t chunk;		/* depths summed before the next tile */
	int slices;
	bool by_blocks;		/* slices divide the blocks made, not the strips */
};

void blocked_plan(struct blocked *b, const struct rt_conv *g, bool planes);

/* Rows of outputs, or outputs, [first, first + n) of a group: x, the input of their image from the
 * group's first channel on, to scratch. */
void blocked_copy(const struct blocked *b, float *scratch, const float *x, int64_t first,
		  int64_t n);

#endif
