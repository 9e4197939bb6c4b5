/* conv_blocked_table.h - the inner loops on blocked arrays for one instruction set; private to
 * blocked.c and conv_blocked*.c.
 *
 * A position is the 16 floats of one block of channels at one place, a plane the positions of one
 * block.  A tile is a few rows and columns of outputs under some blocks, with all its sums in
 * registers.
 */
#ifndef RT_TENSOR_CONV_BLOCKED_TABLE_H
#define RT_TENSOR_CONV_BLOCKED_TABLE_H

#include "tensor/window.h"

#include <stdbool.h>
#include <stdint.h>

/* The widest tile and the most blocks of any instruction set. */
#define RT_BLOCKED_COLUMNS 14
#define RT_BLOCKED_MOST 2

/* Sums over all depths, taps and, where x is blocked, the 16 channels of a depth:
 *
 *	y[p,q,k] = start[k] + sum of w[depth,tap,c,k] x[depth x_depth + off[tap] + p x_row + q + c]
 *
 * x_row, off in floats; columns of x are 16 floats apart, of planes 1. */
struct rt_blocked_tile {
	const float *x;		/* under the first output */
	int64_t x_row, x_depth;
	const int32_t *off;	/* (taps) */
	int taps;
	int64_t depths;
	int last;		/* channels that count of the last depth; the rest have no w */
	const float *w;		/* (depths, taps, channels, blocks, 16) */
	const char *ahead;	/* weights to fetch into the cache meanwhile, a line each */
	int64_t ahead_step;	/* so many bytes */
	const float *start;	/* (blocks, 16), or NULL: go on with the sums that y holds */
	bool end;		/* y = clamp(sums + add), otherwise the sums */
	float *y;
	const float *add;	/* laid out as y, or NULL */
	int64_t y_row, y_block;	/* floats */
	float lo, hi;
};

typedef void rt_blocked_tile_fn(const struct rt_blocked_tile *t);

/* Rows of positions, each between zeros: to[r,i] = from[r, i step] for lo <= i < hi, else 0. */
struct rt_blocked_pad {
	float *to;
	const float *from;	/* what to[0,0] would be; not read below lo */
	int64_t rows, to_row, from_row;	/* floats */
	int64_t lo, hi, end, step;
};

/* Rows [first, end) of a depthwise convolution of one block of one image:
 * y[p,q] = clamp(start + add[p,q] + sum over r and s of w[r,s] x[...]), taps in the padding left
 * out. */
struct rt_blocked_deep {
	const struct rt_window *win;
	const float *x;			/* (H, W, 16) */
	int64_t first, end;
	int64_t inner[2][2];		/* rows, then columns [from, to) under which no tap is in
					   the padding */
	const float *w;			/* (R, S, 16) */
	const float *start;		/* (16) */
	float *y;			/* (P, Q, 16) */
	const float *add;		/* laid out as y, or NULL */
	float lo, hi;
};

/* Minimal filtering of 3 by 3 taps (Lavin and Gray, "Fast Algorithms for Convolutional Neural
 * Networks", 2015): tiles of m by m outputs from `edge` by `edge` points.  Kinds: m = 2, edge 4;
 * m = 4, edge 6; and with a step of 2, m = 2, edge 5, whose last two points meet the same one of
 * the 4 of filters. */
enum rt_blocked_kind { RT_BLOCKED_2, RT_BLOCKED_4, RT_BLOCKED_2_BY_2, RT_BLOCKED_KINDS };

/* One row of n tiles of one block and their points: v[i,j] (tiles,16) = B^T x B. */
#define RT_BLOCKED_EDGE 6
struct rt_blocked_tiles_in {
	const float *row[RT_BLOCKED_EDGE];	/* rows of W positions */
	int64_t n, W, left;	/* the first tile begins `left` columns before the first */
	float *lines;		/* work: `edge` rows as long as the tiles' inputs */
	float *v;
	int64_t point;		/* floats from a point of v to the next */
};

/* The outputs of such a row: y = clamp(A^T u A + start + add), Q columns of rows that count. */
struct rt_blocked_tiles_out {
	const float *u;
	int64_t point;
	int64_t n, rows, Q;
	const float *start;	/* (16) */
	float *y;
	const float *add;	/* laid out as y, or NULL */
	int64_t y_row;
	float lo, hi;
};

/* n neighbouring outputs of a pool under rows x taps positions, step apart in x. */
struct rt_blocked_pool {
	const float *x;
	int64_t x_row, step, right;	/* floats */
	int64_t rows, taps;
	float *y;
	int64_t n;
	float divisor;			/* of means */
};

struct rt_conv_blocked_table {
	int blocks;	/* of a tile at most */
	/* Widest tile by blocks - 1 and log2 rows; 0: none. */
	int columns[RT_BLOCKED_MOST][3];
	/* ... and columns; of blocked x and of planes (one row only) */
	rt_blocked_tile_fn *tile[RT_BLOCKED_MOST][3][RT_BLOCKED_COLUMNS + 1];
	rt_blocked_tile_fn *plane_tile[RT_BLOCKED_MOST][RT_BLOCKED_COLUMNS + 1];
	void (*pad)(const struct rt_blocked_pad *p);
	void (*deep)(const struct rt_blocked_deep *d);
	/* filters: u[i,j] (16) = G w G^T of w (3,3,16), points `point` apart */
	void (*tiles_in[RT_BLOCKED_KINDS])(const struct rt_blocked_tiles_in *p);
	void (*tiles_out[RT_BLOCKED_KINDS])(const struct rt_blocked_tiles_out *p);
	void (*filters[RT_BLOCKED_KINDS])(float *u, const float *w, int64_t point);
	/* y (n,16) from K <= 16 planes of n floats, `plane` apart, and back */
	void (*in)(float *y, const float *x, int64_t n, int64_t K, int64_t plane);
	void (*out)(float *y, const float *x, int64_t n, int64_t K, int64_t plane);
	void (*max)(const struct rt_blocked_pool *p);
	void (*mean)(const struct rt_blocked_pool *p);
};

extern const struct rt_conv_blocked_table rt_conv_blocked_base, rt_conv_blocked_avx2,
	rt_conv_blocked_avx512;

/* The one in use. */
const struct rt_conv_blocked_table *rt_conv_blocked_table(void);

#endif
