/* integrated_gradients.c - gradients summed along the straight line from a baseline to the sample.
 *
 *	map = (x - b) * integral over 0 .. 1 of df/dx(b + alpha (x - b)) d alpha
 *
 * The sum of the map is f(x) - f(b).  A quadrature misses that by `gap`, above all at the kinks of
 * ReLU; the adaptive rule halves the pieces of the path whose own sum is off until it no longer is.
 */
#include "config.h"

#include "explain/path.h"
#include "explain/probe.h"
#include "base/mem.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct integrated_gradients {
	int64_t steps;
	int rule;
	double tolerance;
	bool multiply;
	struct rt_baseline baseline;
};

static const struct rt_opt opts[] = {
	{"steps", "points on the path; adaptive: of its first round", RT_INT,
	 offsetof(struct integrated_gradients, steps), "50", 1, 10000},
	{"rule", "how the path is summed", RT_CHOICE, offsetof(struct integrated_gradients, rule),
	 "gausslegendre", .choices = rt_path_names},
	{"tolerance", "adaptive: gap to reach, as a share of f(x) - f(baseline)", RT_REAL,
	 offsetof(struct integrated_gradients, tolerance), "0.001", 1e-9, 1},
	{"multiply", "times input minus baseline; no: the mean gradient", RT_BOOL,
	 offsetof(struct integrated_gradients, multiply), "yes"},
	RT_BASELINE_OPTS(struct integrated_gradients, baseline),
	{0},
};

/* Points a piece of the adaptive rule has, and how many times the first round it may cost in
 * all. */
#define PIECE_POINTS 5
#define BUDGET 10

struct piece {
	double lo, hi;		/* alpha */
};

struct walk {
	const float *x, *base;
	int64_t count;
	int edges, points;	/* of a piece: its two ends (adaptive) or none, and its points */
	double *alpha, *weight;	/* [points], on 0 .. 1 of a piece */
	struct piece *piece, *next;
	int64_t npieces, nnext, next_cap;
	bool split;		/* pieces may still be halved */
	double tolerance, spent; /* share of f_x - f_base; squared gaps of the pieces kept */
	double *sum, *local;	/* [count]: integral so far, and of the piece under way */
	double f_lo, f_hi;	/* at the ends of the piece under way */
	double f_x, f_base;
};

/* The variations of a round: baseline and sample, then for every piece its ends, where f tells what
 * its sum must be, and its points. */
static int64_t variations(const struct walk *w)
{
	return 2 + w->npieces * (w->edges + w->points);
}

static const struct piece *piece_of(const struct walk *w, int64_t i, int64_t *j)
{
	*j = (i - 2) % (w->edges + w->points);
	return &w->piece[(i - 2) / (w->edges + w->points)];
}

static double alpha_of(const struct walk *w, int64_t i)
{
	const struct piece *p;
	int64_t j;

	if (i < 2)
		return (double)i;
	p = piece_of(w, i, &j);
	if (j < w->edges)
		return j == 0 ? p->lo : p->hi;
	return p->lo + w->alpha[j - w->edges] * (p->hi - p->lo);
}

static void make(void *ctx, int64_t i, float *x)
{
	const struct walk *w = ctx;
	double a = alpha_of(w, i);

	for (int64_t k = 0; k < w->count && a < 1; k++)
		x[k] = (float)(w->base[k] + a * ((double)w->x[k] - w->base[k]));
}

static void push(struct walk *w, double lo, double hi)
{
	RT_GROW(w->next, w->nnext, w->next_cap);
	w->next[w->nnext++] = (struct piece){lo, hi};
}

/* What a piece of this round may miss.  Pieces miss independently, so the squares of their gaps add
 * up; half of what the tolerance leaves is for this round, the rest for later ones.  Rounding of f
 * itself no halving can help. */
static double allowed(const struct walk *w)
{
	double goal = w->tolerance * (w->f_x - w->f_base), left = goal * goal - w->spent;

	return fmax(sqrt(fmax(left, 0) / 2 / (double)w->npieces),
		    4 * FLT_EPSILON * fmax(fabs(w->f_lo), fabs(w->f_hi)));
}

/* Keeps the piece's integral, or gives it up for that of its halves. */
static void finish(struct walk *w, const struct piece *p)
{
	double total = 0, gap, mid = (p->lo + p->hi) / 2;

	for (int64_t k = 0; k < w->count; k++)
		total += w->local[k] * ((double)w->x[k] - w->base[k]);
	gap = fabs(w->f_hi - w->f_lo - total);
	if (w->split && gap > allowed(w)) {
		push(w, p->lo, mid);
		push(w, mid, p->hi);
		return;
	}
	w->spent += gap * gap;
	for (int64_t k = 0; k < w->count; k++)
		w->sum[k] += w->local[k];
}

