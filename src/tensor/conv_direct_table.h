/* conv_direct_table.h - the inner loops of direct convolution for one instruction set; private to
 * conv_direct*.c.
 *
 * A block is as many output channels as a vector has lanes.  Inputs are plain planes, copied into
 * scratch with their padding, so that no tile meets a border; where columns step by more than one,
 * every row holds its columns by remainder, so that neighbouring outputs read neighbouring floats.
 * A tap is one channel under one element of the window: `off` floats from the input of the output.
 */
#ifndef RT_TENSOR_CONV_DIRECT_TABLE_H
#define RT_TENSOR_CONV_DIRECT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* The widest tile of any instruction set, in columns (or taps of a tile of weights). */
#define RT_TILE_MAX 14

/* The most filters over one vector of inputs. */
#define RT_FILTERS_MAX 6

/* Outputs of one or two blocks under a few rows and columns, all taps summed in registers:
 *
 *	sums[p,q,k] = bias[k] + sum over j of w[j,k] x[p x_row + q + off[j]]
 */
struct rt_conv_tile {
	const float *x;		/* input of the first output */
	int64_t x_row;
	const int32_t *off;	/* (n) */
	int64_t n;
	const float *w;		/* (blocks, n, lanes) */
	const float *bias;	/* (blocks, lanes) */
	float *sums;		/* (rows, columns, lanes), rows and blocks as below apart */
	int64_t sums_row, sums_block;
};

/* Finished outputs, channel by channel: y[k,i] = clamp(sums[i,k] + add[k,i]), i < n, k < K. */
struct rt_conv_end {
	const float *sums;	/* (n, lanes) */
	int64_t n, K;
	float *y;		/* channels `plane` apart */
	const float *add;	/* laid out as y, or NULL; may be y */
	int64_t plane;
	float lo, hi;
	/* For end_apart: `width` outputs of a row stand `step` apart, the next row is `row` floats
	 * on; add is NULL or y, and there is no clamping. */
	int64_t width, row, step;
};

/* dw[j,k] += sum over p,q of dy[p,q,k] x[p x_row + q + off[j]], for at most RT_TILE_MAX taps. */
struct rt_conv_dw_tile {
	const float *x;
	int64_t x_row;
	const int32_t *off;	/* of the tile's taps */
	const float *dy;	/* (rows, Q, lanes), blocks dy_block apart */
	int64_t dy_block, rows, Q;
	float *dw;		/* (taps, lanes), blocks dw_block apart */
	int64_t dw_block;
};

/* Rows of a plane, each between zeros: to[r,i] = from[r, i step] for lo <= i < hi, else 0. */
struct rt_conv_pad {
	float *to;
	const float *from;	/* what to[0,0] would be; not read below lo */
	int64_t rows, to_row, from_row;
	int64_t lo, hi, end, step;
};

/* One plane under one filter, rows run together: y[i] = start + sum over t of w[t] x[i + off[t]],
 * i < n; y and x may be written and read up to the next full vector. */
struct rt_conv_flat {
	int64_t n;
	float *y;
	const float *x, *w;
	const int32_t *off;
	int taps;
	float start;
};

/* The same under several filters that share x, n a whole number of vectors:
 * y[k,i] = start[k] + sum over t of w[k,t] x[i + off[t]]. */
struct rt_conv_flats {
	int64_t n;
	float *y;		/* (filters, n) */
	const float *x, *w;	/* w (filters, taps) */
	const int32_t *off;
	int64_t taps;
	const float *start;
};

/* sums[t,l] += sum over i of dy[i] x[i + off[t]], i in lane l. */
struct rt_conv_flat_dw {
	int64_t n;
	float *sums;		/* (taps, lanes) */
	const float *dy, *x;	/* dy is 0 up to the next full vector */
	const int32_t *off;
	int taps;
};

/* y[r,q] = clamp(from[r,q] + add[r,q]) */
struct rt_conv_rows {
	float *y;		/* (rows, Q) */
	const float *add;	/* laid out as y, or NULL; may be y */
	const float *from;	/* rows from_row apart */
	int64_t rows, Q, from_row;
	float lo, hi;
};

