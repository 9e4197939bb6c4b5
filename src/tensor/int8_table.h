/* int8_table.h - the inner loops on bytes for one instruction set; private to int8*.c.
 *
 * Activations are u8 with channels innermost, so that the taps of one row of the window are a run
 * of neighbouring bytes.  Four of them at a time meet four i8 weights of every output channel: a
 * quad.  Weights are (runs, quads, blocks, lanes, 4), a block being as many output channels as a
 * vector has lanes of 32 bits; runs are filled up with weights 0.
 */
#ifndef RT_TENSOR_INT8_TABLE_H
#define RT_TENSOR_INT8_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* The widest tile and the most blocks of any instruction set. */
#define RT_INT8_TILE 16
#define RT_INT8_BLOCKS 4

/* Vectors of sums that are a vector of bytes. */
#define RT_INT8_GROUP 4

/* sums[i,k] = start[k] + sum over runs r and bytes j of w[r,j,k] x[i step + run[r] + j], for some
 * neighbouring outputs i and the channels k of some blocks. */
struct rt_int8_tile {
	const uint8_t *x;	/* of the first output */
	int64_t step;
	const int64_t *run;
	int runs, quads;
	const int8_t *w;
	const int32_t *start;	/* (blocks, lanes) */
	int32_t *sums;		/* outputs (blocks, lanes) apart */
};

/* What becomes of finished sums; see rt_int8_post. */
struct rt_int8_end {
	int32_t *sums;		/* (n, row) */
	int64_t n, row, K;	/* row: up to RT_INT8_GROUP vectors, of K channels */
	const float *scale, *bias;
	float lo, hi;
	int32_t zero;
	uint8_t *y;		/* outputs y_step apart */
	int64_t y_step;
	const uint8_t *add;	/* laid out as y, or NULL */
	int32_t add_zero, sum_zero;
	float own_scale, add_scale, sum_lo, sum_hi;
};

/* One block of a depthwise convolution along one or two rows.  Four rows of the window are a quad:
 * v holds (lanes, 4) bytes for every column.  Two rows of outputs may see the same quads, which
 * have other weights for each. */
struct rt_int8_deep {
	const uint8_t *v;	/* (quads, columns, lanes, 4) of the first output */
	int64_t quad, column;	/* bytes from one to the next */
	int rows, quads, taps;	/* rows of outputs; taps: columns of the window */
	int64_t step, dilation;	/* in columns */
	const int8_t *w;	/* (rows, quads, taps, lanes, 4) */
	const int32_t *start;	/* (lanes) */
	int32_t *sums[2];	/* a row each: (n, row), of which (n, lanes) are written */
	int64_t n, row;
};

/* y = saturate(round((a - a_zero) a_scale + (b - b_zero) b_scale)) + zero, the bounds lo and hi
 * being those of y - zero. */
struct rt_int8_sum {
	uint8_t *y;
	const uint8_t *a, *b;
	int64_t n;
	int32_t a_zero, b_zero, zero;
	float a_scale, b_scale, lo, hi;
};

/* q = saturate(round(x / scale)) + zero of some channels, the bounds lo and hi being those of
 * q - zero; not a number becomes the zero point.  The bytes behind them that are not the last
 * output's may be written, too. */
struct rt_int8_real {
	uint8_t *y;		/* (n, C), of which the first channels */
	const float *x;		/* (channels, n), planes `plane` apart */
	int64_t plane, C, n;
	int channels;		/* at most 4 */
	float scale, lo, hi;
	int32_t zero;
};

struct rt_int8_table {
	const char *name;
	int lanes, blocks;
	int columns[RT_INT8_BLOCKS];	/* widest tile by blocks - 1 */
	void (*tile[RT_INT8_BLOCKS][RT_INT8_TILE + 1])(const struct rt_int8_tile *t);
	/* by the lanes in a row of sums - 1 */
	void (*end[RT_INT8_GROUP])(const struct rt_int8_end *e);
	/* sums = clamp(sums scale + bias), f32 in place of the i32 */
	void (*real)(const struct rt_int8_end *e);
	/* v (n, blocks, lanes, 4) from 4 lanes bytes of four rows each, `step` apart */
	void (*weave)(uint8_t *v, const uint8_t *const x[4], int blocks, int64_t step, int64_t n);
	void (*deep)(const struct rt_int8_deep *d);
	void (*sum)(const struct rt_int8_sum *s);
	void (*quantize)(const struct rt_int8_real *r);
	/* y = max(y, x); sums += x */
	void (*max)(uint8_t *y, const uint8_t *x, int64_t n);
	void (*count)(int32_t *sums, const uint8_t *x, int64_t n);
};

extern const struct rt_int8_table rt_int8_base, rt_int8_avx2, rt_int8_avx_vnni, rt_int8_avx512;

/* The one in use. */
const struct rt_int8_table *rt_int8_table(void);

#endif
