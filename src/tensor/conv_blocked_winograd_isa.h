/* conv_blocked_winograd_isa.h - the transforms of minimal filtering of blocked arrays; a part of
 * conv_blocked_isa.h, whose vectors these are. */
#ifndef RT_TENSOR_CONV_BLOCKED_WINOGRAD_ISA_H
#define RT_TENSOR_CONV_BLOCKED_WINOGRAD_ISA_H

#include "tensor/conv_winograd_maps_isa.h"

/* Of a kind, along an axis: outputs, inputs and points under them, inputs from tile to tile, points
 * of filters. */
#define OUTS(kind) ((kind) == RT_BLOCKED_4 ? 4 : 2)
#define EDGE(kind) ((kind) == RT_BLOCKED_2_BY_2 ? 5 : OUTS(kind) + 2)
#define ADVANCE(kind) ((kind) == RT_BLOCKED_2_BY_2 ? 4 : OUTS(kind))
#define FILTER(kind) ((kind) == RT_BLOCKED_2_BY_2 ? 4 : EDGE(kind))

/* With 2 outputs the points are 0, 1, -1 and infinity (Lavin and Gray, section 4.1).  With a step
 * of 2 the outer taps meet inputs 0, 2 and 4, and the middle one 1 and 3:
 *
 *	y0 = (d0 - d2) g0 + d2 (g0 + g2) + d1 g1,	y1 = d2 (g0 + g2) - (d2 - d4) g2 + d3 g1
 */
INLINE void points_of_inputs(lanes *u, const lanes *d, const int kind)
{
	if (kind == RT_BLOCKED_4) {
		map_input_6(u, d);
		return;
	}
	u[0] = d[0] - d[2];
	if (kind == RT_BLOCKED_2_BY_2) {
		u[1] = d[2];
		u[2] = d[2] - d[4];
		u[3] = d[1];
		u[4] = d[3];
		return;
	}
	u[1] = d[1] + d[2];
	u[2] = d[2] - d[1];
	u[3] = d[1] - d[3];
}

INLINE void outputs_of_points(lanes *y, const lanes *u, const int kind)
{
	if (kind == RT_BLOCKED_4) {
		map_output(y, u, 6);
		return;
	}
	y[0] = u[0] + u[1];
	y[1] = u[1] - u[2];
	if (kind == RT_BLOCKED_2_BY_2) {
		y[0] += u[3];
		y[1] += u[4];
		return;
	}
	y[0] += u[2];
	y[1] -= u[3];
}

INLINE void points_of_filter(lanes *u, const lanes *g, const int kind)
{
	const lanes even = (g[0] + g[2]) * 0.5f, odd = g[1] * 0.5f;

	if (kind == RT_BLOCKED_4) {
		map_filter_3(u, g);
		return;
	}
	u[0] = g[0];
	if (kind == RT_BLOCKED_2_BY_2) {
		u[1] = g[0] + g[2];
		u[2] = g[2];
		u[3] = g[1];
		return;
	}
	u[1] = even + odd;
	u[2] = even - odd;
	u[3] = g[2];
}

/* Down the columns of all tiles, which share some with the next, then along the rows of each. */
INLINE void tiles_in(const struct rt_blocked_tiles_in *given, const int kind)
{
	const struct rt_blocked_tiles_in copy = *given, *const p = &copy;
	const int edge = EDGE(kind), advance = ADVANCE(kind);
	const int64_t width = p->n * advance + edge - advance;
	const int64_t end = p->W + p->left < width ? p->W + p->left : width;
	lanes d[RT_BLOCKED_EDGE], u[RT_BLOCKED_EDGE];

	for (int k = 0; k < V; k++) {
		for (int64_t c = 0; c < width; c++) {
			const int64_t at = (c - p->left) * RT_BLOCK + k * L;
			const bool inside = c >= p->left && c < end;

			UNROLL
			for (int i = 0; i < edge; i++)
				d[i] = inside ? load(p->row[i] + at) : splat(0);
			points_of_inputs(u, d, kind);
			UNROLL
			for (int i = 0; i < edge; i++)
				store(p->lines + (i * width + c) * L, u[i]);
		}
		for (int64_t t = 0; t < p->n; t++) {
			float *to = p->v + t * RT_BLOCK + k * L;

			for (int i = 0; i < edge; i++) {
				const float *from = p->lines + (i * width + t * advance) * L;

				UNROLL
				for (int j = 0; j < edge; j++)
					d[j] = load(from + j * L);
				points_of_inputs(u, d, kind);
				UNROLL
				for (int j = 0; j < edge; j++)
					store(to + (i * edge + j) * p->point, u[j]);
			}
		}
	}
}

