/* conv_1x1.c - convolution with one tap and no padding: of every image a product of matrices,
 *
 *	y (K, P Q) = w (K, C) . x (C, P Q),	dx += w^T . dy
 *
 * Lanes are positions, so that planes are read and written as they are; where a plane is no whole
 * number of vectors, or a stride leaves positions out, those that count are copied side by side.
 */
#include "config.h"

#include "tensor/conv_1x1.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"

#include <math.h>

/* Floats of the panels that tiles of rows pass over in turn: a quarter of a second-level cache. */
#define GROUP_FLOATS (64 * 1024)

struct pass {
	const struct rt_conv *g;
	const struct gemm_table *t;
	struct side in, out;
	int64_t sums, rows;	/* channels summed over and made, of one group */
	int64_t w_sum, w_row;	/* in w, from one to the next */
	const float *from, *w;
	float *to;
	const struct rt_conv_post *post;	/* NULL: add to what is there */
	bool read, write;	/* planes are read in place, and written */
	int64_t strip;		/* columns over which tiles of rows pass in turn */
	int n;
	bool by_rows;		/* slices divide the rows, not the columns */
};

/* What one slice does with one group of channels; pointers at the group's first channels. */
struct part {
	const struct pass *p;
	const float *from, *w;
	float *to;
	int64_t first;		/* channel made, of all groups */
	float *panels;		/* (strip / width, sums, width) */
	float *sums;		/* of a tile */
};

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

struct side side_of_x(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	struct side s = {
		.channels = g->C, .plane = w->in[0] * w->in[1], .P = w->out[0], .Q = w->out[1],
		.down = w->stride[0] * w->in[1], .right = w->stride[1],
	};

	s.dense = s.plane == s.P * s.Q && s.down == s.Q && s.right == 1;
	return s;
}

struct side side_of_y(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;

	return (struct side){.channels = g->K, .plane = w->out[0] * w->out[1], .P = w->out[0],
			     .Q = w->out[1], .down = w->out[1], .right = 1, .dense = true};
}

int64_t side_run(const struct side *s, int64_t q, int64_t most, int64_t *at)
{
	const int64_t image = q / (s->P * s->Q), i = q % (s->P * s->Q);
	const int64_t row = i / s->Q, column = i % s->Q;

	*at = image * s->channels * s->plane + row * s->down + column * s->right;
	return least(most, s->dense ? s->P * s->Q - i : s->Q - column);
}

/* Columns [q0,q1) of every summed channel to panels, a channel at a time while columns go on. */
static void gather(const struct part *a, int64_t q0, int64_t q1)
{
	const struct pass *p = a->p;
	const int64_t width = 2 * p->t->lanes, last = (q1 - q0 - 1) / width * width;
	const int64_t last_width = q1 - q0 - last > width / 2 ? width : width / 2;

	for (int64_t q = q0, n, at; q < q1; q += n) {
		n = side_run(&p->in, q, q1 - q, &at);
		for (int64_t c = 0; c < p->sums; c++) {
			const float *from = a->from + at + c * p->in.plane;

			for (int64_t i = q - q0, m; i < q - q0 + n; i += m) {
				const int64_t l = i % width, w = i < last ? width : last_width;

				m = least(width - l, q - q0 + n - i);
				side_copy(a->panels + (i - l) * p->sums + c * w + l, from, m,
					  p->in.right);
				from += m * p->in.right;
			}
		}
	}
	for (int64_t c = 0; c < p->sums; c++)
		for (int64_t l = q1 - q0 - last; l < last_width; l++)
			a->panels[last * p->sums + c * last_width + l] = 0;
}

/* The sums (rows, width) of a tile to where they belong; r: its first row. */
static void scatter(const struct part *a, int64_t r, int64_t rows, int64_t q, int64_t lanes,
		    int64_t width)
{
	const struct pass *p = a->p;
	const struct rt_conv_post *post = p->post;
	const int64_t right = p->out.right;

	for (int64_t l = 0, n, at; l < lanes; l += n) {
		n = side_run(&p->out, q + l, lanes - l, &at);
		for (int64_t i = 0; i < rows; i++) {
			const int64_t k = a->first + r + i, to = at + (r + i) * p->out.plane;
			const float *from = a->sums + i * width + l;
			const float *add = post && post->add ? post->add + (a->to - p->to) + to
							     : NULL;
			float *y = a->to + to;

			for (int64_t j = 0; !post && j < n; j++)
				y[j * right] += from[j];
			for (int64_t j = 0; post && j < n; j++) {
				float v = from[j] * (post->scale ? post->scale[k] : 1) +
					  (post->bias ? post->bias[k] : 0) + (add ? add[j] : 0);

				v = v < post->lo ? post->lo : v;
				y[j] = v > post->hi ? post->hi : v;
			}
		}
	}
}

