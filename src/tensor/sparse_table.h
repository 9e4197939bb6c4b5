/* sparse_table.h - the inner loops of products with sparse blocks for one instruction set; private
 * to sparse*.c. */
#ifndef RT_TENSOR_SPARSE_TABLE_H
#define RT_TENSOR_SPARSE_TABLE_H

#include "tensor/sparse.h"

/* The most rows and vectors of a tile of any instruction set. */
#define SPARSE_ROWS 24
#define SPARSE_VECTORS 3
#define SPARSE_PICK_ROWS 16
#define SPARSE_SLOTS 2

/* A panel by a few rows; lanes are outputs:
 * y[m,o] = clamp(alpha sum over the blocks b of w[b,o] x[m,at[b]] + bias[o]). */
struct sparse_rows {
	const float *w;
	const int32_t *at;	/* [blocks]; not where a few of every four inputs are read */
	const unsigned char *pick; /* [blocks][slots][16]: which of the group's inputs, 0 .. 3 */
	int64_t blocks;		/* or groups of four inputs */
	const float *x;
	int64_t x_row;
	float *y;
	int64_t y_row;
	int64_t outputs;	/* that there are; the others are not written */
	const float *bias;	/* (outputs) or NULL */
	float alpha, lo, hi;
};

/* A panel by a few vectors; lanes are neighbours in x: y[o,l] = sum of w[b,o] x[at[b] + l]. */
struct sparse_lanes {
	const float *w;
	const int32_t *at;
	int64_t blocks;
	const float *x;
	float *y;		/* (16, vectors, lanes) */
};

/* n neighbours of a tile of lanes that count, and where they go in a plane. */
struct sparse_run {
	int64_t from, to, n;
};

/* y[o,to + i] = clamp(scale[o] sums[o,from + i] + bias[o] + add[o,to + i]) over all runs. */
struct sparse_finish {
	const float *sums;	/* (outputs, width) */
	int64_t outputs, width;
	const struct sparse_run *runs;
	int nruns;
	float *y;		/* (outputs, plane) */
	const float *add;	/* the same, or NULL */
	int64_t plane;
	const float *scale, *bias;	/* (outputs) or NULL: 1, 0 */
	float lo, hi;
};

/* Rows of n floats that lie apart. */
struct sparse_copy {
	float *to;
	const float *from;
	int64_t rows, n, to_row, from_row;
};

struct sparse_table {
	int width;		/* lanes of a vector */
	int highest;		/* most rows */
	void (*rows[SPARSE_ROWS + 1])(const struct sparse_rows *t);
	int highest_picks;	/* of the following; 0: there are none */
	/* by slots: y[m,o] = clamp(alpha sum of w[g,s,o] x[m,4 g + pick[g,s,o]] + bias[o]) */
	void (*picks[SPARSE_SLOTS + 1][SPARSE_PICK_ROWS + 1])(const struct sparse_rows *t);
	void (*lanes[SPARSE_VECTORS + 1])(const struct sparse_lanes *t);
	void (*finish)(const struct sparse_finish *t);
	void (*copy)(const struct sparse_copy *c);
};

extern const struct sparse_table sparse_base, sparse_avx2, sparse_avx512;

/* The table for this CPU. */
const struct sparse_table *sparse_kernels(void);

/* The panel with which slice t of n begins, so that all have about as many blocks. */
int64_t sparse_first_panel(const struct rt_sparse *s, int t, int n);

/* The end of the panels from first on whose weights stay in a second-level cache; at least one. */
int64_t sparse_group(const struct rt_sparse *s, int64_t first, int64_t end);

#endif
