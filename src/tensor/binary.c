/* binary.c - arithmetic of two arrays under broadcasting, forward and back. */
#include "config.h"

#include "tensor/binary.h"
#include "tensor/nest.h"
#include "tensor/parallel.h"
#include "tensor/pointwise_table.h"

/* --- forward ------------------------------------------------------------------------------ */

struct job {
	enum rt_binary f;
	enum rt_dtype dtype;
	size_t size;		/* of an element */
	char *y;
	const char *a, *b;
	int64_t sa, sb;		/* steps along the innermost axis */
};

static void row(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len)
{
	const struct job *j = ctx;

	(void)from;
	rt_binary_line(j->f, j->dtype, len, j->y + (size_t)at[0] * j->size,
		       j->a + (size_t)at[1] * j->size, j->sa, j->b + (size_t)at[2] * j->size,
		       j->sb);
}

static void add_broadcast(struct rt_nest *nest, const struct rt_shape *from,
			  const struct rt_shape *to)
{
	int64_t step[RT_MAX_RANK];

	rt_steps_broadcast(step, from, to);
	rt_nest_add(nest, step);
}

void rt_binary(enum rt_binary f, enum rt_dtype dtype, void *y, const struct rt_shape *ys,
	       struct rt_operand a, struct rt_operand b)
{
	struct job job = {.f = f, .dtype = dtype, .size = rt_dtype(dtype)->size, .y = y,
			  .a = a.data, .b = b.data};
	struct rt_nest nest;

	rt_nest_init(&nest, ys);
	add_broadcast(&nest, ys, ys);
	add_broadcast(&nest, a.shape, ys);
	add_broadcast(&nest, b.shape, ys);
	rt_nest_collapse(&nest);
	job.sa = nest.step[1][nest.rank - 1];
	job.sb = nest.step[2][nest.rank - 1];
	rt_nest_rows(&nest, f == RT_BINARY_POW || f == RT_BINARY_FMOD ? 32 : 2, row, &job);
}

/* --- backward ----------------------------------------------------------------------------- */

enum { TARGET, SEED, A, B }; /* operands of the nests below */

#define CHUNK 64 /* columns summed together */
#define TERMS 256 /* terms computed at once */

/* target += scale * sum of term(g, a, b) over the axes along which the target does not move. */
struct sum {
	const struct rt_pointwise_table *kernels;
	struct rt_nest nest;	/* without the innermost axis: kept axes first, then summed ones */
	int kept, summed;	/* number of each */
	int64_t len, step[RT_NEST_OPERANDS];	/* the innermost axis */
	rt_term_fn *term;	/* NULL: g itself */
	double scale;
	float *target;
	const float *g, *a, *b;
};

/* len terms from `at` on; buf is TERMS numbers.  Borrowed until buf changes. */
static const float *terms(const struct sum *s, const int64_t *at, int64_t from, int64_t len,
			  float *buf)
{
	const float *g = s->g + at[SEED] + from * s->step[SEED];

	if (!s->term)
		return g;
	s->term(len, buf, g, s->a + at[A] + from * s->step[A], s->step[A],
		s->b + at[B] + from * s->step[B], s->step[B]);
	return buf;
}

static void add_at(int64_t to[RT_NEST_OPERANDS], const int64_t *a, const int64_t *b)
{
	for (int k = 0; k < RT_NEST_OPERANDS; k++)
		to[k] = a[k] + b[k];
}

/* The innermost axis is kept: CHUNK neighbouring sums at once. */
static void sum_columns(const struct sum *s, const struct rt_nest *over, const int64_t *base,
			int64_t from)
{
	int64_t len = s->len - from < CHUNK ? s->len - from : CHUNK, at[RT_NEST_OPERANDS];
	int64_t n = rt_nest_count(over, over->rank);
	double acc[CHUNK] = {0};
	float buf[TERMS], *target = s->target + base[TARGET] + from * s->step[TARGET];
	struct rt_walk w;

	rt_walk_begin(&w, over, over->rank, 0);
	for (int64_t i = 0; i < n; i++, rt_walk_next(&w)) {
		add_at(at, base, w.at);
		s->kernels->sum_rows(len, acc, terms(s, at, from, len, buf));
	}
	for (int64_t i = 0; i < len; i++)
		target[i] += (float)(s->scale * acc[i]);
}

/* The innermost axis is summed: eight lanes, added up in order. */
static void sum_one(const struct sum *s, const struct rt_nest *over, const int64_t *base)
{
	int64_t n = rt_nest_count(over, over->rank), at[RT_NEST_OPERANDS];
	double lanes[8] = {0}, total = 0;
	float buf[TERMS];
	struct rt_walk w;

	rt_walk_begin(&w, over, over->rank, 0);
	for (int64_t i = 0; i < n; i++, rt_walk_next(&w)) {
		add_at(at, base, w.at);
		for (int64_t from = 0; from < s->len; from += TERMS) {
			int64_t len = s->len - from < TERMS ? s->len - from : TERMS;

			s->kernels->sum_lanes(len, lanes, terms(s, at, from, len, buf));
		}
	}
	for (int k = 0; k < 8; k++)
		total += lanes[k];
	s->target[base[TARGET]] += (float)(s->scale * total);
}

