/* rank.c - sorting maps. */
#include "config.h"

#include "explain/rank.h"
#include "base/mem.h"

#include <stdlib.h>

struct entry {
	float value;
	int64_t index;
};

static int falling(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->index > y->index) - (x->index < y->index);
}

int64_t *rt_order_descending(const float *v, int64_t n)
{
	struct entry *e = rt_alloc((size_t)n, sizeof(*e));
	int64_t *order = rt_alloc((size_t)n, sizeof(*order));

	for (int64_t i = 0; i < n; i++)
		e[i] = (struct entry){v[i], i};
	qsort(e, (size_t)n, sizeof(*e), falling);
	for (int64_t i = 0; i < n; i++)
		order[i] = e[i].index;
	free(e);
	return order;
}

double *rt_average_ranks(const float *v, int64_t n)
{
	int64_t *order = rt_order_descending(v, n), end;
	double *rank = rt_alloc((size_t)n, sizeof(*rank));

	for (int64_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && v[order[end]] == v[order[i]]; end++)
			;
		for (int64_t k = i; k < end; k++)
			rank[order[k]] = (double)n - (double)(i + end - 1) / 2;
	}
	free(order);
	return rank;
}
