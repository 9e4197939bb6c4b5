/* reduce.c - many numbers to one, over axes.
 *
 * Elements are taken in parts, turned into 64-bit numbers of their kind (double, signed, unsigned),
 * into the terms of the sum or product, and combined in CHUNK lanes.  The order is fixed.
 */
#include "config.h"

#include "tensor/reduce.h"
#include "tensor/binary.h"
#include "tensor/nest.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

#define CHUNK 64

enum { TARGET, FROM }; /* operands of the nests */

/* CHUNK numbers of one kind. */
union part {
	double real[CHUNK];
	int64_t whole[CHUNK];
};

struct job {
	enum rt_reduction f;
	enum rt_dtype dtype;
	enum rt_dtype kind;	/* RT_F64, RT_I64 or RT_U64 */
	size_t size;		/* of an element */
	char *y;
	const char *x;
	struct rt_nest kept, over;	/* all axes but the innermost: those that stay, and not */
	int64_t len;		/* of the innermost axis */
	bool columns;		/* which stays */
	int64_t n;		/* elements behind each result */
};

static enum rt_dtype kind_of(enum rt_reduction f, enum rt_dtype dtype)
{
	if (rt_dtype(dtype)->is_float || f == RT_REDUCE_L2 || f == RT_REDUCE_LOG_SUM ||
	    f == RT_REDUCE_LOG_SUM_EXP)
		return RT_F64;
	return rt_dtype(dtype)->is_signed ? RT_I64 : RT_U64;
}

/* How terms are combined. */
static enum rt_binary combiner(enum rt_reduction f)
{
	switch (f) {
	case RT_REDUCE_PROD: return RT_BINARY_MUL;
	case RT_REDUCE_MAX: return RT_BINARY_MAX;
	case RT_REDUCE_MIN: return RT_BINARY_MIN;
	default: return RT_BINARY_ADD;
	}
}

/* What the combiner leaves every number as it is. */
static void start(union part *acc, enum rt_binary combine, enum rt_dtype kind)
{
	bool large = combine == RT_BINARY_MIN, one = combine == RT_BINARY_MUL;
	int64_t least = combine != RT_BINARY_MAX || kind == RT_U64 ? 0 : INT64_MIN;
	int64_t most = kind == RT_U64 ? -1 : INT64_MAX; /* the bits of UINT64_MAX */

	for (int i = 0; i < CHUNK; i++) {
		if (kind != RT_F64)
			acc->whole[i] = large ? most : one ? 1 : least;
		else
			acc->real[i] = large			  ? INFINITY
				       : combine == RT_BINARY_MAX ? -INFINITY
								  : one;
	}
}

/* --- terms -------------------------------------------------------------------------------- */

static void real_terms(enum rt_reduction f, int64_t n, double *t)
{
	if (f == RT_REDUCE_SUM_SQUARE || f == RT_REDUCE_L2)
		for (int64_t i = 0; i < n; i++)
			t[i] *= t[i];
	else if (f == RT_REDUCE_L1)
		for (int64_t i = 0; i < n; i++)
			t[i] = fabs(t[i]);
}

static void whole_terms(enum rt_reduction f, enum rt_dtype kind, int64_t n, int64_t *t)
{
	for (int64_t i = 0; i < n; i++) {
		uint64_t v = (uint64_t)t[i];

		if (f == RT_REDUCE_SUM_SQUARE)
			t[i] = (int64_t)(v * v);
		else if (f == RT_REDUCE_L1 && kind == RT_I64 && t[i] < 0)
			t[i] = (int64_t)(0 - v);
	}
}

/* The terms of n elements from x[at] on; of LOG_SUM_EXP, e^(x - shift). */
static void terms(const struct job *j, enum rt_reduction f, int64_t at, int64_t n, union part *t,
		  const double *shift, int shift_step)
{
	const char *x = j->x + (size_t)at * j->size;

	if (j->dtype == RT_F32)
		for (int64_t i = 0; i < n; i++)
			t->real[i] = (double)((const float *)(const void *)x)[i];
	else
		rt_convert(t, j->kind, x, j->dtype, n);
	if (j->kind != RT_F64)
		whole_terms(f, j->kind, n, t->whole);
	else if (f == RT_REDUCE_LOG_SUM_EXP)
		for (int64_t i = 0; i < n; i++)
			t->real[i] = exp(t->real[i] - shift[i * shift_step]);
	else
		real_terms(f, n, t->real);
}