static void take(void *ctx, int64_t i, const struct rt_probed *r)
{
	struct walk *w = ctx;
	const struct piece *p;
	int64_t j;

	if (i < 2) {
		*(i == 0 ? &w->f_base : &w->f_x) = r->f;
		w->f_lo = w->f_base;
		w->f_hi = r->f;
		return;
	}
	p = piece_of(w, i, &j);
	if (j < w->edges) {
		*(j == 0 ? &w->f_lo : &w->f_hi) = r->f;
		return;
	}
	if (j == w->edges)
		memset(w->local, 0, (size_t)w->count * sizeof(*w->local));
	for (int64_t k = 0; k < w->count; k++)
		w->local[k] += w->weight[j - w->edges] * (p->hi - p->lo) * r->dx[k];
	if (j == w->edges + w->points - 1)
		finish(w, p);
}

/* Rounds until no piece is given up; one round for the fixed rules. */
static enum rt_status integrate(struct walk *w, struct rt_probe *p, int64_t budget,
				struct rt_err *err)
{
	struct rt_variations v = {.make = make, .take = take, .ctx = w};

	while (w->npieces) {
		v.n = variations(w);
		budget -= v.n;
		w->split = w->split && budget > 0;
		RT_TRY(rt_probe_run(p, &v, err));
		free(w->piece);
		w->piece = w->next;
		w->npieces = w->nnext;
		w->next = NULL;
		w->nnext = w->next_cap = 0;
	}
	return RT_OK;
}

static void begin(struct walk *w, const struct integrated_gradients *o)
{
	bool adaptive = o->rule == RT_PATH_ADAPTIVE;

	w->edges = adaptive ? 2 : 0;
	w->points = adaptive ? PIECE_POINTS : (int)o->steps;
	w->npieces = adaptive ? (o->steps + PIECE_POINTS - 1) / PIECE_POINTS : 1;
	w->split = adaptive;
	w->tolerance = o->tolerance;
	w->alpha = rt_alloc((size_t)w->points, sizeof(double));
	w->weight = rt_alloc((size_t)w->points, sizeof(double));
	rt_path_points(adaptive ? RT_PATH_GAUSSLEGENDRE : (enum rt_path_rule)o->rule, w->points,
		       w->alpha, w->weight);
	w->piece = rt_alloc((size_t)w->npieces, sizeof(*w->piece));
	for (int64_t i = 0; i < w->npieces; i++)
		w->piece[i] = (struct piece){(double)i / (double)w->npieces,
					     (double)(i + 1) / (double)w->npieces};
	w->sum = rt_alloc((size_t)w->count, sizeof(double));
	w->local = rt_alloc((size_t)w->count, sizeof(double));
}

static void end(struct walk *w)
{
	free(w->alpha);
	free(w->weight);
	free(w->piece);
	free(w->next);
	free(w->sum);
	free(w->local);
}

static void fill(struct rt_attribution *out, const struct walk *w,
		 const struct integrated_gradients *o, const struct rt_probe *p)
{
	double total = 0, promised;

	out->f_x = w->f_x;
	out->f_baseline = w->f_base;
	promised = w->f_x - w->f_base;
	for (int64_t k = 0; k < w->count; k++) {
		double part = w->sum[k] * ((double)w->x[k] - w->base[k]);

		total += part;
		out->map[k] = (float)(o->multiply ? part : w->sum[k]);
	}
	rt_attribution_note(out, "%s", p->target.note);
	rt_attribution_note(out, "%" PRId64 " steps %s, baseline %s", o->steps,
			    rt_path_names[o->rule], rt_baseline_text(&o->baseline));
	if (!o->multiply)
		return;
	out->gap = total - promised;
	if (fabs(out->gap) > 0.05 * fabs(promised) && fabs(out->gap) > 1e-4 * fabs(out->f_x))
		rt_attribution_note(out,
				    "the sum misses f(x) - f(baseline) by %.2g (-rule adaptive)",
				    out->gap);
}

static enum rt_status run(struct rt_attribution *out, const struct rt_question *q,
			  const void *params, struct rt_err *err)
{
	const struct integrated_gradients *o = params;
	struct walk w = {.x = q->x, .count = rt_shape_count(&q->shape)};
	struct rt_probe p = {0};
	float *base = NULL;
	int64_t first;
	enum rt_status status;

	if (o->rule == RT_PATH_TRAPEZOID && o->steps < 2)
		return rt_fail(err, RT_EINVAL,
			       "-rule trapezoid needs -steps of at least 2, got %" PRId64,
			       o->steps);
	RT_TRY(rt_baseline_make(&base, &o->baseline, q, err));
	w.base = base;
	begin(&w, o);
	first = variations(&w);
	status = rt_probe_open(&p, q, first, true, -1, err);
	if (status == RT_OK)
		status = integrate(&w, &p, BUDGET * first, err);
	if (status == RT_OK) {
		rt_attribution_map(out, &q->shape);
		fill(out, &w, o, &p);
	}
	rt_probe_close(&p);
	end(&w);
	free(base);
	return status;
}

const struct rt_explainer rt_explainer_integrated_gradients = {
	.row = {"integrated_gradients",
		"gradients summed from a baseline to the sample; adds up to f", opts,
		sizeof(struct integrated_gradients)},
	.source = "Sundararajan, Taly, Yan: Axiomatic attribution for deep networks, ICML 2017",
	.of_input = true,
	.run = run,
};