/* Where the vectors of a panel begin in channel 0; a vector is of one image. */
static void places(const struct side *s, int64_t q, int vectors, int64_t at[2])
{
	const int64_t L = gemm_kernels()->lanes;

	side_run(s, q, 1, &at[0]);
	at[1] = at[0] + L;
	if (vectors == 2)
		side_run(s, q + L, 1, &at[1]);
}

/* A panel of one or two vectors by a tile of rows; ahead: fetch what lies behind it. */
static void tile(const struct part *a, const float *packed, int64_t r, int64_t rows, int64_t q,
		 int64_t lanes, bool ahead)
{
	const struct pass *p = a->p;
	const struct rt_conv_post *post = p->post;
	const int64_t L = p->t->lanes;
	const int vectors = lanes > L ? 2 : 1;
	struct gemm_finish f;
	struct gemm_tile t = {
		.K = p->sums, .s = a->w + r * p->w_row, .s_k = p->w_sum, .s_row = p->w_row,
		.v = packed, .v_k = vectors * L, .v_step = L, .c = a->sums, .c_row = vectors * L,
		.c_step = L,
	};

	int64_t at[2];

	if (p->read) {
		places(&p->in, q, vectors, at);
		t.v = a->from + at[0];
		t.v_k = p->in.plane;
		t.v_step = at[1] - at[0];
		t.ahead = ahead ? vectors * L : 0;
	}
	if (p->write) {
		places(&p->out, q, vectors, at);
		t.c = a->to + r * p->out.plane + at[0];
		t.c_row = p->out.plane;
		t.c_step = at[1] - at[0];
		t.more = !post;
		if (post && !(conv_post_is_bias(post) && !post->bias)) {
			f = (struct gemm_finish){
				.alpha = 1,
				.scale = post->scale ? post->scale + a->first + r : NULL,
				.bias = post->bias ? post->bias + a->first + r : NULL,
				.add = post->add ? post->add + (t.c - p->to) : NULL,
				.lo = post->lo, .hi = post->hi,
			};
			t.finish = &f;
		}
	}
	p->t->tile[vectors][rows](&t);
	if (!p->write)
		scatter(a, r, rows, q, lanes, t.c_row);
}

/* Rows [r0,r1) of columns [q0,q1), at most a strip. */
static void strip(const struct part *a, int64_t r0, int64_t r1, int64_t q0, int64_t q1)
{
	const struct pass *p = a->p;
	const int64_t L = p->t->lanes;
	const int tiles = (int)ceil_div(r1 - r0, p->t->rows[2]);

	if (!p->read)
		gather(a, q0, q1);
	for (int i = 0; i < tiles; i++) {
		const int64_t r = rt_slice(r1 - r0, i, tiles);
		const int64_t rows = rt_slice(r1 - r0, i + 1, tiles) - r;

		for (int64_t q = q0; q < q1; q += 2 * L)
			tile(a, a->panels + (q - q0) * p->sums, r0 + r, rows, q,
			     least(2 * L, q1 - q), i == 0);
	}
}

static void slice(const struct pass *p, int s, struct part a)
{
	const int64_t L = p->t->lanes, columns = p->g->N * p->in.P * p->in.Q;
	const int64_t vectors = ceil_div(columns, L), width = p->by_rows ? 1 : p->n;
	const int64_t at = p->by_rows ? 0 : s;
	const int64_t q0 = rt_slice(vectors, (int)at, (int)width) * L;
	const int64_t q1 = least(rt_slice(vectors, (int)at + 1, (int)width) * L, columns);
	const int64_t r0 = p->by_rows ? rt_slice(p->rows, s, p->n) : 0;
	const int64_t r1 = p->by_rows ? rt_slice(p->rows, s + 1, p->n) : p->rows;

	for (int64_t group = 0; group < p->g->groups; group++) {
		a.first = group * p->rows;
		a.from = p->from + group * p->sums * p->in.plane;
		a.to = p->to + a.first * p->out.plane;
		a.w = p->w + group * p->rows * p->sums;
		for (int64_t q = q0; q < q1; q += p->strip)
			strip(&a, r0, r1, q, least(q + p->strip, q1));
	}
}