static void combine_real(enum rt_binary f, int64_t n, double *acc, const double *t)
{
	if (f == RT_BINARY_ADD)
		for (int64_t i = 0; i < n; i++)
			acc[i] += t[i];
	else if (f == RT_BINARY_MUL)
		for (int64_t i = 0; i < n; i++)
			acc[i] *= t[i];
	else if (f == RT_BINARY_MAX)
		for (int64_t i = 0; i < n; i++)
			acc[i] = acc[i] > t[i] || isnan(acc[i]) ? acc[i] : t[i];
	else
		for (int64_t i = 0; i < n; i++)
			acc[i] = acc[i] < t[i] || isnan(acc[i]) ? acc[i] : t[i];
}

static void combine(const struct job *j, enum rt_binary f, int64_t n, union part *acc,
		    const union part *t)
{
	if (j->kind == RT_F64)
		combine_real(f, n, acc->real, t->real);
	else
		rt_binary_line(f, j->kind, n, acc, acc, 1, t, 1);
}

/* --- one chunk of results ----------------------------------------------------------------- */

/* acc(width) = f over all axes in `over`, of `width` neighbouring columns from x[base] on. */
static void over_columns(const struct job *j, enum rt_reduction f, int64_t base, int64_t width,
			 union part *acc, const double *shift)
{
	int64_t n = rt_nest_count(&j->over, j->over.rank);
	union part t;
	struct rt_walk w;

	start(acc, combiner(f), j->kind);
	rt_walk_begin(&w, &j->over, j->over.rank, 0);
	for (int64_t i = 0; i < n; i++, rt_walk_next(&w)) {
		terms(j, f, base + w.at[FROM], width, &t, shift, 1);
		combine(j, combiner(f), width, acc, &t);
	}
}

/* acc[0] = f over all axes in `over` and the innermost, whose elements go into CHUNK lanes. */
static void over_lines(const struct job *j, enum rt_reduction f, int64_t base, union part *acc,
		       const double *shift)
{
	int64_t n = rt_nest_count(&j->over, j->over.rank);
	union part t;
	struct rt_walk w;

	start(acc, combiner(f), j->kind);
	rt_walk_begin(&w, &j->over, j->over.rank, 0);
	for (int64_t i = 0; i < n; i++, rt_walk_next(&w))
		for (int64_t from = 0; from < j->len; from += CHUNK) {
			int64_t len = j->len - from < CHUNK ? j->len - from : CHUNK;

			terms(j, f, base + w.at[FROM] + from, len, &t, shift, 0);
			combine(j, combiner(f), len, acc, &t);
		}
	for (int i = 1; i < CHUNK; i++) {
		t.whole[0] = acc->whole[i];
		combine(j, combiner(f), 1, acc, &t);
	}
}

static void over_axes(const struct job *j, enum rt_reduction f, int64_t base, int64_t width,
		      union part *acc, const double *shift)
{
	if (j->columns)
		over_columns(j, f, base, width, acc, shift);
	else
		over_lines(j, f, base, acc, shift);
}

static void finish(const struct job *j, int64_t width, union part *acc, const double *shift)
{
	for (int64_t i = 0; i < width; i++) {
		double *real = &acc->real[i];

		if (j->f == RT_REDUCE_L2)
			*real = sqrt(*real);
		else if (j->f == RT_REDUCE_LOG_SUM)
			*real = log(*real);
		else if (j->f == RT_REDUCE_LOG_SUM_EXP)
			*real = log(*real) + shift[i];
		else if (j->f == RT_REDUCE_MEAN && j->kind == RT_F64)
			*real /= (double)j->n;
		else if (j->f == RT_REDUCE_MEAN && j->kind == RT_I64)
			acc->whole[i] = j->n ? acc->whole[i] / j->n : 0;
		else if (j->f == RT_REDUCE_MEAN)
			acc->whole[i] = j->n ? (int64_t)((uint64_t)acc->whole[i] / (uint64_t)j->n)
					     : 0;
	}
}

/* `width` results, the first of them y[to]. */
static void results(const struct job *j, int64_t to, int64_t base, int64_t width)
{
	union part acc;
	double shift[CHUNK] = {0};

	if (j->f == RT_REDUCE_LOG_SUM_EXP) {
		over_axes(j, RT_REDUCE_MAX, base, width, &acc, shift);
		for (int64_t i = 0; i < width; i++)
			shift[i] = isfinite(acc.real[i]) ? acc.real[i] : 0;
	}
	over_axes(j, j->f, base, width, &acc, shift);
	finish(j, width, &acc, shift);
	rt_convert_wrap(j->y + (size_t)to * j->size, j->dtype, &acc, j->kind, width);
}

