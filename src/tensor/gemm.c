/* gemm.c - products of matrices: who reads what as vectors, what is copied, who does it. */
#include "config.h"

#include "tensor/gemm.h"
#include "tensor/gemm_table.h"
#include "tensor/blas.h"
#include "tensor/parallel.h"
#include "tensor/pointwise_table.h"

#include <math.h>
#include <stddef.h>

/* Floats of the panels that a thread keeps at hand: a quarter of a second-level cache; the longest
 * inner dimension summed in one go. */
#define PANEL_FLOATS (64 * 1024)
#define LONGEST 512

/* Inner dimensions up to which the product is but an update of C. */
#define SHORTEST 4

/* Rows of turned sums. */
#define STRIP 112

/* Rows, columns and sums from which on a matrix is large. */
#define LARGE 1024

/* Multiply-adds that count as one elementary operation of rt_split(); those of one row, which use
 * what they read but once. */
#define MACS_AN_OPERATION 16
#define MACS_OF_A_ROW 4

/* Lanes are columns of C, or its rows; then sums are turned on their way to C. */
struct job {
	const struct gemm_table *t;
	int64_t rows, lanes, K;
	const float *v, *s;
	int64_t v_k, v_l, s_k, s_r;
	float *c;
	int64_t c_r, c_l;	/* one of them is 1 */
	bool flip;
	bool pack;		/* every panel is copied first */
	bool by_rows;		/* threads divide the rows, not the lanes */
	bool more;
	float alpha;
	const float *bias;	/* along the lanes, or, where sums are turned, along the rows */
	float lo, hi;
	const float *add;	/* what the first sums begin with, or NULL */
	int64_t ldadd;
	const struct rt_gemm_post *post;	/* NULL: nothing left to add, no function */
};

/* One copied panel, or several, one behind the other. */
static _Thread_local _Alignas(64) float panels[PANEL_FLOATS];