/* Everything but the arrays. */
static struct pass pass_of(const struct rt_conv *g, bool backward)
{
	const struct side x = side_of_x(g), y = side_of_y(g);
	struct pass p = {.g = g, .t = gemm_kernels(), .in = backward ? y : x,
			 .out = backward ? x : y};
	const int64_t C = g->C / g->groups, K = g->K / g->groups, L = p.t->lanes;
	const int64_t columns = g->N * x.P * x.Q;

	p.sums = backward ? K : C;
	p.rows = backward ? C : K;
	p.w_sum = backward ? C : 1;
	p.w_row = backward ? 1 : C;
	p.read = p.in.dense && x.P * x.Q % L == 0;
	p.write = p.out.dense && x.P * x.Q % L == 0;
	p.strip = GROUP_FLOATS / p.sums / (2 * L) * (2 * L);
	p.strip = p.strip > 2 * L ? p.strip : 2 * L;
	p.strip = least(p.strip, ceil_div(columns, 2 * L) * 2 * L);
	p.n = rt_split(columns * p.rows, rt_conv_macs(g) / 16);
	p.by_rows = columns < 2 * L * p.n;
	p.n = (int)least(p.n, p.by_rows ? p.rows : ceil_div(columns, L));
	return p;
}

/* Floats of a slice's panels, and of the sums of a tile. */
static size_t scratch(const struct pass *p)
{
	return (size_t)(p->strip * p->sums + GEMM_ROWS * 2 * p->t->lanes + 15) / 16 * 16;
}

static void run(const struct pass *p, float *work)
{
#pragma omp parallel for num_threads(p->n) schedule(static)
	for (int s = 0; s < p->n; s++) {
		struct part a = {.p = p};

		if (!p->read || !p->write) {
			a.panels = work + scratch(p) * (size_t)s;
			a.sums = a.panels + p->strip * p->sums;
		}
		slice(p, s, a);
	}
}

static bool can(const struct rt_conv *g, enum rt_conv_direction direction)
{
	const struct rt_window *w = &g->win;

	(void)direction;
	return w->kernel[0] == 1 && w->kernel[1] == 1 && !w->pad[0] && !w->pad[1] &&
	       (w->out[0] - 1) * w->stride[0] < w->in[0] &&
	       (w->out[1] - 1) * w->stride[1] < w->in[1];
}

/* What a stride leaves of one image is copied faster all at once than chunk by chunk. */
static bool fits(const struct rt_conv *g, enum rt_conv_direction direction)
{
	return can(g, direction) &&
	       (direction != RT_CONV_WEIGHTS || g->N > 1 || side_of_x(g).dense);
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct pass p;

	if (direction == RT_CONV_WEIGHTS)
		return one_by_one_weights_work(g);
	p = pass_of(g, direction == RT_CONV_DATA);
	return p.read && p.write ? 0 : scratch(&p) * (size_t)rt_threads() * sizeof(float);
}

/* One image whose planes are no whole vectors is one product like any other. */
static bool is_product(const struct pass *p)
{
	return p->g->N == 1 && p->g->groups == 1 && side_of_x(p->g).dense && !p->read;
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	struct pass p = pass_of(g, false);

	if (is_product(&p)) {
		rt_gemm(false, false, g->K, p.in.plane, g->C, 1, w, g->C, x, p.in.plane, 0, y,
			p.in.plane);
		conv_post(g, y, post);
		return;
	}
	p.from = x;
	p.to = y;
	p.w = w;
	p.post = post;
	run(&p, work_);
}

static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work_)
{
	struct pass p = pass_of(g, true);

	if (is_product(&p)) {
		rt_gemm(true, false, g->C, p.in.plane, g->K, 1, w, g->C, dy, p.in.plane, 1, dx,
			p.in.plane);
		return;
	}
	p.from = dy;
	p.to = dx;
	p.w = w;
	run(&p, work_);
}

const struct conv_kernel conv_1x1 = {
	.name = "1x1",
	.can = can,
	.fits = fits,
	.work = work,
	.forward = forward,
	.backward_data = backward_data,
	.backward_weights = one_by_one_weights,
};
