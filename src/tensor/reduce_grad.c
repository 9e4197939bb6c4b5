/* reduce_grad.c - gradients of reductions. */
#include "config.h"

#include "tensor/binary.h"
#include "tensor/nest.h"
#include "tensor/reduce.h"

#include <math.h>
#include <string.h>

enum { DX, X, G, Y }; /* operands of the nest; G and Y repeat along the reduced axes */

struct job {
	enum rt_reduction f;
	float *dx;
	const float *x, *g, *y;
	int64_t step;		/* of g and y along the innermost axis */
};

/* --- what a result shares out ------------------------------------------------------------- */

/* Calls visit with every innermost row, in order and in one thread. */
static void each_row(const struct rt_nest *nest,
		     void (*visit)(void *ctx, int64_t x, int64_t y, int64_t len), void *ctx)
{
	int inner = nest->rank - 1;
	int64_t rows = rt_nest_count(nest, inner);
	struct rt_walk w;

	rt_walk_begin(&w, nest, inner, 0);
	for (int64_t i = 0; i < rows; i++, rt_walk_next(&w))
		visit(ctx, w.at[X], w.at[Y], nest->dim[inner]);
}

/* MAX and MIN: how many elements equal the result. */
struct ties {
	const float *x, *y;
	float *count;
	int64_t step;
};

static void count_ties(void *ctx, int64_t x, int64_t y, int64_t len)
{
	struct ties *t = ctx;

	for (int64_t i = 0; i < len; i++)
		t->count[y + i * t->step] += t->x[x + i] == t->y[y + i * t->step] ? 1.0f : 0.0f;
}

/* PROD: the product of the elements that are not 0, and how many are. */
struct factors {
	const float *x;
	float *product, *zeros;
	int64_t step;
};

static void multiply(void *ctx, int64_t x, int64_t y, int64_t len)
{
	struct factors *f = ctx;

	for (int64_t i = 0; i < len; i++) {
		float v = f->x[x + i];

		if (v == 0)
			f->zeros[y + i * f->step] += 1;
		else
			f->product[y + i * f->step] *= v;
	}
}

/* Puts into work(n) what takes the place of g, and for PROD into work(n .. 2n) the place of y. */
static void share(struct job *j, const struct rt_nest *nest, int64_t n, float *work)
{
	for (int64_t k = 0; k < n; k++)
		work[k] = j->f == RT_REDUCE_PROD;
	if (j->f == RT_REDUCE_PROD) {
		memset(work + n, 0, (size_t)n * sizeof(float));
		each_row(nest, multiply, &(struct factors){j->x, work, work + n, j->step});
		for (int64_t k = 0; k < n; k++)
			work[k] *= work[n + k] < 2 ? j->g[k] : 0;
		j->y = work + n;
	} else {
		each_row(nest, count_ties, &(struct ties){j->x, j->y, work, j->step});
		for (int64_t k = 0; k < n; k++)
			work[k] = j->g[k] / work[k];
	}
	j->g = work;
}

/* --- rows --------------------------------------------------------------------------------- */

#define EACH(term)                                                                                 \
	for (int64_t i = 0; i < len; i++) {                                                        \
		const float v = x[i], g = G_[i * j->step], y = Y_[i * j->step];                    \
		(void)v, (void)y;                                                                  \
		dx[i] += term;                                                                     \
	}                                                                                          \
	break;

static void row(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len)
{
	const struct job *j = ctx;
	float *dx = j->dx + at[DX];
	const float *x = j->x + at[X], *G_ = j->g + at[G], *Y_ = j->y + at[Y];

	(void)from;
	switch (j->f) {
	case RT_REDUCE_SUM_SQUARE: EACH(2 * v * g)
	case RT_REDUCE_L1: EACH(v > 0 ? g : v < 0 ? -g : 0)
	case RT_REDUCE_L2: EACH(y == 0 ? 0 : g * v / y)
	case RT_REDUCE_LOG_SUM: EACH(g * expf(-y))
	case RT_REDUCE_LOG_SUM_EXP: EACH(g * expf(v - y))
	case RT_REDUCE_PROD: EACH(v == 0 ? g : y == 0 ? g / v : 0)
	default: EACH(v == y ? g : 0) /* MAX, MIN */
	}
}

void rt_reduce_grad(enum rt_reduction f, float *dx, const struct rt_shape *xs, const float *g,
		    const struct rt_shape *ys, const float *x, const float *y, float *work)
{
	int64_t dense[RT_MAX_RANK], repeated[RT_MAX_RANK], n = rt_shape_count(ys);
	struct job j = {.f = f, .dx = dx, .x = x, .g = g, .y = y};
	struct rt_nest nest;

	if (rt_shape_count(xs) == 0)
		return;
	if (f == RT_REDUCE_SUM || f == RT_REDUCE_MEAN) {
		rt_spread_add(dx, xs, g, ys,
			      f == RT_REDUCE_MEAN ? (float)n / (float)rt_shape_count(xs) : 1);
		return;
	}
	rt_nest_init(&nest, xs);
	rt_steps_dense(dense, xs);
	rt_steps_broadcast(repeated, ys, xs);
	rt_nest_add(&nest, dense);
	rt_nest_add(&nest, dense);
	rt_nest_add(&nest, repeated);
	rt_nest_add(&nest, repeated);
	rt_nest_collapse(&nest);
	j.step = nest.step[Y][nest.rank - 1];
	if (f == RT_REDUCE_PROD || f == RT_REDUCE_MAX || f == RT_REDUCE_MIN)
		share(&j, &nest, n, work);
	rt_nest_rows(&nest, 4, row, &j);
}
