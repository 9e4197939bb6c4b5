/* products.c - products of strided matrices, one after the other or shared out among threads. */
#include "config.h"

#include "tensor/products.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"
#include "tensor/pointwise_table.h"

#include <math.h>
#include <string.h>

/* Sums down the columns: so many columns at once, so many rows before their sum is added. */
#define COLUMNS 256
#define ROWS 64

/* Exponentials cost about this many elementary operations. */
#define EXP_WORK 8

/* Where the matrices of one product begin. */
struct place {
	int64_t a, b, y, add;
};

static struct place place_of(const struct rt_products *g, int64_t i)
{
	struct place p = {g->a, g->b, 0, 0};

	for (int d = g->loops - 1; d >= 0; d--) {
		const struct rt_product_loop *l = &g->loop[d];
		const int64_t at = i % l->size;

		p.a += at * l->a;
		p.b += at * l->b;
		p.y += at * l->y;
		p.add += at * l->add;
		i /= l->size;
	}
	return p;
}

static int64_t count_of(const struct rt_products *g)
{
	int64_t count = 1;

	for (int d = 0; d < g->loops; d++)
		count *= g->loop[d].size;
	return count;
}

bool rt_products_share_a(const struct rt_products *g)
{
	for (int d = 0; d < g->loops; d++)
		if (g->loop[d].a == 0)
			return true;
	return false;
}

bool rt_products_share_b(const struct rt_products *g)
{
	for (int d = 0; d < g->loops; d++)
		if (g->loop[d].b == 0)
			return true;
	return false;
}

struct job {
	const struct rt_products *g;
	const struct rt_products_in *in;
	const struct rt_products_grads *to;
	const float *dy, *v;
	float *y, *z, *ds;
};

typedef void one_fn(const struct job *j, const struct place *p);

/* Many products are divided among threads; of a few every one threads itself, outside any team. */
static void each(const struct job *j, bool apart, one_fn *one)
{
	const struct rt_products *g = j->g;
	const int64_t count = count_of(g);
	const int n = apart && count >= rt_threads()
			      ? rt_split_macs(count, count * g->M * g->N * g->K) : 1;

	if (n == 1) {
		for (int64_t i = 0; i < count; i++) {
			const struct place p = place_of(g, i);

			one(j, &p);
		}
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < count; i++) {
		const struct place p = place_of(g, i);

		one(j, &p);
	}
}

typedef void rows_fn(const struct job *j, const struct place *p, int64_t m, int64_t end);

/* The rows of one matrix, divided among threads where it has no thread of its own. */
static void by_rows(const struct job *j, const struct place *p, rows_fn *rows)
{
	const struct rt_products *g = j->g;
	const int n = rt_threads_busy() ? 1 : rt_split(g->M, g->M * g->N * EXP_WORK);

	if (n == 1) {
		rows(j, p, 0, g->M);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++)
		rows(j, p, rt_slice(g->M, t, n), rt_slice(g->M, t + 1, n));
}

/* --- forward ------------------------------------------------------------------------------ */

static void softmax(const struct job *j, const struct place *p, int64_t m, int64_t end)
{
	const struct rt_pointwise_table *t = rt_pointwise_kernels();

	for (; m < end; m++) {
		float *y = j->y + p->y + m * j->g->ldy;

		t->softmax.values(j->g->N, 1, y, y);
	}
}

static bool is_bare(const struct job *j)
{
	return !j->in->bias && !j->in->add &&
	       (j->g->then == RT_PRODUCT_PLAIN || j->g->then == RT_PRODUCT_SOFTMAX);
}

static void product(const struct job *j, const struct place *p)
{
	const struct rt_products *g = j->g;
	const float *a = j->in->a + p->a, *b = j->in->b + p->b;
	const bool clamps = g->then == RT_PRODUCT_CLAMP;
	float *y = j->y + p->y, *to = j->z ? j->z + p->y : y;
	const struct rt_gemm_then then = {g->f, y, g->ldy};
	const struct rt_gemm_post post = {
		.bias = j->in->bias, .lo = clamps ? g->lo : -INFINITY,
		.hi = clamps ? g->hi : INFINITY, .add = j->in->add ? j->in->add + p->add : NULL,
		.ldadd = g->ldadd,
		.then = g->then == RT_PRODUCT_POINT || g->then == RT_PRODUCT_GELU ? &then : NULL,
	};

	if (is_bare(j))
		rt_gemm(g->ta, g->tb, g->M, g->N, g->K, g->alpha, a, g->lda, b, g->ldb, 0, y,
			g->ldy);
	else
		rt_gemm_post(g->ta, g->tb, g->M, g->N, g->K, g->alpha, a, g->lda, b, g->ldb, to,
			     g->ldy, &post);
	if (g->then == RT_PRODUCT_SOFTMAX)
		by_rows(j, p, softmax);
}

void rt_products_forward(const struct rt_products *g, float *y, float *z,
			 const struct rt_products_in *in)
{
	each(&(struct job){.g = g, .in = in, .y = y, .z = z}, true, product);
}

