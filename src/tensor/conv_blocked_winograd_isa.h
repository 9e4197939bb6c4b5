/* conv_blocked_winograd_isa.h - the transforms of minimal filtering of blocked arrays; a part of
 * conv_blocked_isa.h, whose vectors these are. */
#ifndef RT_TENSOR_CONV_BLOCKED_WINOGRAD_ISA_H
#define RT_TENSOR_CONV_BLOCKED_WINOGRAD_ISA_H

#include "tensor/conv_winograd_maps_isa.h"

/* With 2 outputs the points are 0, 1, -1 and infinity (Lavin and Gray, section 4.1). */
INLINE void points_of_inputs(lanes *u, const lanes *d, const int m)
{
	if (m == 4) {
		map_input_6(u, d);
		return;
	}
	u[0] = d[0] - d[2];
	u[1] = d[1] + d[2];
	u[2] = d[2] - d[1];
	u[3] = d[1] - d[3];
}

INLINE void outputs_of_points(lanes *y, const lanes *u, const int m)
{
	if (m == 4) {
		map_output(y, u, 6);
		return;
	}
	y[0] = u[0] + u[1] + u[2];
	y[1] = u[1] - u[2] - u[3];
}

INLINE void points_of_filter(lanes *u, const lanes *g, const int m)
{
	const lanes even = (g[0] + g[2]) * 0.5f, odd = g[1] * 0.5f;

	if (m == 4) {
		map_filter_3(u, g);
		return;
	}
	u[0] = g[0];
	u[1] = even + odd;
	u[2] = even - odd;
	u[3] = g[2];
}

/* Down the columns of all tiles, which share two with the next, then along the rows of each. */
INLINE void tiles_in(const struct rt_blocked_tiles_in *given, const int m)
{
	const struct rt_blocked_tiles_in copy = *given, *const p = &copy;
	const int edge = m + 2;
	const int64_t width = p->n * m + 2, end = p->W + p->left < width ? p->W + p->left : width;
	lanes d[RT_BLOCKED_EDGE], u[RT_BLOCKED_EDGE];

	for (int k = 0; k < V; k++) {
		for (int64_t c = 0; c < width; c++) {
			const int64_t at = (c - p->left) * RT_BLOCK + k * L;
			const bool inside = c >= p->left && c < end;

			UNROLL
			for (int i = 0; i < edge; i++)
				d[i] = inside ? load(p->row[i] + at) : splat(0);
			points_of_inputs(u, d, m);
			UNROLL
			for (int i = 0; i < edge; i++)
				store(p->lines + (i * width + c) * L, u[i]);
		}
		for (int64_t t = 0; t < p->n; t++) {
			float *to = p->v + t * RT_BLOCK + k * L;

			for (int i = 0; i < edge; i++) {
				const float *from = p->lines + (i * width + t * m) * L;

				UNROLL
				for (int j = 0; j < edge; j++)
					d[j] = load(from + j * L);
				points_of_inputs(u, d, m);
				UNROLL
				for (int j = 0; j < edge; j++)
					store(to + (i * edge + j) * p->point, u[j]);
			}
		}
	}
}

/* Tile t, lanes k L ... of the block; rows and columns count. */
INLINE void tile_out(const struct rt_blocked_tiles_out *p, int64_t t, int k, const int m,
		     int64_t rows, int64_t columns)
{
	const int edge = m + 2;
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
		outputs_of_points(y, d, m);
		UNROLL
		for (int i = 0; i < m; i++)
			lines[i * edge + j] = y[i];
	}
	UNROLL
	for (int i = 0; i < m; i++) {
		outputs_of_points(y, lines + i * edge, m);
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

INLINE void tiles_out(const struct rt_blocked_tiles_out *p, const int m)
{
	for (int64_t t = 0; t < p->n; t++) {
		const int64_t columns = p->Q - t * m;

		for (int k = 0; k < V; k++) {
			if (p->rows >= m && columns >= m)
				tile_out(p, t, k, m, m, m);
			else
				tile_out(p, t, k, m, p->rows, columns);
		}
	}
}

INLINE void filters(float *u, const float *w, int64_t point, const int m)
{
	const int edge = m + 2;
	lanes lines[3 * RT_BLOCKED_EDGE], d[3], g[RT_BLOCKED_EDGE];

	for (int k = 0; k < V; k++) {
		for (int s = 0; s < 3; s++) {
			for (int r = 0; r < 3; r++)
				d[r] = load(w + (r * 3 + s) * RT_BLOCK + k * L);
			points_of_filter(g, d, m);
			for (int i = 0; i < edge; i++)
				lines[i * 3 + s] = g[i];
		}
		for (int i = 0; i < edge; i++) {
			points_of_filter(g, lines + i * 3, m);
			for (int j = 0; j < edge; j++)
				store(u + (i * edge + j) * point + k * L, g[j]);
		}
	}
}

#define OUTPUTS(X) X(2) X(4)
#define TRANSFORMS(m)                                                                              \
	static void tiles_in_##m(const struct rt_blocked_tiles_in *p)                              \
	{                                                                                          \
		tiles_in(p, m);                                                                    \
	}                                                                                          \
	static void tiles_out_##m(const struct rt_blocked_tiles_out *p)                            \
	{                                                                                          \
		tiles_out(p, m);                                                                   \
	}                                                                                          \
	static void filters_##m(float *u, const float *w, int64_t point)                           \
	{                                                                                          \
		filters(u, w, point, m);                                                           \
	}
OUTPUTS(TRANSFORMS)
#undef TRANSFORMS

#endif