const struct gemm_table *gemm_kernels(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &gemm_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &gemm_avx2;
#endif
	return &gemm_base;
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* --- what becomes of sums ------------------------------------------------------------------- */

/* Adds to the rows [m0,m1) by columns [n0,n1) of C, and takes the function of them, while they are
 * in cache. */
static void finish(const struct rt_gemm_post *post, float *C, int64_t ldc, int64_t m0, int64_t m1,
		   int64_t n0, int64_t n1)
{
	const struct rt_pointwise_table *t = rt_pointwise_kernels();
	const struct rt_gemm_then *then = post->then;

	for (int64_t m = m0; m < m1; m++) {
		float *c = C + m * ldc + n0;

		if (post->add)
			t->add(n1 - n0, c, post->add + m * post->ldadd + n0, 1, 1);
		if (then)
			t->unary[then->f].values(n1 - n0, then->to + m * then->ld + n0, c, 0, 0);
	}
}

/* --- how ---------------------------------------------------------------------------------- */

/* Vectors of a panel: as many as the registers hold with so many rows; where sums are short, C is
 * what there is to read and write, and long pieces of its rows are best. */
static int most_vectors(const struct job *j, int64_t rows)
{
	int v = j->flip ? 2 : GEMM_VECTORS;

	while (v > 2 && j->K > SHORTEST && j->t->rows[v] < rows)
		v /= 2;
	return v;
}

/* Vectors of the next panel, when so many lanes are left; only the last vector may be part. */
static int panel_vectors(const struct job *j, int64_t rows, int64_t lanes)
{
	int v = most_vectors(j, rows);

	while (v > 1 && (v - 1) * j->t->lanes >= lanes)
		v /= 2;
	return v;
}

static bool must_pack(const struct job *j, int64_t lanes)
{
	return j->pack || j->v_l != 1 || lanes % j->t->lanes;
}

/* Cycles, roughly: two multiply-adds and two loads a cycle, four cycles from sum to sum. */
static double cost(const struct job *j, int64_t rows, int64_t lanes)
{
	const int64_t vectors = ceil_div(lanes, j->t->lanes), v = most_vectors(j, rows);
	const double height = (double)rows / (double)ceil_div(rows, j->t->rows[v]);
	const double width = (double)(vectors < v ? vectors : v);
	const double sums = height * width / 2, loads = (height + width) / 2;
	double step = sums > loads ? sums : loads;
	double tiles = (double)ceil_div(rows, j->t->rows[v]) * (double)vectors / width;
	double packing = 0;

	step = step < 4 ? 4 : step;
	if (j->pack || j->v_l != 1)
		packing = (double)(j->K * vectors) * (j->v_l == 1 ? 2 : 5);
	return tiles * (step * (double)j->K + height * width * (j->flip ? 5 : 2) + 30) + packing;
}

/* Takes the way of jobs[n] that costs least on so many threads. */
static struct job best(struct job *jobs, int n, int threads, double *cycles)
{
	struct job taken = jobs[0];

	*cycles = INFINITY;
	for (int i = 0; i < n * 4; i++) {
		struct job j = jobs[i / 4];
		double c;

		j.pack = i & 1;
		j.by_rows = i & 2;
		if ((j.by_rows && threads == 1) || (j.pack && j.v_l != 1))
			continue;
		if (j.by_rows)
			c = cost(&j, ceil_div(j.rows, threads), j.lanes);
		else
			c = cost(&j, j.rows,
				 ceil_div(ceil_div(j.lanes, j.t->lanes), threads) * j.t->lanes);
		if (c < *cycles) {
			*cycles = c;
			taken = j;
		}
	}
	return taken;
}

/* --- work --------------------------------------------------------------------------------- */

/* A part of a job: rows [r0,r1) by lanes [l0,l1) over K from k on. */
struct part {
	const struct job *j;
	int64_t r0, r1, l0, l1, k, K;
	bool more, last;
};

static void pack(const struct part *p, float *to, int64_t l, int64_t lanes, int vectors)
{
	const struct job *j = p->j;
	const struct gemm_pack g = {
		.to = to, .K = p->K, .width = vectors * j->t->lanes, .lanes = lanes,
		.from = j->v + l * j->v_l + p->k * j->v_k, .row = j->v_l == 1 ? j->v_k : j->v_l,
	};

	if (j->v_l == 1)
		j->t->copy(&g);
	else
		j->t->turn(&g);
}

/* Sums of a tile whose last vector is not whole, to the lanes that there are. */
static void narrow(const struct gemm_tile *t, const float *sums, int64_t rows, int64_t lanes,
		   int64_t width)
{
	const struct gemm_finish *f = t->finish;

	for (int64_t r = 0; r < rows; r++, sums += width) {
		float *c = t->c + r * t->c_row;

		for (int64_t l = 0; l < lanes; l++) {
			float v = (f ? f->alpha : 1) * sums[l] + (t->more ? c[l] : 0);

			v += t->start ? t->start[l] : 0;
			v += t->from ? t->from[r * t->from_row + l] : 0;

			if (f) {
				v += f->lane_bias ? f->lane_bias[l] : 0;
				v = v < f->lo ? f->lo : v;
				v = v > f->hi ? f->hi : v;
			}
			c[l] = v;
		}
	}
}

/* Tiles down the rows [r0,r1), all as high as each other but for one row. */
static void column(const struct job *j, struct gemm_tile t, int64_t r0, int64_t r1, int vectors,
		   int64_t lanes)
{
	const int tiles = (int)ceil_div(r1 - r0, j->t->rows[vectors]);
	const int64_t width = vectors * j->t->lanes;
	_Alignas(64) float sums[GEMM_ROWS * 64];
	const float *s = t.s, *from = t.from;
	float *c = t.c;

	for (int i = 0; i < tiles; i++) {
		const int64_t r = rt_slice(r1 - r0, i, tiles);
		const int64_t rows = rt_slice(r1 - r0, i + 1, tiles) - r;

		t.s = s + r * t.s_row;
		t.c = c + r * t.c_row;
		t.from = from ? from + r * t.from_row : NULL;
		if (lanes == width) {
			j->t->tile[vectors][rows](&t);
		} else {
			struct gemm_tile plain = t;

			plain.c = sums;
			plain.c_row = width;
			plain.c_step = j->t->lanes;
			plain.more = false;
			plain.start = plain.from = NULL;
			plain.finish = NULL;
			j->t->tile[vectors][rows](&plain);
			narrow(&t, sums, rows, lanes, width);
		}
	}
}

/* The same through a strip of sums that are turned. */
static void turned_column(const struct part *p, struct gemm_tile t, int64_t r0, int64_t r1,
			  int vectors, int64_t lanes)
{
	const struct job *j = p->j;
	_Alignas(64) float sums[STRIP * 32];

	t.c = sums;
	t.c_row = vectors * j->t->lanes;
	t.more = false;
	t.finish = NULL;
	column(j, t, r0, r1, vectors, t.c_row);
	j->t->flip(&(struct gemm_flip){
		.sums = sums, .rows = r1 - r0, .lanes = lanes, .sums_row = t.c_row,
		.c = j->c + r0, .c_row = j->c_l, .more = p->more, .alpha = j->alpha,
		.bias = p->last && j->bias ? j->bias + r0 : NULL,
		.lo = p->last ? j->lo : -INFINITY, .hi = p->last ? j->hi : INFINITY,
	});
}

/* Rows [r0,r1), few enough to stay in cache, by all panels. */
static void strip(const struct part *p, int64_t r0, int64_t r1)
{
	const struct job *j = p->j;
	const int64_t L = j->t->lanes;
	const bool start = j->bias && j->alpha == 1;	/* with the bias */
	const bool plain = !p->last || ((!j->bias || start) && isinf(j->lo) && isinf(j->hi));
	struct gemm_finish f = {.alpha = j->alpha, .lo = -INFINITY, .hi = INFINITY};

	if (p->last) {
		f.lo = j->lo;
		f.hi = j->hi;
	}
	for (int64_t l = p->l0, next; l < p->l1; l = next) {
		const int vectors = panel_vectors(j, p->r1 - p->r0, p->l1 - l);
		const int64_t lanes = least(p->l1 - l, vectors * L);
		const bool packed = must_pack(j, lanes);
		struct gemm_tile t = {
			.K = p->K, .s = j->s + r0 * j->s_r + p->k * j->s_k, .s_k = j->s_k,
			.s_row = j->s_r, .v_k = packed ? vectors * L : j->v_k, .v_step = L,
			.c_row = j->c_r, .c_step = L, .more = p->more,
			.v = packed ? panels + (j->pack || j->v_l != 1 ? l - p->l0 : 0) * p->K
				    : j->v + l + p->k * j->v_k,
		};

		next = l + vectors * L;
		if (j->flip) {
			struct job moved = *j;
			struct part part = *p;

			moved.c += l * j->c_l;
			part.j = &moved;
			turned_column(&part, t, r0, r1, vectors, lanes);
			continue;
		}
		f.lane_bias = p->last && j->bias && !start ? j->bias + l : NULL;
		t.start = p->k == 0 && start ? j->bias + l : NULL;
		t.from = p->k == 0 && j->add ? j->add + r0 * j->ldadd + l : NULL;
		t.from_row = j->ldadd;
		t.finish = plain && j->alpha == 1 ? NULL : &f;
		t.c = j->c + r0 * j->c_r + l;
		column(j, t, r0, r1, vectors, lanes);
	}
	if (p->last && j->post && j->flip)
		finish(j->post, j->c, j->c_l, p->l0, p->l1, r0, r1);
	else if (p->last && j->post)
		finish(j->post, j->c, j->c_r, r0, r1, p->l0, p->l1);
}

/* Panels of the lanes [l0,l1), and with them all rows, a strip at a time. */
static void group(const struct part *p)
{
	const struct job *j = p->j;
	const int64_t L = j->t->lanes;

	for (int64_t l = p->l0, next; l < p->l1; l = next) {
		const int vectors = panel_vectors(j, p->r1 - p->r0, p->l1 - l);
		const int64_t lanes = least(p->l1 - l, vectors * L);

		next = l + vectors * L;
		if (must_pack(j, lanes))
			pack(p, panels + (j->pack || j->v_l != 1 ? l - p->l0 : 0) * p->K, l, lanes,
			     vectors);
	}
	for (int64_t r = p->r0; r < p->r1; r += STRIP)
		strip(p, r, least(r + STRIP, p->r1));
}

static void block(const struct job *j, int64_t r0, int64_t r1, int64_t l0, int64_t l1)
{
	const int steps = (int)ceil_div(j->K, LONGEST);
	const int64_t L = j->t->lanes;

	for (int i = 0; i < steps && r0 < r1; i++) {
		struct part p = {.j = j, .r0 = r0, .r1 = r1, .k = rt_slice(j->K, i, steps),
				 .more = j->more || i > 0, .last = i == steps - 1};
		int64_t most;

		p.K = rt_slice(j->K, i + 1, steps) - p.k;
		most = PANEL_FLOATS / p.K / (GEMM_VECTORS * L) * (GEMM_VECTORS * L);
		for (p.l0 = l0; p.l0 < l1; p.l0 = p.l1) {
			p.l1 = least(p.l0 + most, l1);
			group(&p);
		}
	}
}

static void run(const struct job *j, int threads)
{
	const int64_t L = j->t->lanes, width = most_vectors(j, j->rows) * L;
	const int64_t whole = ceil_div(j->lanes, width) >= 2 * threads ? width : L;
	const int64_t items = j->by_rows ? j->rows : ceil_div(j->lanes, whole);
	const int n = threads < items ? threads : (int)items;

	if (n == 1) {
		block(j, 0, j->rows, 0, j->lanes);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		const int64_t lo = rt_slice(items, t, n), hi = rt_slice(items, t + 1, n);

		if (j->by_rows)
			block(j, lo, hi, 0, j->lanes);
		else
			block(j, 0, j->rows, lo * whole, least(hi * whole, j->lanes));
	}
}

/* --- products ----------------------------------------------------------------------------- */

struct product {
	bool ta, tb;
	int64_t M, N, K;
	float alpha;
	const float *A, *B;
	int64_t lda, ldb, ldc;
	float beta;
	float *C;
	const struct rt_gemm_post *post;
};

static void scale(const struct product *p, float factor)
{
	for (int64_t m = 0; m < p->M; m++)
		for (int64_t n = 0; n < p->N; n++)
			p->C[m * p->ldc + n] = factor == 0 ? 0 : factor * p->C[m * p->ldc + n];
}

/* What there is to do when the sums are stored, or NULL. */
static const struct rt_gemm_post *rest(const struct product *p)
{
	return p->post && (p->post->add || p->post->then) ? p->post : NULL;
}

/* Sums that are neither scaled nor clamped nor turned begin with what is added. */
static void begin_with(struct job *j, const struct rt_gemm_post *post, struct rt_gemm_post *left)
{
	if (j->flip || !post->add || j->alpha != 1 || !isinf(j->lo) || !isinf(j->hi))
		return;
	j->add = post->add;
	j->ldadd = post->ldadd;
	*left = *post;
	left->add = NULL;
	j->post = post->then ? left : NULL;
}

static void post(const struct product *p)
{
	const int n = rt_threads_busy() ? 1 : rt_split(p->M, p->M * p->N);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t m = 0; m < p->M; m++) {
		float *c = p->C + m * p->ldc;

		for (int64_t i = 0; i < p->N; i++) {
			float v = c[i] + (p->post->bias ? p->post->bias[i] : 0);

			v = v < p->post->lo ? p->post->lo : v;
			c[i] = v > p->post->hi ? p->post->hi : v;
		}
		finish(p->post, p->C, p->ldc, m, m + 1, 0, p->N);
	}
}