/* --- the whole ---------------------------------------------------------------------------- */

/* The axes of a collapsed nest without the innermost: those that stay, and the others. */
static void arrange(struct job *j, const struct rt_nest *nest)
{
	int inner = nest->rank - 1;

	j->kept = (struct rt_nest){.operands = 2};
	j->over = j->kept;
	for (int d = 0; d < inner; d++) {
		struct rt_nest *to = nest->step[TARGET][d] ? &j->kept : &j->over;

		to->dim[to->rank] = nest->dim[d];
		for (int k = 0; k < 2; k++)
			to->step[k][to->rank] = nest->step[k][d];
		to->rank++;
	}
	j->len = nest->dim[inner];
	j->columns = nest->step[TARGET][inner] != 0;
}

static void run(const struct job *j)
{
	int64_t outer = rt_nest_count(&j->kept, j->kept.rank);
	int64_t parts = j->columns ? (j->len + CHUNK - 1) / CHUNK : 1, items = outer * parts;
	int n = rt_split(items, 4 * outer * rt_nest_count(&j->over, j->over.rank) * j->len);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		int64_t lo = rt_slice(items, t, n), hi = rt_slice(items, t + 1, n);
		struct rt_walk w;

		rt_walk_begin(&w, &j->kept, j->kept.rank, lo / parts);
		for (int64_t i = lo; i < hi; i++) {
			int64_t from = i % parts * CHUNK, left = j->len - from;

			results(j, w.at[TARGET] + from, w.at[FROM] + from,
				!j->columns ? 1 : left < CHUNK ? left : CHUNK);
			if (i % parts == parts - 1)
				rt_walk_next(&w);
		}
	}
}

/* The largest of no numbers is the least of its type, the smallest the greatest. */
static void fill_extreme(enum rt_dtype dtype, void *y, int64_t n, bool least)
{
	const size_t size = rt_dtype(dtype)->size;
	const uint64_t most = UINT64_MAX >> (64 - 8 * size);
	const double real = least ? -INFINITY : INFINITY;
	int64_t number = least ? 0 : dtype == RT_BOOL8 ? 1 : (int64_t)most;
	char *to = y;

	if (rt_dtype(dtype)->is_signed && !rt_dtype(dtype)->is_float)
		number = least ? -(int64_t)(most / 2) - 1 : (int64_t)(most / 2);
	for (int64_t i = 0; i < n; i++, to += size)
		if (rt_dtype(dtype)->is_float)
			rt_convert(to, dtype, &real, RT_F64, 1);
		else
			rt_convert(to, dtype, &number,
				   rt_dtype(dtype)->is_signed ? RT_I64 : RT_U64, 1);
}

void rt_reduce(enum rt_reduction f, enum rt_dtype dtype, void *y, const struct rt_shape *ys,
	       const void *x, const struct rt_shape *xs)
{
	int64_t step[RT_MAX_RANK], results = rt_shape_count(ys), elements = rt_shape_count(xs);
	struct job j = {.f = f, .dtype = dtype, .kind = kind_of(f, dtype),
			.size = rt_dtype(dtype)->size, .y = y, .x = x};
	struct rt_nest nest;

	if (results == 0)
		return;
	if (elements == 0 && (f == RT_REDUCE_MAX || f == RT_REDUCE_MIN)) {
		fill_extreme(dtype, y, results, f == RT_REDUCE_MAX);
		return;
	}
	j.n = elements / results;
	if (dtype == RT_F32 && elements > 0 && (f == RT_REDUCE_SUM || f == RT_REDUCE_MEAN)) {
		memset(y, 0, (size_t)results * sizeof(float));
		rt_sum_to(y, ys, x, xs, f == RT_REDUCE_MEAN ? 1 / (double)j.n : 1);
		return;
	}
	rt_nest_init(&nest, xs);
	rt_steps_broadcast(step, ys, xs);
	rt_nest_add(&nest, step);
	rt_steps_dense(step, xs);
	rt_nest_add(&nest, step);
	rt_nest_collapse(&nest);
	arrange(&j, &nest);
	run(&j);
}
