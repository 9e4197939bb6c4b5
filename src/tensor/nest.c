/* nest.c - loop nests over arrays with steps. */
#include "config.h"

#include "tensor/nest.h"
#include "tensor/parallel.h"

#include <string.h>

#define PART 8192 /* elements of a row handled at once */

void rt_steps_dense(int64_t step[RT_MAX_RANK], const struct rt_shape *shape)
{
	int64_t run = 1;

	memset(step, 0, sizeof(int64_t) * RT_MAX_RANK);
	for (int d = shape->rank - 1; d >= 0; d--) {
		step[d] = run;
		run *= shape->dim[d];
	}
}

void rt_steps_broadcast(int64_t step[RT_MAX_RANK], const struct rt_shape *from,
			const struct rt_shape *to)
{
	int64_t run = 1;

	memset(step, 0, sizeof(int64_t) * RT_MAX_RANK);
	for (int d = from->rank - 1; d >= 0; d--) {
		step[d + to->rank - from->rank] = from->dim[d] == 1 ? 0 : run;
		run *= from->dim[d];
	}
}

void rt_nest_init(struct rt_nest *nest, const struct rt_shape *shape)
{
	nest->rank = shape->rank;
	nest->operands = 0;
	memcpy(nest->dim, shape->dim, sizeof(nest->dim));
}

void rt_nest_add(struct rt_nest *nest, const int64_t step[RT_MAX_RANK])
{
	RT_ASSERT(nest->operands < RT_NEST_OPERANDS);
	memcpy(nest->step[nest->operands++], step, sizeof(nest->step[0]));
}

static bool walks_as_one(const struct rt_nest *nest, int outer, int inner)
{
	for (int k = 0; k < nest->operands; k++)
		if (nest->step[k][outer] != nest->step[k][inner] * nest->dim[inner])
			return false;
	return true;
}

void rt_nest_collapse(struct rt_nest *nest)
{
	int n = 0;

	for (int d = 0; d < nest->rank; d++) {
		if (nest->dim[d] == 1)
			continue;
		nest->dim[n] = nest->dim[d];
		for (int k = 0; k < nest->operands; k++)
			nest->step[k][n] = nest->step[k][d];
		if (n > 0 && walks_as_one(nest, n - 1, n)) {
			nest->dim[n - 1] *= nest->dim[n];
			for (int k = 0; k < nest->operands; k++)
				nest->step[k][n - 1] = nest->step[k][n];
		} else {
			n++;
		}
	}
	if (n == 0) {
		nest->dim[0] = 1;
		for (int k = 0; k < nest->operands; k++)
			nest->step[k][0] = 0;
		n = 1;
	}
	nest->rank = n;
}

int64_t rt_nest_count(const struct rt_nest *nest, int n)
{
	int64_t count = 1;

	for (int d = 0; d < n; d++)
		count *= nest->dim[d];
	return count;
}

void rt_walk_begin(struct rt_walk *w, const struct rt_nest *nest, int rank, int64_t start)
{
	w->nest = nest;
	w->rank = rank;
	memset(w->at, 0, sizeof(w->at));
	memset(w->index, 0, sizeof(w->index));
	if (rt_nest_count(nest, rank) == 0)
		return;
	for (int d = rank - 1; d >= 0; d--) {
		w->index[d] = start % nest->dim[d];
		start /= nest->dim[d];
		for (int k = 0; k < nest->operands; k++)
			w->at[k] += w->index[d] * nest->step[k][d];
	}
}

void rt_walk_next(struct rt_walk *w)
{
	const struct rt_nest *nest = w->nest;

	for (int d = w->rank - 1; d >= 0; d--) {
		bool wraps = ++w->index[d] == nest->dim[d];

		for (int k = 0; k < nest->operands; k++)
			w->at[k] += nest->step[k][d] * (wraps ? 1 - nest->dim[d] : 1);
		if (!wraps)
			return;
		w->index[d] = 0;
	}
}

static void some_rows(const struct rt_nest *nest, int64_t lo, int64_t hi, rt_row_fn *row, void *ctx)
{
	int inner = nest->rank - 1;
	int64_t len = nest->dim[inner], parts = (len + PART - 1) / PART;
	struct rt_walk w;

	rt_walk_begin(&w, nest, inner, lo / parts);
	for (int64_t i = lo; i < hi; i++) {
		int64_t from = i % parts * PART, left = len - from, at[RT_NEST_OPERANDS] = {0};

		for (int k = 0; k < nest->operands; k++)
			at[k] = w.at[k] + from * nest->step[k][inner];
		row(ctx, at, from, left < PART ? left : PART);
		if (from + PART >= len)
			rt_walk_next(&w);
	}
}

void rt_nest_rows(const struct rt_nest *nest, int64_t cost, rt_row_fn *row, void *ctx)
{
	int64_t rows = rt_nest_count(nest, nest->rank - 1), len = nest->dim[nest->rank - 1];
	int64_t items = rows * ((len + PART - 1) / PART);
	int n = rt_split(items, rows * len * cost);

	if (items == 0)
		return;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++)
		some_rows(nest, rt_slice(items, t, n), rt_slice(items, t + 1, n), row, ctx);
}