static struct job as_job(const struct product *p, bool flip)
{
	struct job j = {
		.t = gemm_kernels(), .rows = flip ? p->N : p->M, .lanes = flip ? p->M : p->N,
		.K = p->K, .c = p->C, .c_r = flip ? 1 : p->ldc, .c_l = flip ? p->ldc : 1,
		.flip = flip, .more = p->beta != 0, .alpha = p->alpha, .lo = -INFINITY,
		.hi = INFINITY,
	};
	const int64_t a_k = p->ta ? p->lda : 1, a_m = p->ta ? 1 : p->lda;
	const int64_t b_k = p->tb ? 1 : p->ldb, b_n = p->tb ? p->ldb : 1;

	j.v = flip ? p->A : p->B;
	j.v_k = flip ? a_k : b_k;
	j.v_l = flip ? a_m : b_n;
	j.s = flip ? p->B : p->A;
	j.s_k = flip ? b_k : a_k;
	j.s_r = flip ? b_n : a_m;
	if (p->post) {
		j.bias = p->post->bias;
		j.lo = p->post->lo;
		j.hi = p->post->hi;
		j.post = rest(p);
	}
	return j;
}

/* Cycles of running along the inner dimension: four rows share a load, then every sum is gathered
 * from its lanes. */
static double dots_cost(const struct product *p, int threads)
{
	const int64_t L = gemm_kernels()->lanes;
	double step = p->M >= 4 ? 0.5 : p->M >= 2 ? 0.75 : 1.125;

	return (double)(p->M * p->N) * (step * (double)ceil_div(p->K, L) + 15) / threads;
}

