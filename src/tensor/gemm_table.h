/* gemm_table.h - the inner loops of matrix products for one instruction set; private to gemm*.c and
 * conv_pointwise*.c.
 *
 * One operand is read as vectors of neighbouring elements, the other as scalars; a tile is a few
 * rows (scalars) by a few vectors, all sums of which stay in registers over the whole of the inner
 * dimension.
 */
#ifndef RT_TENSOR_GEMM_TABLE_H
#define RT_TENSOR_GEMM_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* The highest tile of any instruction set, and the most vectors of one. */
#define GEMM_ROWS 14
#define GEMM_VECTORS 8

/* What becomes of the sums of a tile, together with what c holds where `more`:
 * c = clamp(scale[r] (alpha sum + c) + bias[r] + lane_bias[l] + add).  NULL: 1, 0. */
struct gemm_finish {
	float alpha;
	const float *scale, *bias;	/* (rows) */
	const float *lane_bias;		/* (vectors, lanes) */
	const float *add;		/* laid out as c */
	float lo, hi;
};

/* c[r,j,l] = start[j,l] + sum over k < K of s[r,k] v[k,j,l], lanes l of vectors j, to which c, or,
 * without a finish, what lies in from, is added. */
struct gemm_tile {
	int64_t K;
	const float *v;
	int64_t v_k, v_step;	/* floats to the next k, to the next vector */
	int64_t ahead;		/* floats to what is read next and should be fetched; 0: none */
	const float *s;
	int64_t s_k, s_row;
	float *c;
	int64_t c_row, c_step;
	bool more;		/* add to what c holds */
	const float *start;	/* (vectors, lanes) or NULL: 0 */
	const float *from;	/* laid out as c but for its rows, or NULL */
	int64_t from_row;
	const struct gemm_finish *finish;	/* NULL: c are the sums */
};

/* Sums whose vectors are rows of c: c[l,r] = or += alpha sums[r,l], + bias[r], clamped. */
struct gemm_flip {
	const float *sums;	/* (rows, lanes), rows `sums_row` apart */
	int64_t rows, lanes, sums_row;
	float *c;
	int64_t c_row;		/* from lane to lane */
	bool more;
	float alpha;
	const float *bias;	/* (rows) or NULL */
	float lo, hi;
};

/* to (K, width) = the lanes < width of a matrix, the others 0. */
struct gemm_pack {
	float *to;
	int64_t K, width, lanes;
	const float *from;
	int64_t row;	/* copy: from k to k, lanes are neighbours; turn: from lane to lane */
};

/* y[m,n] = or += alpha sum over k of a[m,k] b[n,k], for few m: both run along k. */
struct gemm_dots {
	int64_t M, N, K;
	const float *a, *b;
	int64_t a_row, b_row;
	float *c;
	int64_t c_row, c_column;
	bool more;
	float alpha;
	const float *bias;	/* (N) or NULL */
	float lo, hi;
};

struct gemm_table {
	int lanes;
	int rows[GEMM_VECTORS + 1];	/* of the highest tile, by vectors; 0: none */
	void (*tile[GEMM_VECTORS + 1][GEMM_ROWS + 1])(const struct gemm_tile *t);
	void (*flip)(const struct gemm_flip *f);
	void (*copy)(const struct gemm_pack *p);
	void (*turn)(const struct gemm_pack *p);
	void (*dots)(const struct gemm_dots *d);
};

extern const struct gemm_table gemm_base, gemm_avx2, gemm_avx512;

/* The table for this CPU. */
const struct gemm_table *gemm_kernels(void);

#endif