/* --- backward ----------------------------------------------------------------------------- */

/* The gradient of s from that of y. */
static void slope_rows(const struct job *j, const struct place *p, int64_t m, int64_t end)
{
	const struct rt_products *g = j->g;
	const struct rt_pointwise_table *t = rt_pointwise_kernels();

	for (; m < end; m++) {
		const int64_t at = p->y + m * g->ldy;

		if (g->then == RT_PRODUCT_SOFTMAX)
			t->softmax.grad(g->N, 1, j->ds + at, j->dy + at, j->v + at, true);
		else if (g->then == RT_PRODUCT_CLAMP)
			t->unary[RT_POINT_CLIP].grad(g->N, j->ds + at, j->dy + at, j->v + at,
						     g->lo, g->hi, true);
		else
			t->unary[g->f].grad(g->N, j->ds + at, j->dy + at, j->v + at, 0, 0, true);
	}
}

static void slope(const struct job *j, const struct place *p)
{
	by_rows(j, p, slope_rows);
}

/* dA += alpha ds B^T */
static void left(const struct job *j, const struct place *p)
{
	const struct rt_products *g = j->g;
	const float *ds = j->ds + p->y, *b = j->in->b + p->b;
	const float old = j->to->fresh_a ? 0 : 1;
	float *da = j->to->a + p->a;

	if (g->ta)
		rt_gemm(g->tb, true, g->K, g->M, g->N, g->alpha, b, g->ldb, ds, g->ldy, old, da,
			g->lda);
	else
		rt_gemm(false, !g->tb, g->M, g->K, g->N, g->alpha, ds, g->ldy, b, g->ldb, old, da,
			g->lda);
}

/* dB += alpha A^T ds */
static void right(const struct job *j, const struct place *p)
{
	const struct rt_products *g = j->g;
	const float *ds = j->ds + p->y, *a = j->in->a + p->a;
	const float old = j->to->fresh_b ? 0 : 1;
	float *db = j->to->b + p->b;

	if (g->tb)
		rt_gemm(true, g->ta, g->N, g->K, g->M, g->alpha, ds, g->ldy, a, g->lda, old, db,
			g->ldb);
	else
		rt_gemm(!g->ta, false, g->K, g->N, g->M, g->alpha, a, g->lda, ds, g->ldy, old, db,
			g->ldb);
}

/* bias(n) += the sums down n columns, in parts, so that no sum is long. */
static void sum_columns(const struct rt_products *g, float *bias, const float *ds, int64_t n)
{
	const struct rt_pointwise_table *t = rt_pointwise_kernels();
	float sum[COLUMNS];

	for (int64_t m = 0; m < g->M; m += ROWS) {
		const int64_t end = m + ROWS < g->M ? m + ROWS : g->M;

		memset(sum, 0, sizeof(sum));
		for (int64_t i = m; i < end; i++)
			t->add(n, sum, ds + i * g->ldy, 1, 1);
		t->add(n, bias, sum, 1, 1);
	}
}

/* dbias += the rows of ds */
static void down(const struct job *j, const struct place *p)
{
	const struct rt_products *g = j->g;
	const int64_t width = g->N < 2 * COLUMNS ? COLUMNS / 4 : COLUMNS;
	const int64_t blocks = (g->N + width - 1) / width;
	const int n = rt_threads_busy() ? 1 : rt_split(blocks, g->M * g->N);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < blocks; i++) {
		const int64_t at = i * width, most = g->N - at;

		sum_columns(g, j->to->bias + at, j->ds + p->y + at, most < width ? most : width);
	}
}

/* dadd += ds */
static void beside(const struct job *j, const struct place *p)
{
	const struct rt_products *g = j->g;
	const struct rt_pointwise_table *t = rt_pointwise_kernels();

	for (int64_t m = 0; m < g->M; m++)
		t->add(g->N, j->to->add + p->add + m * g->ldadd, j->ds + p->y + m * g->ldy, 1, 1);
}

/* The slope just before the product that needs it first. */
static void slope_left(const struct job *j, const struct place *p)
{
	slope(j, p);
	left(j, p);
}

void rt_products_backward(const struct rt_products *g, const struct rt_products_grads *to,
			  const float *dy, float *ds, const float *v,
			  const struct rt_products_in *in)
{
	const bool curved = g->then != RT_PRODUCT_PLAIN, joint = to->a && !rt_products_share_a(g);
	/* without a function the gradients are the same, and nobody writes to them */
	const struct job j = {.g = g, .in = in, .to = to, .dy = dy, .v = v,
			      .ds = curved ? ds : (float *)(uintptr_t)dy};

	if (curved && !joint)
		each(&j, true, slope);
	if (to->a)
		each(&j, joint, curved && joint ? slope_left : left);
	if (to->b)
		each(&j, !rt_products_share_b(g), right);
	if (to->bias)
		each(&j, false, down);
	if (to->add)
		each(&j, false, beside);
}