static void dots(const struct product *p, int threads)
{
	const struct gemm_table *t = gemm_kernels();

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int i = 0; i < threads; i++) {
		const int64_t n = rt_slice(p->N, i, threads);

		t->dots(&(struct gemm_dots){
			.M = p->M, .N = rt_slice(p->N, i + 1, threads) - n, .K = p->K, .a = p->A,
			.b = p->B + n * p->ldb, .a_row = p->lda, .b_row = p->ldb, .c = p->C + n,
			.c_row = p->ldc, .c_column = 1, .more = p->beta != 0, .alpha = p->alpha,
			.bias = p->post && p->post->bias ? p->post->bias + n : NULL,
			.lo = p->post ? p->post->lo : -INFINITY,
			.hi = p->post ? p->post->hi : INFINITY,
		});
		if (rest(p))
			finish(p->post, p->C, p->ldc, 0, p->M, n, rt_slice(p->N, i + 1, threads));
	}
}

static void own(struct product p)
{
	const int64_t work = p.M * p.N * p.K / (p.M == 1 ? MACS_OF_A_ROW : MACS_AN_OPERATION);
	const int threads = rt_threads_busy() ? 1 : rt_split(p.M * p.N, work);
	struct rt_gemm_post left;
	struct job jobs[2], j;
	double cycles;

	if (p.beta != 0 && p.beta != 1) {
		scale(&p, p.beta);
		p.beta = 1;
	}
	jobs[0] = as_job(&p, false);
	jobs[1] = as_job(&p, true);
	j = best(jobs, 2, threads, &cycles);
	if (p.post)
		begin_with(&j, p.post, &left);
	if (!p.ta && p.tb && p.N >= threads && dots_cost(&p, threads) < cycles)
		dots(&p, threads);
	else
		run(&j, threads);
}

