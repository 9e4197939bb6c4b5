/* correlation.c - linear and rank correlation of two maps: Pearson, Spearman, Kendall's tau-b. */
#include "config.h"

#include "explain/measure.h"
#include "explain/rank.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct correlation {
	bool absolute;
};

static const struct rt_opt opts[] = {
	{"absolute", "compare magnitudes, without their signs", RT_BOOL,
	 offsetof(struct correlation, absolute), "no"},
	{0},
};

#define CONSTANT ((struct rt_measured){0, "a map has one value everywhere"})

static float *copy(const float *v, int64_t n, const struct correlation *o)
{
	float *c = rt_alloc((size_t)n, sizeof(*c));

	for (int64_t i = 0; i < n; i++)
		c[i] = o->absolute ? fabsf(v[i]) : v[i];
	return c;
}

/* Covariance over the root of both variances, in two passes. */
static struct rt_measured linear(const double *a, const double *b, int64_t n)
{
	double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;

	for (int64_t i = 0; i < n; i++) {
		ma += a[i];
		mb += b[i];
	}
	ma /= (double)n;
	mb /= (double)n;
	for (int64_t i = 0; i < n; i++) {
		ab += (a[i] - ma) * (b[i] - mb);
		aa += (a[i] - ma) * (a[i] - ma);
		bb += (b[i] - mb) * (b[i] - mb);
	}
	if (aa == 0 || bb == 0)
		return CONSTANT;
	return (struct rt_measured){ab / (sqrt(aa) * sqrt(bb)), NULL};
}

/* Rounding must not make a constant map look like a varying one. */
static bool constant(const float *v, int64_t n)
{
	for (int64_t i = 1; i < n; i++)
		if (v[i] != v[0])
			return false;
	return true;
}

static struct rt_measured pearson(const struct rt_two_maps *m, const void *params)
{
	const struct correlation *o = params;
	int64_t n = m->h * m->w;
	double *a = rt_alloc((size_t)n, sizeof(*a)), *b = rt_alloc((size_t)n, sizeof(*b));
	float *fa = copy(m->a, n, o), *fb = copy(m->b, n, o);
	struct rt_measured r = CONSTANT;

	for (int64_t i = 0; i < n; i++) {
		a[i] = fa[i];
		b[i] = fb[i];
	}
	if (!constant(fa, n) && !constant(fb, n))
		r = linear(a, b, n);
	free(a);
	free(b);
	free(fa);
	free(fb);
	return r;
}

const struct rt_measure rt_measure_pearson = {
	.row = {"pearson", "linear correlation; 0 if a map is constant", opts,
		sizeof(struct correlation)},
	.same = 1,
	.source = "Quantus, functions/similarity_func.py",
	.eval = pearson,
};

static struct rt_measured spearman(const struct rt_two_maps *m, const void *params)
{
	int64_t n = m->h * m->w;
	float *a = copy(m->a, n, params), *b = copy(m->b, n, params);
	double *ra = rt_average_ranks(a, n), *rb = rt_average_ranks(b, n);
	struct rt_measured r = linear(ra, rb, n);

	free(a);
	free(b);
	free(ra);
	free(rb);
	return r;
}

const struct rt_measure rt_measure_spearman = {
	.row = {"spearman", "correlation of ranks, equals sharing theirs; 0 if a map is constant",
		opts, sizeof(struct correlation)},
	.same = 1,
	.source = "Adebayo et al.: Sanity checks for saliency maps, NeurIPS 2018",
	.eval = spearman,
};

/* --- Kendall ------------------------------------------------------------------------------ */

struct point {
	float a, b;
};

static int by_a_then_b(const void *x, const void *y)
{
	const struct point *p = x, *q = y;

	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return (p->b > q->b) - (p->b < q->b);
}

static int64_t pairs(int64_t n)
{
	return n * (n - 1) / 2;
}

/* Sorts v by merging and returns how many pairs stood in falling order; w has room for n. */
static int64_t sort_counting(float *v, float *w, int64_t n)
{
	int64_t half = n / 2, i = 0, k = half, out = 0, swaps;

	if (n < 2)
		return 0;
	swaps = sort_counting(v, w, half) + sort_counting(v + half, w, n - half);
	while (i < half && k < n) {
		if (v[k] < v[i]) {
			swaps += half - i;
			w[out++] = v[k++];
		} else {
			w[out++] = v[i++];
		}
	}
	memcpy(w + out, v + i, (size_t)(half - i) * sizeof(*v));
	memcpy(v, w, (size_t)(out + half - i) * sizeof(*v));
	return swaps;
}

/* Pairs of points with the same a, and with the same a and b; p is sorted. */
static void count_ties(const struct point *p, int64_t n, int64_t *same_a, int64_t *same_both)
{
	int64_t first = 0, joint = 0;

	*same_a = *same_both = 0;
	for (int64_t i = 1; i <= n; i++) {
		bool end = i == n || p[i].a != p[first].a;

		if (end || p[i].b != p[joint].b) {
			*same_both += pairs(i - joint);
			joint = i;
		}
		if (end) {
			*same_a += pairs(i - first);
			first = i;
		}
	}
}

static int64_t count_equal(const float *sorted, int64_t n)
{
	int64_t ties = 0, first = 0;

	for (int64_t i = 1; i <= n; i++)
		if (i == n || sorted[i] != sorted[first]) {
			ties += pairs(i - first);
			first = i;
		}
	return ties;
}

/* tau_b = (concordant - discordant) / sqrt((n0 - ties in a)(n0 - ties in b)), n0 = n(n-1)/2, in
 * n log n steps (Knight: A computer method for calculating Kendall's tau, JASA 1966). */
static struct rt_measured kendall(const struct rt_two_maps *m, const void *params)
{
	const struct correlation *o = params;
	int64_t n = m->h * m->w, n0 = pairs(n), same_a, same_b, same_both, swaps;
	struct point *p = rt_alloc((size_t)n, sizeof(*p));
	float *b = rt_alloc((size_t)n, sizeof(*b)), *work = rt_alloc((size_t)n, sizeof(*work));

	for (int64_t i = 0; i < n; i++)
		p[i] = o->absolute ? (struct point){fabsf(m->a[i]), fabsf(m->b[i])}
				   : (struct point){m->a[i], m->b[i]};
	qsort(p, (size_t)n, sizeof(*p), by_a_then_b);
	count_ties(p, n, &same_a, &same_both);
	for (int64_t i = 0; i < n; i++)
		b[i] = p[i].b;
	swaps = sort_counting(b, work, n);
	same_b = count_equal(b, n);
	free(p);
	free(b);
	free(work);
	if (same_a == n0 || same_b == n0)
		return CONSTANT;
	return (struct rt_measured){
		(double)(n0 - same_a - same_b + same_both - 2 * swaps) /
			(sqrt((double)(n0 - same_a)) * sqrt((double)(n0 - same_b))),
		NULL};
}

const struct rt_measure rt_measure_kendall = {
	.row = {"kendall",
		"Kendall's tau-b: pairs in the same order less pairs in the opposite one", opts,
		sizeof(struct correlation)},
	.same = 1,
	.source = "Kendall: The treatment of ties in ranking problems, 1945",
	.eval = kendall,
};