/* The axes [from, from + rank) of nest on their own. */
static struct rt_nest part_of(const struct rt_nest *nest, int from, int rank)
{
	struct rt_nest part = {.rank = rank, .operands = nest->operands};

	for (int d = 0; d < rank; d++) {
		part.dim[d] = nest->dim[from + d];
		for (int k = 0; k < nest->operands; k++)
			part.step[k][d] = nest->step[k][from + d];
	}
	return part;
}

static void run_sum(const struct sum *s)
{
	struct rt_nest kept = part_of(&s->nest, 0, s->kept);
	struct rt_nest over = part_of(&s->nest, s->kept, s->summed);
	bool columns = s->step[TARGET] != 0;
	int64_t outer = rt_nest_count(&kept, kept.rank);
	int64_t parts = columns ? (s->len + CHUNK - 1) / CHUNK : 1;
	int64_t items = outer * parts, work = outer * rt_nest_count(&over, over.rank) * s->len;
	int n = rt_split(items, 2 * work);

	if (work == 0)
		return;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		int64_t lo = rt_slice(items, t, n), hi = rt_slice(items, t + 1, n);
		struct rt_walk w;

		rt_walk_begin(&w, &kept, kept.rank, lo / parts);
		for (int64_t i = lo; i < hi; i++) {
			if (columns)
				sum_columns(s, &over, w.at, i % parts * CHUNK);
			else
				sum_one(s, &over, w.at);
			if (i % parts == parts - 1)
				rt_walk_next(&w);
		}
	}
}

/* Nothing is summed: target += scale * term. */
static void row_add(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len)
{
	const struct sum *s = ctx;
	float buf[TERMS];

	(void)from;
	if (!s->term) {
		s->kernels->add(len, s->target + at[TARGET], s->g + at[SEED], s->step[SEED],
				(float)s->scale);
		return;
	}
	for (int64_t i = 0; i < len; i += TERMS) {
		int64_t n = len - i < TERMS ? len - i : TERMS;

		s->kernels->add(n, s->target + at[TARGET] + i, terms(s, at, i, n, buf), 1,
				(float)s->scale);
	}
}

/* Moves the kept axes of a collapsed nest before the summed ones and takes the innermost out. */
static void arrange(struct sum *s, const struct rt_nest *nest)
{
	int inner = nest->rank - 1;

	s->nest = (struct rt_nest){.rank = inner, .operands = nest->operands};
	s->kept = s->summed = 0;
	for (int pass = 0; pass < 2; pass++)
		for (int d = 0; d < inner; d++) {
			bool moves = nest->step[TARGET][d] != 0;
			int place = s->kept + s->summed;

			if (moves != (pass == 0))
				continue;
			s->nest.dim[place] = nest->dim[d];
			for (int k = 0; k < nest->operands; k++)
				s->nest.step[k][place] = nest->step[k][d];
			*(moves ? &s->kept : &s->summed) += 1;
		}
	s->len = nest->dim[inner];
	for (int k = 0; k < nest->operands; k++)
		s->step[k] = nest->step[k][inner];
}

static bool sums_nothing(const struct rt_nest *nest)
{
	for (int d = 0; d < nest->rank; d++)
		if (nest->step[TARGET][d] == 0 && nest->dim[d] != 1)
			return false;
	return true;
}

static void sum_into(struct sum *s, struct rt_nest *nest)
{
	rt_nest_collapse(nest);
	s->kernels = rt_pointwise_kernels();
	arrange(s, nest);
	if (sums_nothing(nest))
		rt_nest_rows(nest, s->term ? 4 : 2, row_add, s);
	else
		run_sum(s);
}

void rt_binary_grad(enum rt_binary f, int operand, float *dx, const float *g,
		    const struct rt_shape *ys, struct rt_operand a, struct rt_operand b)
{
	struct sum s = {.term = rt_pointwise_kernels()->term[f][operand], .target = dx, .g = g,
			.a = a.data, .b = b.data,
			.scale = f == RT_BINARY_SUB && operand == 1 ? -1 : 1};
	struct rt_nest nest;

	rt_nest_init(&nest, ys);
	add_broadcast(&nest, operand == 0 ? a.shape : b.shape, ys);
	add_broadcast(&nest, ys, ys);
	if (s.term) {
		add_broadcast(&nest, a.shape, ys);
		add_broadcast(&nest, b.shape, ys);
	}
	sum_into(&s, &nest);
}

void rt_sum_to(float *y, const struct rt_shape *ys, const float *x, const struct rt_shape *xs,
	       double scale)
{
	struct sum s = {.target = y, .g = x, .scale = scale};
	struct rt_nest nest;

	rt_nest_init(&nest, xs);
	add_broadcast(&nest, ys, xs);
	add_broadcast(&nest, xs, xs);
	sum_into(&s, &nest);
}

void rt_spread_add(float *x, const struct rt_shape *xs, const float *y, const struct rt_shape *ys,
		   float scale)
{
	struct sum s = {.target = x, .g = y, .scale = scale};
	struct rt_nest nest;

	rt_nest_init(&nest, xs);
	add_broadcast(&nest, xs, xs);
	add_broadcast(&nest, ys, xs);
	sum_into(&s, &nest);
}
