/* conv_winograd_table.h - the inner loops of minimal filtering for one instruction set; private to
 * conv_winograd*.c.
 *
 * A vector is one position of a plane, or one point of a transformed tile, in as many channels as
 * it has lanes.
 */
#ifndef RT_TENSOR_CONV_WINOGRAD_TABLE_H
#define RT_TENSOR_CONV_WINOGRAD_TABLE_H

#include <stdint.h>

/* Outputs along an axis of a tile, and the most points: with r taps they are r + 3. */
#define WINOGRAD_OUT 4
#define WINOGRAD_EDGE 8

/* The widest product of any instruction set, in tiles; most channels of a product of weights. */
#define WINOGRAD_TILES 28
#define WINOGRAD_CHANNELS 16

/* The linear maps along one axis for 4 outputs of r taps, over e = r + 3 points; _T is the
 * transpose. */
enum winograd_map {
	WINOGRAD_B_T,		/* input: e to e */
	WINOGRAD_A_T,		/* output: e to 4 */
	WINOGRAD_A,		/* gradient of the output: 4 to e */
	WINOGRAD_G,		/* filter: r to e */
	WINOGRAD_G_T,		/* gradient of the filter: e to r */
	WINOGRAD_MAPS
};

/* out[j][p,i] = sum over k of map[j,k] in[k][p,i], p < rows, i < n. */
struct rt_winograd_lines {
	const float *in[WINOGRAD_EDGE];
	float *out[WINOGRAD_EDGE];
	int64_t in_step, out_step;	/* floats from one i to the next */
	int64_t n;
	int64_t rows, in_row, out_row;	/* ... and from one p to the next */
};

/* Rows of `channels` planes, run together, to vectors: column q of row p at rows[p] + q lanes, with
 * zeros in lanes without a channel.  rows has one element more than there are rows. */
struct rt_winograd_spread {
	const float *from;
	int64_t plane, channels;
	int64_t n, W;		/* positions in all and in a row */
	float *const *rows;
};

/* Tiles of one point, one or two blocks of output channels:
 *
 *	sums[b,i,k] = start[b,k] + sum over c of x[c / lanes, i, c % lanes] w[b,c,k]
 */
struct rt_winograd_product {
	const float *x;		/* blocks of channels x_block apart */
	int64_t x_block, C;
	const float *w, *start;	/* (blocks, C, lanes), (blocks, lanes) */
	float *sums;		/* blocks sums_block apart */
	int64_t sums_block;
};

/* dw[b,c,k] += sum over i < n of dy[b,i,k] x[i,c], for one or two blocks b of output channels. */
struct rt_winograd_dw {
	const float *x;		/* (n, lanes), from the first channel on */
	const float *dy;	/* (n, lanes), blocks dy_block apart */
	int64_t dy_block, n;
	float *dw;		/* (channels, lanes), blocks dw_block apart */
	int64_t dw_block;
};

/* to (rows/2, Q/2) = the largest of every 2 by 2 vectors, side by side, of from (rows, Q); to may
 * be from. */
struct rt_winograd_fours {
	float *to;
	const float *from;
	int64_t rows, Q;
};

struct rt_winograd_table {
	int lanes;
	/* by (r - 3) / 2 */
	void (*lines[2][WINOGRAD_MAPS])(const struct rt_winograd_lines *l);
	void (*spread)(const struct rt_winograd_spread *s);
	void (*fours)(const struct rt_winograd_fours *f);
	/* by blocks - 1, and tiles or channels */
	int tiles[2];
	void (*product[2][WINOGRAD_TILES + 1])(const struct rt_winograd_product *p);
	int channels[2];
	void (*dw[2][WINOGRAD_CHANNELS + 1])(const struct rt_winograd_dw *p);
};

extern const struct rt_winograd_table rt_conv_winograd_base, rt_conv_winograd_avx2,
	rt_conv_winograd_avx512;

#endif
