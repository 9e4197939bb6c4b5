/* conv_winograd_isa.h - the loops of conv_winograd_table.h, compiled once per instruction set
 * (isa.h). */
#include "tensor/conv_winograd_maps_isa.h"
#include "tensor/conv_winograd_table.h"
#include "tensor/lanes_isa.h"

/* B^T of the points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity: row p, of a finite point, holds
 * the coefficients of the product of (x - q) over the finite points q but p, that of 0 negated, and
 * the last row those of the product over all of them.
 *
 *	1   0  -21/4    0   21/4    0   -1  0
 *	0   1    1   -17/4 -17/4    1    1  0
 *	0  -1    1    17/4 -17/4   -1    1  0
 *	0  1/2  1/4  -5/2   -5/4    2    1  0
 *	0 -1/2  1/4   5/2   -5/4   -2    1  0
 *	0   2    4   -5/2    -5    1/2   1  0
 *	0  -2    4    5/2    -5   -1/2   1  0
 *	0  -1    0    21/4    0  -21/4   0  1
 */
INLINE void map_input_8(lanes *u, const lanes *d)
{
	const lanes even = d[2] + d[6] - d[4] * 4.25f, odd = d[1] + d[5] - d[3] * 4.25f;
	const lanes even2 = d[6] + d[2] * 0.25f - d[4] * 1.25f;
	const lanes odd2 = d[5] + d[1] * 0.25f - d[3] * 1.25f;
	const lanes half = d[6] + d[2] * 4 - d[4] * 5, odd_half = d[5] + d[1] * 4 - d[3] * 5;

	u[0] = d[0] - d[6] + (d[4] - d[2]) * 5.25f;
	u[1] = even + odd;
	u[2] = even - odd;
	u[3] = even2 + odd2 * 2;
	u[4] = even2 - odd2 * 2;
	u[5] = half + odd_half * 0.5f;
	u[6] = half - odd_half * 0.5f;
	u[7] = d[7] - d[1] + (d[3] - d[5]) * 5.25f;
}

INLINE void map_output_gradient(lanes *u, const lanes *y, const int edge)
{
	const lanes even = y[0] + y[2], odd = y[1] + y[3];
	const lanes even2 = y[0] + y[2] * 4, odd2 = y[1] + y[3] * 4;

	u[0] = y[0];
	u[1] = even + odd;
	u[2] = even - odd;
	u[3] = even2 + odd2 * 2;
	u[4] = even2 - odd2 * 2;
	if (edge == 8) {
		const lanes half = y[0] + y[2] * 0.25f, odd_half = y[1] + y[3] * 0.25f;

		u[5] = half + odd_half * 0.5f;
		u[6] = half - odd_half * 0.5f;
	}
	u[edge - 1] = y[3];
}

/* Those products are -1 for 0, which is negated in B^T, -9/2 for 1, 90 for 2 and 45/32 for 1/2. */
INLINE void map_filter_5(lanes *u, const lanes *g)
{
	const lanes even = g[0] + g[2] + g[4], odd = g[1] + g[3];
	const lanes even2 = g[0] + g[2] * 4 + g[4] * 16, odd2 = g[1] * 2 + g[3] * 8;
	const lanes half = g[0] + g[2] * 0.25f + g[4] * 0.0625f;
	const lanes odd_half = g[1] * 0.5f + g[3] * 0.125f;

	u[0] = g[0];
	u[1] = (even + odd) * (-2 / 9.0f);
	u[2] = (even - odd) * (-2 / 9.0f);
	u[3] = (even2 + odd2) * (1 / 90.0f);
	u[4] = (even2 - odd2) * (1 / 90.0f);
	u[5] = (half + odd_half) * (32 / 45.0f);
	u[6] = (half - odd_half) * (32 / 45.0f);
	u[7] = g[4];
}

INLINE void map_filter_gradient_3(lanes *g, const lanes *u)
{
	const lanes sum = (u[1] + u[2]) * (-1 / 6.0f), difference = (u[1] - u[2]) * (-1 / 6.0f);
	const lanes sum2 = (u[3] + u[4]) * (1 / 24.0f), difference2 = (u[3] - u[4]) * (1 / 12.0f);

	g[0] = u[0] * 0.25f + sum + sum2;
	g[1] = difference + difference2;
	g[2] = sum + sum2 * 4 + u[5];
}