/* Nothing to sum, or nothing to write. */
static bool is_empty(const struct product *p)
{
	if (p->M == 0 || p->N == 0)
		return true;
	if (p->K > 0)
		return false;
	scale(p, p->beta);
	if (p->post)
		post(p);
	return true;
}

void rt_gemm_own(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		 int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc)
{
	const struct product p = {ta, tb, M, N, K, alpha, A, B, lda, ldb, ldc, beta, C, NULL};

	if (!is_empty(&p))
		own(p);
}

/* Sizes at which copying both operands pays. */
static bool is_large(int64_t M, int64_t N, int64_t K)
{
	return M >= LARGE && N >= LARGE && K >= LARGE;
}

/* Where OpenBLAS was measured to be faster: updates of C by a few vectors, and large ones. */
static bool is_for_blas(int64_t M, int64_t N, int64_t K)
{
	return K <= SHORTEST || is_large(M, N, K);
}

void rt_gemm(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
	     int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc)
{
	if (M > 0 && N > 0 && K > 0 && is_for_blas(M, N, K))
		rt_blas_gemm(ta, tb, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
	else
		rt_gemm_own(ta, tb, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
}

void rt_gemm_post(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		  int64_t lda, const float *B, int64_t ldb, float *C, int64_t ldc,
		  const struct rt_gemm_post *then)
{
	const struct product p = {ta, tb, M, N, K, alpha, A, B, lda, ldb, ldc, 0, C, then};

	if (is_empty(&p))
		return;
	if (!is_large(M, N, K)) {
		own(p);
		return;
	}
	rt_blas_gemm(ta, tb, M, N, K, alpha, A, lda, B, ldb, 0, C, ldc);
	post(&p);
}
