/* int8_impl.h - a convolution of bytes cut into runs, blocks and items; private to int8*.c. */
#ifndef RT_TENSOR_INT8_IMPL_H
#define RT_TENSOR_INT8_IMPL_H

#include "tensor/int8.h"
#include "tensor/int8_table.h"

/* 255 = 127 + 127 + 1 */
#define INT8_TERMS 3

/* What lies in front of packed weights, followed by the sums of the weights of each output (K). */
struct int8_head {
	int32_t terms;		/* every weight is the sum of so many i8, 1 .. INT8_TERMS */
	int32_t sums[];
};

struct int8_shape {
	const struct rt_int8_table *t;
	int64_t C, K;		/* of one group */
	bool deep;		/* one channel in, one out */
	int64_t runs, run;	/* of the window, and bytes of one */
	int64_t quads;		/* of a run; deep: of the rows of the window */
	int64_t rows;		/* deep: of outputs that see the same quads, 1 or 2 */
	int64_t blocks;		/* of outputs of one group; deep: of all channels */
	int64_t block;		/* bytes of the weights of a block */
	int64_t chunks;		/* of blocks that are computed together */
};

/* Weights of so many terms. */
void int8_shape(struct int8_shape *s, const struct rt_conv *g, int terms);

/* Where the weights begin behind the head. */
size_t int8_head_bytes(const struct rt_conv *g);

static inline int64_t int8_ceil(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

#endif