INLINE void map_filter_gradient_5(lanes *g, const lanes *u)
{
	const lanes sum = (u[1] + u[2]) * (-2 / 9.0f), difference = (u[1] - u[2]) * (-2 / 9.0f);
	const lanes sum2 = (u[3] + u[4]) * (1 / 90.0f), difference2 = (u[3] - u[4]) * (1 / 45.0f);
	const lanes half = (u[5] + u[6]) * (32 / 45.0f);
	const lanes difference_half = (u[5] - u[6]) * (16 / 45.0f);

	g[0] = u[0] + sum + sum2 + half;
	g[1] = difference + difference2 + difference_half;
	g[2] = sum + sum2 * 4 + half * 0.25f;
	g[3] = difference + difference2 * 4 + difference_half * 0.25f;
	g[4] = sum + sum2 * 16 + half * 0.0625f + u[7];
}

INLINE void lines(const struct rt_winograd_lines *l, const int r, const enum winograd_map map)
{
	const int edge = r + WINOGRAD_OUT - 1;
	const int in = map == WINOGRAD_A ? WINOGRAD_OUT : map == WINOGRAD_G ? r : edge;
	const int out = map == WINOGRAD_A_T ? WINOGRAD_OUT : map == WINOGRAD_G_T ? r : edge;
	const int64_t in_step = l->in_step, out_step = l->out_step, n = l->n;
	const float *from[WINOGRAD_EDGE];
	float *to[WINOGRAD_EDGE];

	memcpy(from, l->in, sizeof(from));
	memcpy(to, l->out, sizeof(to));
	for (int64_t i = 0, p = 0, at = 0, put = 0; p < l->rows;) {
		lanes u[WINOGRAD_EDGE], v[WINOGRAD_EDGE];

		UNROLL
		for (int j = 0; j < in; j++)
			u[j] = once(load(from[j] + at));
		if (map == WINOGRAD_B_T && r == 3)
			map_input_6(v, u);
		else if (map == WINOGRAD_B_T)
			map_input_8(v, u);
		else if (map == WINOGRAD_A_T)
			map_output(v, u, edge);
		else if (map == WINOGRAD_A)
			map_output_gradient(v, u, edge);
		else if (map == WINOGRAD_G && r == 3)
			map_filter_3(v, u);
		else if (map == WINOGRAD_G)
			map_filter_5(v, u);
		else if (r == 3)
			map_filter_gradient_3(v, u);
		else
			map_filter_gradient_5(v, u);
		UNROLL
		for (int j = 0; j < out; j++)
			store(to[j] + put, v[j]);
		at += in_step;
		put += out_step;
		if (++i == n) {
			i = 0;
			p++;
			at = p * l->in_row;
			put = p * l->out_row;
		}
	}
}

static void spread(const struct rt_winograd_spread *s)
{
	const int64_t n = s->n, W = s->W, channels = s->channels;
	int64_t i = 0;

	while (n >= L && i < n) {
		const int64_t at = i + L <= n ? i : n - L;
		float *const *row = s->rows + at / W;
		int64_t q = at % W;
		float *to = *row + q * L;
		lanes v[L];

		for (int64_t k = 0; k < L; k++)
			v[k] = k < channels ? load(s->from + k * s->plane + at) : (lanes){0};
		transpose(v);
		UNROLL
		for (int k = 0; k < L; k++) {
			store(to, v[k]);
			to += L;
			if (++q == W) {
				q = 0;
				to = *++row;
			}
		}
		i = at + L;
	}
	for (; i < n; i++) {
		float *to = s->rows[i / W] + i % W * L;

		for (int64_t k = 0; k < L; k++)
			to[k] = k < channels ? s->from[k * s->plane + i] : 0;
	}
}

static void fours(const struct rt_winograd_fours *f)
{
	const int64_t Q = f->Q;
	float *to = f->to;

	for (int64_t p = 0; p + 2 <= f->rows; p += 2) {
		const float *from = f->from + p * Q * L, *below = from + Q * L;

		for (int64_t q = 0; q + 2 <= Q; q += 2, from += 2 * L, below += 2 * L, to += L)
			store(to, larger(larger(load(from), load(from + L)),
					 larger(load(below), load(below + L))));
	}
}

INLINE void product(const struct rt_winograd_product *p, const int blocks, const int tiles)
{
	const float *w = p->w, *w1 = w + p->C * L;
	lanes acc[WINOGRAD_TILES];

	UNROLL
	for (int i = 0; i < tiles; i++) {
		acc[i] = load(p->start);
		if (blocks == 2)
			acc[tiles + i] = load(p->start + L);
	}
	for (int64_t c = 0; c < p->C; c += L) {
		const int64_t n = p->C - c < L ? p->C - c : L;
		const float *x = p->x + c / L * p->x_block;

		for (int64_t j = 0; j < n; j++, w += L, w1 += L) {
			const lanes a = load(w), b = blocks == 2 ? load(w1) : a;

			UNROLL
			for (int i = 0; i < tiles; i++) {
				const lanes v = splat(x[i * L + j]);

				acc[i] = acc[i] + a * v;
				if (blocks == 2)
					acc[tiles + i] = acc[tiles + i] + b * v;
			}
		}
	}
	UNROLL
	for (int i = 0; i < tiles; i++) {
		store(p->sums + i * L, acc[i]);
		if (blocks == 2)
			store(p->sums + p->sums_block + i * L, acc[tiles + i]);
	}
}

