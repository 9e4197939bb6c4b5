/* measure.c - the list of measures, what they share, and the two that are no more than sums. */
#include "config.h"

#include "explain/measure.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define ROW(name) &rt_measure_##name.row,
static const struct rt_row *const rows[] = {RT_MEASURE_LIST(ROW)};
const struct rt_list rt_measures = {"measure", rows, RT_COUNT(rows)};

const struct rt_measure *rt_measure_find(const char *name)
{
	return (const struct rt_measure *)rt_list_find(&rt_measures, name);
}

static bool finite_map(const float *v, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

struct rt_measured rt_measure_eval(const struct rt_measure *m, const struct rt_two_maps *maps,
				   const void *params)
{
	int64_t n = maps->h * maps->w;
	struct rt_measured result;
	void *own = NULL;

	if (n < 1)
		return (struct rt_measured){NAN, "the maps are empty"};
	if (!finite_map(maps->a, n) || !finite_map(maps->b, n))
		return (struct rt_measured){NAN, "a map holds NaN or infinity"};
	if (!params && m->row.params_size) {
		own = rt_alloc(1, m->row.params_size);
		rt_params_init(&m->row, own);
		params = own;
	}
	result = m->eval(maps, params);
	if (own)
		rt_params_release(&m->row, own);
	free(own);
	return result;
}

/* a . b / (|a| |b|) */
static struct rt_measured cosine(const struct rt_two_maps *m, const void *params)
{
	double ab = 0, aa = 0, bb = 0;

	(void)params;
	for (int64_t i = 0; i < m->h * m->w; i++) {
		ab += (double)m->a[i] * m->b[i];
		aa += (double)m->a[i] * m->a[i];
		bb += (double)m->b[i] * m->b[i];
	}
	if (aa == 0 || bb == 0)
		return (struct rt_measured){0, "a map is all zero"};
	return (struct rt_measured){ab / (sqrt(aa) * sqrt(bb)), NULL};
}

const struct rt_measure rt_measure_cosine = {
	.row = {"cosine", "cosine of the angle between the maps, signed; 0 if one is all zero",
		NULL, 0},
	.same = 1,
	.source = "Parchami-Araghi et al.: Good teachers explain, ECCV 2024",
	.eval = cosine,
};

/* sqrt(sum of (a - b)^2) */
static struct rt_measured l2(const struct rt_two_maps *m, const void *params)
{
	double sum = 0;

	(void)params;
	for (int64_t i = 0; i < m->h * m->w; i++)
		sum += ((double)m->a[i] - m->b[i]) * ((double)m->a[i] - m->b[i]);
	return (struct rt_measured){sqrt(sum), NULL};
}

const struct rt_measure rt_measure_l2 = {
	.row = {"l2", "Euclidean distance, in the units of the maps; 0 for equal maps", NULL, 0},
	.same = 0,
	.source = "Quantus, functions/loss_func.py",
	.eval = l2,
};
