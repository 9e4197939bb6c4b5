/* conv_1x1_weights.c - the gradient of the weights of convolution with one tap:
 *
 *	dw (K,C) += sum over images of dy (K, P Q) . x^T (P Q, C)
 *
 * Lanes are channels of x, turned a panel at a time, or of dy; the channels of the other side are
 * copied where their rows are short.  Every slice sums over columns of its own into an array of its
 * own, and those are added in the order of the slices.
 */
#include "config.h"

#include "tensor/conv_1x1.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"

/* Floats of the copied rows, and the most columns of a chunk. */
#define ROWS_FLOATS (64 * 1024)
#define MOST_COLUMNS 512

/* Columns from which on the rows of an image are summed where they are. */
#define LONG_ROWS 256

struct pass {
	const struct rt_conv *g;
	const struct gemm_table *t;
	struct side rows_side, lanes_side;
	int64_t rows, lanes, width;	/* channels of one group; lanes as whole vectors */
	bool flip;			/* rows are channels of x */
	bool in_place;			/* rows are read where they are */
	int64_t chunk;			/* columns */
	const float *row_from, *lane_from;
	float *sums, *turned, *copied;	/* one of each a slice */
	size_t sums_size, turned_size, copied_size;
	int n;
};

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Half a cycle a multiply-add of vectors, five to turn a vector. */
static int64_t cost(int64_t rows, int64_t lanes, int64_t L)
{
	return ceil_div(lanes, L) * (rows + 10);
}

static float *take(size_t *used, float *work, size_t floats)
{
	float *at = work ? work + *used : NULL;

	*used += (floats + 15) / 16 * 16;
	return at;
}

static struct pass pass_of(const struct rt_conv *g, float *work, size_t *floats)
{
	const int64_t C = g->C / g->groups, K = g->K / g->groups;
	const int64_t columns = g->N * g->win.out[0] * g->win.out[1];
	const size_t threads = (size_t)rt_threads();
	struct pass p = {.g = g, .t = gemm_kernels()};
	const int64_t L = p.t->lanes;

	p.flip = cost(C, K, L) < cost(K, C, L);
	p.rows = p.flip ? C : K;
	p.lanes = p.flip ? K : C;
	p.rows_side = p.flip ? side_of_x(g) : side_of_y(g);
	p.lanes_side = p.flip ? side_of_y(g) : side_of_x(g);
	p.width = ceil_div(p.lanes, L) * L;
	p.in_place = p.rows_side.dense && p.rows_side.plane >= LONG_ROWS;
	p.chunk = ROWS_FLOATS / p.rows / 16 * 16;
	p.chunk = p.chunk < 64 ? 64 : least(p.chunk, MOST_COLUMNS);
	if (p.in_place)
		p.chunk = ceil_div(p.rows_side.plane, ceil_div(p.rows_side.plane, p.chunk));
	p.n = rt_split(ceil_div(columns, p.chunk), rt_conv_macs(g) / 16);
	p.sums_size = (size_t)(g->groups * p.rows * p.width);
	p.turned_size = (size_t)(p.chunk * 2 * L);
	p.copied_size = p.in_place ? 0 : (size_t)(p.rows * p.chunk);
	*floats = 0;
	p.sums = take(floats, work, threads * p.sums_size);
	p.turned = take(floats, work, threads * p.turned_size);
	p.copied = take(floats, work, threads * p.copied_size);
	return p;
}

/* Columns q .. q + n of `lanes` channels to (n, width). */
static void turn(const struct pass *p, float *to, const float *from, int64_t lanes, int64_t width,
		 int64_t q, int64_t n)
{
	const struct side *s = &p->lanes_side;

	for (int64_t i = 0, run, at; i < n; i += run, to += run * width) {
		run = side_run(s, q + i, n - i, &at);
		if (s->right == 1) {
			p->t->turn(&(struct gemm_pack){.to = to, .K = run, .width = width,
						       .lanes = lanes, .from = from + at,
						       .row = s->plane});
			continue;
		}
		for (int64_t l = 0; l < width; l++)
			for (int64_t k = 0; k < run; k++)
				to[k * width + l] =
					l < lanes ? from[at + l * s->plane + k * s->right] : 0;
	}
}

/* Columns q .. q + n of every row to (rows, chunk). */
static void copy(const struct pass *p, float *to, const float *from, int64_t q, int64_t n)
{
	const struct side *s = &p->rows_side;

	for (int64_t i = 0, run, at; i < n; i += run, to += run) {
		run = side_run(s, q + i, n - i, &at);
		for (int64_t r = 0; r < p->rows; r++)
			side_copy(to + r * p->chunk, from + at + r * s->plane, run, s->right);
	}
}