/* Sums of their own, added in the end: long chains of sums are less exact. */
INLINE void dw(const struct rt_winograd_dw *p, const int blocks, const int channels)
{
	const float *x = p->x, *dy = p->dy, *dy1 = dy + p->dy_block;
	const int64_t n = p->n;
	lanes acc[WINOGRAD_CHANNELS * 2];

	UNROLL
	for (int c = 0; c < channels * blocks; c++)
		acc[c] = (lanes){0};
	for (int64_t i = 0; i < n; i++, x += L, dy += L, dy1 += L) {
		const lanes a = load(dy), b = blocks == 2 ? load(dy1) : a;

		UNROLL
		for (int c = 0; c < channels; c++) {
			const lanes v = splat(x[c]);

			acc[c] = acc[c] + a * v;
			if (blocks == 2)
				acc[channels + c] = acc[channels + c] + b * v;
		}
	}
	UNROLL
	for (int c = 0; c < channels; c++) {
		float *to = p->dw + c * L;

		store(to, load(to) + acc[c]);
		if (blocks == 2)
			store(to + p->dw_block, load(to + p->dw_block) + acc[channels + c]);
	}
}

#define MAPS(X, r) X(r, B_T) X(r, A_T) X(r, A) X(r, G) X(r, G_T)
#define LINES(r, map)                                                                              \
	static void lines_##r##_##map(const struct rt_winograd_lines *l)                           \
	{                                                                                          \
		lines(l, r, WINOGRAD_##map);                                                       \
	}
MAPS(LINES, 3)
MAPS(LINES, 5)
#undef LINES

/* X(blocks, tiles), X(blocks, channels) */
#define UP_TO_4(X, b) X(b, 1) X(b, 2) X(b, 3) X(b, 4)
#define UP_TO_6(X, b) UP_TO_4(X, b) X(b, 5) X(b, 6)
#define UP_TO_8(X, b) UP_TO_6(X, b) X(b, 7) X(b, 8)
#define UP_TO_12(X, b) UP_TO_8(X, b) X(b, 9) X(b, 10) X(b, 11) X(b, 12)
#define UP_TO_14(X, b) UP_TO_12(X, b) X(b, 13) X(b, 14)
#define UP_TO_16(X, b) UP_TO_14(X, b) X(b, 15) X(b, 16)
#define UP_TO_28(X, b)                                                                             \
	UP_TO_16(X, b) X(b, 17) X(b, 18) X(b, 19) X(b, 20) X(b, 21) X(b, 22) X(b, 23) X(b, 24)     \
	X(b, 25) X(b, 26) X(b, 27) X(b, 28)
#if RT_REGISTERS == 28
#define TILES {28, 14}
#define PRODUCTS(X) UP_TO_28(X, 1) UP_TO_14(X, 2)
#else
#define TILES {12, 6}
#define PRODUCTS(X) UP_TO_12(X, 1) UP_TO_6(X, 2)
#endif
/* A divisor of the lanes. */
#if RT_LANES == 16
#define CHANNELS {16, 8}
#define DWS(X) UP_TO_16(X, 1) UP_TO_8(X, 2)
#elif RT_LANES == 8
#define CHANNELS {8, 4}
#define DWS(X) UP_TO_8(X, 1) UP_TO_4(X, 2)
#else
#define CHANNELS {4, 4}
#define DWS(X) UP_TO_4(X, 1) UP_TO_4(X, 2)
#endif

#define PRODUCT(b, n)                                                                              \
	static void product_##b##_##n(const struct rt_winograd_product *p)                         \
	{                                                                                          \
		product(p, b, n);                                                                  \
	}
PRODUCTS(PRODUCT)
#undef PRODUCT

#define DW(b, n)                                                                                   \
	static void dw_##b##_##n(const struct rt_winograd_dw *p)                                   \
	{                                                                                          \
		dw(p, b, n);                                                                       \
	}
DWS(DW)
#undef DW

const struct rt_winograd_table RT_ISA_TABLE = {
	.lanes = L,
#define LINES(r, map) .lines[r / 2 - 1][WINOGRAD_##map] = lines_##r##_##map,
	MAPS(LINES, 3) MAPS(LINES, 5)
	.spread = spread,
	.fours = fours,
	.tiles = TILES,
#define PRODUCT(b, n) .product[b - 1][n] = product_##b##_##n,
	PRODUCTS(PRODUCT)
	.channels = CHANNELS,
#define DW(b, n) .dw[b - 1][n] = dw_##b##_##n,
	DWS(DW)
};
