/* conv_direct.h - direct convolution seen as sums over taps: what both directions of the data and
 * the gradient of the weights share; private to conv_direct*.c.
 *
 * One geometry serves forward and, with the roles of x and y exchanged, backward data: where the
 * stride is 1, dx is a convolution of dy with the window turned by half a circle.  With a stride of
 * s the elements of dx that are s rows and s columns apart are one, each such phase with the taps
 * that meet it.
 */
#ifndef RT_TENSOR_CONV_DIRECT_H
#define RT_TENSOR_CONV_DIRECT_H

#include "tensor/conv_direct_table.h"
#include "tensor/conv_kernel.h"

/* The most elements of a window, and phases of backward data: strides up to 2. */
#define DIRECT_WINDOW 128
#define DIRECT_PHASES 4

struct direct {
	const struct rt_conv_direct_table *t;
	int64_t N, groups;
	int64_t C, K;			/* channels of one group: summed over, and made */
	int64_t in[2], out[2];
	int64_t step[2], before[2];	/* input = output * step - before + tap */
	int64_t reach[2];		/* 1 + the furthest tap */
	int taps;
	bool in_order;			/* taps stand in w as they do here */
	bool triples;			/* taps are threes of neighbours in scratch */
	struct {
		int64_t w, at[2];	/* element of a filter; rows and columns from the first */
	} tap[DIRECT_WINDOW];

	int64_t y_first, y_row, y_step, y_plane; /* outputs in y: the first, and what is between */

	int64_t w_group, w_in, w_out;	/* in w, from group, summed or made channel to the next */

	/* Items of work: a few images, or some output rows of one. */
	int64_t images, rows, chunks, items;
	int64_t pitch, plane, image;	/* of the padded input in scratch, in floats */
	int64_t blocks;			/* of output channels of one group */
	int64_t filters;		/* floats of the packed weights of one group */
};

/* What one item covers. */
struct direct_item {
	int64_t image, images, row, rows;
};

/* Forward of g; false where a window has more than DIRECT_WINDOW elements, or planes are too large.
 * Backward data: how many phases d (DIRECT_PHASES) gets, 0 in these cases and where a stride is
 * above 2.  All phases have the same items and the same padded input. */
bool direct_forward(struct direct *d, const struct rt_conv *g);
int direct_backward(struct direct *d, const struct rt_conv *g);

struct direct_item direct_item(const struct direct *d, int64_t i);

/* off (C taps): floats from the input of an output to its taps in scratch. */
void direct_offsets(const struct direct *d, int32_t *off);

/* Copies the item's part of x (N, groups C, H, W) with its padding to scratch (images, groups C,
 * rows, pitch). */
void direct_pad(const struct direct *d, const struct direct_item *item, float *scratch,
		const float *x);

/* Work space taken piece by piece; counted only while base is NULL. */
struct direct_space {
	char *base;
	size_t used;
};

static inline void *direct_take(struct direct_space *s, size_t bytes)
{
	void *at = s->base ? s->base + s->used : NULL;

	s->used += (bytes + 63) / 64 * 64;
	return at;
}

static inline int64_t direct_blocks(int64_t channels, int64_t lanes)
{
	return (channels + lanes - 1) / lanes;
}

/* dw += ...; conv_direct_weights.c. */
size_t direct_weights_work(const struct rt_conv *g);
void direct_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
		    void *work);

const struct rt_conv_direct_table *direct_kernels(void);

#endif
