/* nest.h - a loop nest over several arrays that each have their own steps: what broadcasting,
 * reducing, transposing, slicing and concatenating have in common.
 */
#ifndef RT_TENSOR_NEST_H
#define RT_TENSOR_NEST_H

#include "tensor/tensor.h"

#define RT_NEST_OPERANDS 4

/* step[k][d]: elements operand k moves when index d grows by one; 0 repeats it along d. */
struct rt_nest {
	int rank, operands;
	int64_t dim[RT_MAX_RANK];
	int64_t step[RT_NEST_OPERANDS][RT_MAX_RANK];
};

/* Steps of a dense row-major array. */
void rt_steps_dense(int64_t step[RT_MAX_RANK], const struct rt_shape *shape);

/* Steps of a dense array of shape `from` read under the shape `to`, which it broadcasts to (numpy):
 * 0 along every axis that is repeated. */
void rt_steps_broadcast(int64_t step[RT_MAX_RANK], const struct rt_shape *from,
			const struct rt_shape *to);

/* A nest over shape without operands. */
void rt_nest_init(struct rt_nest *nest, const struct rt_shape *shape);
void rt_nest_add(struct rt_nest *nest, const int64_t step[RT_MAX_RANK]);

/* Drops axes of length 1 and merges neighbours that every operand walks as one; rank stays >= 1. */
void rt_nest_collapse(struct rt_nest *nest);

/* Product of the first n dimensions. */
int64_t rt_nest_count(const struct rt_nest *nest, int n);

/* A place in the outermost `rank` loops of a nest. */
struct rt_walk {
	const struct rt_nest *nest;
	int rank;
	int64_t index[RT_MAX_RANK];
	int64_t at[RT_NEST_OPERANDS];	/* elements from the start of each operand */
};

/* Goes to iteration `start` in row-major order; rt_walk_next() goes on by one, past the end
 * to the start.  A nest without iterations has no place to go to. */
void rt_walk_begin(struct rt_walk *w, const struct rt_nest *nest, int rank, int64_t start);
void rt_walk_next(struct rt_walk *w);

/* Part of one innermost row: operand k begins at at[k], which includes the steps to `from`. */
typedef void rt_row_fn(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len);

/* Calls row for every innermost row, long rows in parts, parts spread over threads; cost is the
 * elementary operations one element stands for.  Parts must be independent of each other. */
void rt_nest_rows(const struct rt_nest *nest, int64_t cost, rt_row_fn *row, void *ctx);

#endif