/* One group's sums over the columns q .. q + n; rows and lanes from the group's first channels. */
static void chunk(const struct pass *p, float *sums, float *turned, float *copied,
		  const float *row_from, const float *lane_from, int64_t q, int64_t n)
{
	const int64_t L = p->t->lanes;
	const int tiles = (int)ceil_div(p->rows, p->t->rows[2]);
	struct gemm_tile t = {.K = n, .s = copied, .s_k = 1, .s_row = p->chunk, .v = turned,
			      .v_step = L, .c_row = p->width, .c_step = L, .more = true};
	int64_t at;

	if (p->in_place) {
		side_run(&p->rows_side, q, n, &at);
		t.s = row_from + at;
		t.s_row = p->rows_side.plane;
	} else {
		copy(p, copied, row_from, q, n);
	}
	row_from = t.s;
	for (int64_t l = 0; l < p->width; l += 2 * L) {
		const int vectors = p->width - l > L ? 2 : 1;

		t.v_k = vectors * L;
		turn(p, turned, lane_from + l * p->lanes_side.plane, p->lanes - l, t.v_k, q, n);
		for (int i = 0; i < tiles; i++) {
			const int64_t r = rt_slice(p->rows, i, tiles);

			t.s = row_from + r * t.s_row;
			t.c = sums + r * p->width + l;
			p->t->tile[vectors][rt_slice(p->rows, i + 1, tiles) - r](&t);
		}
	}
}

/* The columns of chunk i; those of rows that are read in place are of one image. */
static void columns_of(const struct pass *p, int64_t i, int64_t *q, int64_t *n)
{
	const int64_t PQ = p->rows_side.P * p->rows_side.Q;

	if (p->in_place) {
		const int64_t each = ceil_div(PQ, p->chunk), at = i % each * p->chunk;

		*q = i / each * PQ + at;
		*n = least(p->chunk, PQ - at);
		return;
	}
	*q = i * p->chunk;
	*n = least(p->chunk, p->g->N * PQ - *q);
}

static int64_t chunks(const struct pass *p)
{
	const int64_t PQ = p->rows_side.P * p->rows_side.Q;

	return p->in_place ? p->g->N * ceil_div(PQ, p->chunk)
			   : ceil_div(p->g->N * PQ, p->chunk);
}

static void slice(const struct pass *p, int s)
{
	const int64_t all = chunks(p);
	float *sums = p->sums + p->sums_size * (size_t)s;

	memset(sums, 0, p->sums_size * sizeof(*sums));
	for (int64_t i = rt_slice(all, s, p->n); i < rt_slice(all, s + 1, p->n); i++) {
		int64_t q, n;

		columns_of(p, i, &q, &n);
		for (int64_t group = 0; group < p->g->groups; group++)
			chunk(p, sums + group * p->rows * p->width,
			      p->turned + p->turned_size * (size_t)s,
			      p->copied + p->copied_size * (size_t)s,
			      p->row_from + group * p->rows * p->rows_side.plane,
			      p->lane_from + group * p->lanes * p->lanes_side.plane, q, n);
	}
}

/* Adds row r of all groups, of every slice, to dw. */
static void add_row(const struct pass *p, float *dw, int64_t r)
{
	const int64_t group = r / p->rows, row = r % p->rows;
	const int64_t step = p->flip ? p->rows : 1;
	float *to = dw + group * p->rows * p->lanes + row * (p->flip ? 1 : p->lanes);

	for (int64_t l = 0; l < p->lanes; l++) {
		float sum = 0;

		for (int s = 0; s < p->n; s++)
			sum += p->sums[p->sums_size * (size_t)s + (size_t)(r * p->width + l)];
		to[l * step] += sum;
	}
}

size_t one_by_one_weights_work(const struct rt_conv *g)
{
	size_t floats;

	pass_of(g, NULL, &floats);
	return floats * sizeof(float);
}

void one_by_one_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			void *work)
{
	size_t floats;
	struct pass p = pass_of(g, work, &floats);
	const int64_t rows = g->groups * p.rows;
	const int n = rt_split(rows, rows * p.lanes * p.n);

	if (g->N == 1 && g->groups == 1 && side_of_x(g).dense) {
		const int64_t HW = p.rows_side.plane;

		rt_gemm(false, true, g->K, g->C, HW, 1, dy, HW, x, HW, 1, dw, g->C);
		return;
	}
	p.row_from = p.flip ? x : dy;
	p.lane_from = p.flip ? dy : x;
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		slice(&p, s);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t r = 0; r < rows; r++)
		add_row(&p, dw, r);
}