/* Planes, and the same element of up to a vector of them side by side, element i at place[i]:
 * at[place[i],k] = planes[k,i] and back, then planes[k,i] = clamp(at[place[i],k] + add[k,i]). */
struct rt_conv_planes {
	float *planes;
	int64_t n, K, plane;	/* elements, planes, floats from plane to plane */
	float *at;		/* lanes without a plane are 0 */
	const int32_t *place;
	const float *add;	/* laid out as planes, or NULL; may be planes */
	float lo, hi;
};

/* Convolution of every lane by itself, positions of x and y being vectors:
 * y[p,q] = start + sum over t of w[t] x[p down + q right + off[t]];
 * dw: w[t] += sum over p,q of y[p,q] x[...]. */
struct rt_conv_channels {
	int64_t rows, Q, down, right;
	float *x, *y;
	const int32_t *off;
	int taps;
	float *w;		/* (taps, lanes) */
	const float *start;	/* (lanes) */
};

/* Lanes are samples; positions of x and y are vectors, down and right floats from output to output
 * in x, pool that of every 2 by 2 outputs the largest is kept:
 * y[k,p,q] = start[k] + sum over t of w[t,k] x[p down + q right + off[t]];
 * dw: sums[k,t] += sum over p,q of y[k,p,q] x[...]. */
struct rt_conv_samples {
	const float *x;
	int64_t down, right;
	int64_t rows, Q;	/* of y */
	bool pool;
	const int32_t *off;	/* floats */
	int64_t taps;		/* dw: a multiple of sample_taps */
	const float *w, *start;	/* (taps, filters), (filters) */
	float *y;		/* (filters, rows, Q, lanes), filters y_filter apart */
	int64_t y_filter;
	float *sums;		/* (filters, taps, lanes), filters sums_filter apart */
	int64_t sums_filter;
};

struct rt_conv_direct_table {
	int lanes;
	/* Tiles that read their inputs tap by tap, and those for taps in runs of three neighbours,
	 * each input read once a run; there, widths without a tile are left to the first. */
	struct rt_conv_tiles {
		int columns[2][3];	/* widest tile by blocks - 1 and log2 rows; 0: none */
		/* ... and columns */
		void (*tile[2][3][RT_TILE_MAX + 1])(const struct rt_conv_tile *t);
	} single, triple;
	void (*end)(const struct rt_conv_end *e);
	void (*end_apart)(const struct rt_conv_end *e);
	/* Tiles of weights: of taps, and of runs of three taps that are neighbours in x. */
	struct rt_conv_dw_tiles {
		int most[2];	/* taps or runs by blocks - 1; 0: none */
		void (*tile[2][RT_TILE_MAX + 1])(const struct rt_conv_dw_tile *t);
	} dw_single, dw_triple;
	/* to (n,lanes) from K <= lanes rows of n floats, `row` apart; lanes without a row are 0 */
	void (*interleave)(int64_t n, int64_t K, float *to, const float *from, int64_t row);
	void (*pad)(const struct rt_conv_pad *p);
	void (*flat)(const struct rt_conv_flat *f);
	int filters;		/* the most at once */
	void (*filter[RT_FILTERS_MAX + 1])(const struct rt_conv_flats *f);
	void (*flat_dw)(const struct rt_conv_flat_dw *f);
	void (*rows)(const struct rt_conv_rows *r);
	void (*planes_in)(const struct rt_conv_planes *p);
	void (*planes_out)(const struct rt_conv_planes *p);
	void (*channels)(const struct rt_conv_channels *c);
	void (*channels_dw)(const struct rt_conv_channels *c);
	int sample_filters, sample_dw_filters;	/* the most at once */
	int sample_taps;			/* at once */
	void (*samples[RT_FILTERS_MAX + 1])(const struct rt_conv_samples *s);
	void (*samples_dw[RT_FILTERS_MAX + 1])(const struct rt_conv_samples *s);
};

extern const struct rt_conv_direct_table rt_conv_direct_base, rt_conv_direct_avx2,
	rt_conv_direct_avx512;

#endif