/* Tile t, lanes k L ... of the block; rows and columns count. */
INLINE void tile_out(const struct rt_blocked_tiles_out *p, int64_t t, int k, const int kind,
		     int64_t rows, int64_t columns)
{
	const int edge = EDGE(kind), m = OUTS(kind);
	const float *from = p->u + t * RT_BLOCK + k * L;
	const int64_t point = p->point, row = p->y_row;
	const lanes start = load(p->start + k * L), lo = splat(p->lo), hi = splat(p->hi);
	const float *const add = p->add ? p->add + t * m * RT_BLOCK + k * L : NULL;
	float *const to = p->y + t * m * RT_BLOCK + k * L;
	lanes lines[4 * RT_BLOCKED_EDGE], d[RT_BLOCKED_EDGE], y[4];

	UNROLL
	for (int j = 0; j < edge; j++) {
		UNROLL
		for (int i = 0; i < edge; i++)
			d[i] = load(from + (i * edge + j) * point);
		outputs_of_points(y, d, kind);
		UNROLL
		for (int i = 0; i < m; i++)
			lines[i * edge + j] = y[i];
	}
	UNROLL
	for (int i = 0; i < m; i++) {
		outputs_of_points(y, lines + i * edge, kind);
		UNROLL
		for (int j = 0; j < m; j++) {
			lanes s = y[j] + start;

			if (i >= rows || j >= columns)
				continue;
			if (add)
				s += load(add + i * row + j * RT_BLOCK);
			store(to + i * row + j * RT_BLOCK, RT_LESSER(hi, RT_GREATER(lo, s)));
		}
	}
}

INLINE void tiles_out(const struct rt_blocked_tiles_out *p, const int kind)
{
	const int m = OUTS(kind);

	for (int64_t t = 0; t < p->n; t++) {
		const int64_t columns = p->Q - t * m;

		for (int k = 0; k < V; k++) {
			if (p->rows >= m && columns >= m)
				tile_out(p, t, k, kind, m, m);
			else
				tile_out(p, t, k, kind, p->rows, columns);
		}
	}
}

INLINE void filters(float *u, const float *w, int64_t point, const int kind)
{
	const int edge = FILTER(kind);
	lanes lines[3 * RT_BLOCKED_EDGE], d[3], g[RT_BLOCKED_EDGE];

	for (int k = 0; k < V; k++) {
		for (int s = 0; s < 3; s++) {
			for (int r = 0; r < 3; r++)
				d[r] = load(w + (r * 3 + s) * RT_BLOCK + k * L);
			points_of_filter(g, d, kind);
			for (int i = 0; i < edge; i++)
				lines[i * 3 + s] = g[i];
		}
		for (int i = 0; i < edge; i++) {
			points_of_filter(g, lines + i * 3, kind);
			for (int j = 0; j < edge; j++)
				store(u + (i * edge + j) * point + k * L, g[j]);
		}
	}
}

#define KINDS(X) X(2) X(4) X(2_BY_2)
#define TRANSFORMS(kind)                                                                           \
	static void tiles_in_##kind(const struct rt_blocked_tiles_in *p)                           \
	{                                                                                          \
		tiles_in(p, RT_BLOCKED_##kind);                                                    \
	}                                                                                          \
	static void tiles_out_##kind(const struct rt_blocked_tiles_out *p)                         \
	{                                                                                          \
		tiles_out(p, RT_BLOCKED_##kind);                                                   \
	}                                                                                          \
	static void filters_##kind(float *u, const float *w, int64_t point)                        \
	{                                                                                          \
		filters(u, w, point, RT_BLOCKED_##kind);                                           \
	}
KINDS(TRANSFORMS)
#undef TRANSFORMS

#endif
