/* conv_winograd.h - a convolution as tiles of outputs, the transform of their inputs, and that of
 * filters: what all three directions share; private to conv_winograd*.c.
 *
 * A tile is 4 by 4 outputs of e by e inputs, which become as many points; e = r + 3 with r taps
 * along an axis.  A row is a row of tiles, counted over all images; an item is a few rows,
 * transformed together so that they stay in cache until they are summed.
 */
#ifndef RT_TENSOR_CONV_WINOGRAD_H
#define RT_TENSOR_CONV_WINOGRAD_H

#include "tensor/conv_direct.h"
#include "tensor/conv_winograd_table.h"

struct winograd {
	const struct rt_winograd_table *t;
	const struct rt_conv_direct_table *ends;
	int r, edge, points;		/* taps and points along an axis, points in all */
	int64_t N, C, K;		/* channels summed over, and made */
	int64_t in[2], out[2], before[2];
	bool turned;			/* the filters are read from their end */
	int64_t w_in, w_out;		/* in w, from summed or made channel to the next */
	int64_t w_blocks, x_blocks;	/* blocks of made and of summed channels */

	int64_t tiles[2];		/* down and across a plane */
	int64_t all_rows, rows, items;	/* rows in all and of an item */
	int64_t w_point;		/* floats of a point of the filters: (blocks, C, lanes) */
};

/* Planes that are cut into tiles: x, or dy for the gradient of the weights. */
struct winograd_planes {
	const float *planes;		/* (N, C, in) */
	int64_t C, in[2], before[2];
	int reach;			/* rows and columns of a tile */
	enum winograd_map map;
};

/* Rows [first, end) of tiles. */
struct winograd_item {
	int64_t first, end;
};

/* Forward of g and backward data; false where g is no such convolution. */
bool winograd_forward(struct winograd *d, const struct rt_conv *g);
bool winograd_backward(struct winograd *d, const struct rt_conv *g);

/* Cuts the rows anew: as many an item as fit, but no fewer items than slices where that can be. */
void winograd_cut(struct winograd *d, int slices);

struct winograd_item winograd_item(const struct winograd *d, int64_t i);

/* Floats of a point of a full item with that many blocks of channels, (blocks, tiles, lanes). */
int64_t winograd_point(const struct winograd *d, int64_t blocks);

/* Rows of vectors in a slice's work space, and their floats. */
struct winograd_lanes {
	float *rows[WINOGRAD_EDGE], *zero;	/* of a row of tiles; slot of row i: i % reach */
	float *points[WINOGRAD_EDGE];	/* the same, transformed along columns; evenly apart */
};

void winograd_take_lanes(struct winograd_lanes *l, const struct winograd *d, float *space);
size_t winograd_lanes_floats(const struct winograd *d);

/* Transforms the item's tiles of all channels to v (points, blocks, tiles, lanes), points
 * `point` floats apart. */
void winograd_fetch(const struct winograd *d, const struct winograd_planes *p,
		    const struct winograd_item *item, const struct winograd_lanes *l, float *v,
		    int64_t point);

/* u (points, blocks, C, lanes) of w, times scale (K) or 1; scratch holds
 * winograd_filter_floats() a slice. */
void winograd_filters(const struct winograd *d, float *u, const float *w, const float *scale,
		      float *scratch);
size_t winograd_filter_floats(const struct winograd *d);

/* dw += ...; conv_winograd_weights.c. */
size_t winograd_weights_work(const struct rt_conv *g);
void winograd_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
		      void *work);

#endif
