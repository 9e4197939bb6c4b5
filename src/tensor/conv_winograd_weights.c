/* conv_winograd_weights.c - the gradient of the weights by minimal filtering: the transpose of the
 * forward pass, with sums over all tiles of the product of transforms.
 *
 *	dg = G^T [sum over tiles of (B^T d B) . (A dY A^T)] G
 *
 * Every slice sums into an array of its own (points, blocks, C, lanes), lanes output channels,
 * and those are added in the order of the slices.
 */
#include "config.h"

#include "tensor/conv_winograd.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

struct pass {
	struct winograd d;
	struct winograd_planes x, dy;
	float *u;			/* one of each a slice */
	float *lanes, *vx, *vy;
	size_t u_size, lanes_size, x_size, y_size;
	int n;
};

static size_t take(struct pass *p, const struct rt_conv *g, void *work)
{
	const struct winograd *d = &p->d;
	const size_t threads = (size_t)rt_threads();
	struct direct_space s = {.base = work};

	winograd_forward(&p->d, g);
	p->u_size = (size_t)(d->points * d->w_point);
	p->lanes_size = winograd_lanes_floats(d);
	p->x_size = (size_t)(d->points * winograd_point(d, d->x_blocks));
	p->y_size = (size_t)(d->points * winograd_point(d, d->w_blocks));
	p->u = direct_take(&s, threads * p->u_size * sizeof(float));
	p->lanes = direct_take(&s, 2 * threads * p->lanes_size * sizeof(float));
	p->vx = direct_take(&s, threads * p->x_size * sizeof(float));
	p->vy = direct_take(&s, threads * p->y_size * sizeof(float));
	return s.used;
}

size_t winograd_weights_work(const struct rt_conv *g)
{
	struct pass p;

	return take(&p, g, NULL);
}

/* Adds the products of one point of an item's tiles to u (blocks, C, lanes). */
static void products(const struct winograd *d, float *u, const float *x, const float *dy,
		     int64_t tiles)
{
	const int64_t L = d->t->lanes;

	for (int64_t b = 0; b < d->w_blocks; b += 2) {
		const int blocks = d->w_blocks - b > 1 ? 2 : 1;
		const int64_t most = d->t->channels[blocks - 1];

		for (int64_t c = 0; c < d->C; c += most) {
			const int64_t n = d->C - c < most ? d->C - c : most;

			d->t->dw[blocks - 1][n](&(struct rt_winograd_dw){
				.x = x + c / L * tiles * L + c % L, .dy = dy + b * tiles * L,
				.dy_block = tiles * L, .n = tiles,
				.dw = u + (b * d->C + c) * L, .dw_block = d->C * L,
			});
		}
	}
}

static void slice(const struct pass *p, int s)
{
	const struct winograd *d = &p->d;
	const size_t own = (size_t)s;
	const int64_t x_point = winograd_point(d, d->x_blocks);
	const int64_t y_point = winograd_point(d, d->w_blocks);
	float *u = p->u + p->u_size * own;
	float *vx = p->vx + p->x_size * own, *vy = p->vy + p->y_size * own;
	struct winograd_lanes lx, ly;

	winograd_take_lanes(&lx, d, p->lanes + 2 * p->lanes_size * own);
	winograd_take_lanes(&ly, d, p->lanes + (2 * own + 1) * p->lanes_size);
	memset(u, 0, p->u_size * sizeof(*u));
	for (int64_t i = rt_slice(d->items, s, p->n); i < rt_slice(d->items, s + 1, p->n); i++) {
		const struct winograd_item item = winograd_item(d, i);
		const int64_t tiles = (item.end - item.first) * d->tiles[1];

		winograd_fetch(d, &p->x, &item, &lx, vx, x_point);
		winograd_fetch(d, &p->dy, &item, &ly, vy, y_point);
		for (int j = 0; j < d->points; j++)
			products(d, u + j * d->w_point, vx + j * x_point, vy + j * y_point, tiles);
	}
}

/* Transforms the n filters at u back along both axes, in place: point (i,s) becomes tap (i,s). */
static void back(const struct winograd *d, float *u, int64_t n)
{
	void (*lines)(const struct rt_winograd_lines *) = d->t->lines[d->r / 2 - 1][WINOGRAD_G_T];
	const int64_t L = d->t->lanes;
	struct rt_winograd_lines l = {
		.in_step = L, .out_step = L, .n = n, .rows = d->edge,
		.in_row = d->edge * d->w_point, .out_row = d->edge * d->w_point,
	};

	for (int j = 0; j < d->edge; j++) {
		l.in[j] = u + j * d->w_point;
		l.out[j] = u + j * d->w_point;
	}
	lines(&l);
	l.rows = d->r;
	l.in_row = l.out_row = d->w_point;
	for (int i = 0; i < d->edge; i++) {
		l.in[i] = u + i * d->edge * d->w_point;
		l.out[i] = u + i * d->edge * d->w_point;
	}
	lines(&l);
}

/* dw (K, C, taps) += the sums of all slices, transformed back. */
static void add_sums(const struct pass *p, float *dw)
{
	const struct winograd *d = &p->d;
	const int64_t L = d->t->lanes, RS = d->r * d->r, row = d->C * L;
	const int threads = rt_split(d->w_blocks, d->w_point * d->points * p->n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t b = 0; b < d->w_blocks; b++) {
		const int64_t K = d->K - b * L < L ? d->K - b * L : L;
		float *u = p->u + b * row;

		for (int s = 1; s < p->n; s++) {
			for (int i = 0; i < d->points; i++) {
				float *to = u + i * d->w_point;
				const float *from = to + p->u_size * (size_t)s;

#pragma omp simd
				for (int64_t j = 0; j < row; j++)
					to[j] += from[j];
			}
		}
		back(d, u, d->C);
		for (int64_t j = 0; j < RS; j++) {
			const float *from = u + (j / d->r * d->edge + j % d->r) * d->w_point;

			for (int64_t k = 0; k < K; k++)
				for (int64_t c = 0; c < d->C; c++)
					dw[((b * L + k) * d->C + c) * RS + j] += from[c * L + k];
		}
	}
}

void winograd_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
		      void *work)
{
	struct pass p = {.n = 0};
	const struct rt_window *w = &g->win;

	take(&p, g, work);
	p.x = (struct winograd_planes){
		.planes = x, .C = g->C, .in = {w->in[0], w->in[1]},
		.before = {w->pad[0], w->pad[1]}, .reach = p.d.edge, .map = WINOGRAD_B_T,
	};
	p.dy = (struct winograd_planes){
		.planes = dy, .C = g->K, .in = {w->out[0], w->out[1]}, .reach = WINOGRAD_OUT,
		.map = WINOGRAD_A,
	};
	p.n = rt_split_macs(p.d.items, g->N * g->C * g->K * w->out[0] * w->out[1]);
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		slice(&p, s);
	add_sums(&p, dw);
}
