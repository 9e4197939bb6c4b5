/* prune.c - masking weights, and what both kinds of pruning share. */
#include "config.h"

#include "compress/prune.h"
#include "compress/pick.h"
#include "compress/weight.h"
#include "base/mem.h"
#include "graph/mask.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

const char *const rt_prune_scope_names[] = {"local", "global", NULL};
const char *const rt_score_norm_names[] = {"l1", "l2", NULL};

static const struct rt_opt opts_rows[] = {RT_PRUNE_OPTS(struct rt_prune, ), {0}};

const struct rt_row rt_prune_row = {"prune", "take weights or channels out of a model", opts_rows,
				    sizeof(struct rt_prune)};

void rt_prune_report_release(struct rt_prune_report *r)
{
	for (int i = 0; i < r->n; i++)
		free(r->row[i].name);
	free(r->row);
	for (int i = 0; i < r->nleft; i++) {
		free(r->left[i].name);
		free(r->left[i].why);
		free(r->left[i].at);
	}
	free(r->left);
	for (int i = 0; i < r->reshaped.n; i++)
		free(r->reshaped.v[i]);
	free(r->reshaped.v);
	*r = (struct rt_prune_report){0};
}

static const struct rt_pattern *pattern_of(const struct rt_prune *opts)
{
	return (const struct rt_pattern *)rt_list_find(&rt_patterns, opts->pattern);
}

double rt_prune_amount(const struct rt_prune *opts)
{
	const double of_pattern = rt_pattern_amount(pattern_of(opts));

	if (!isnan(of_pattern))
		return of_pattern;
	return isnan(opts->amount) ? 0.5 : opts->amount;
}

enum rt_status rt_prune_check(const struct rt_score **score, const struct rt_graph *g,
			      const struct rt_prune *opts, struct rt_err *err)
{
	int quantized = rt_graph_find_quantized(g);
	const struct rt_row *row;

	for (const struct rt_opt *o = rt_prune_row.opts; o->name; o++)
		RT_TRY(rt_opt_check(o, opts, err));
	RT_TRY(rt_list_get(&row, &rt_patterns, opts->pattern, err));
	if (!isnan(opts->amount) && fabs(opts->amount - rt_prune_amount(opts)) > 1e-6)
		return rt_fail(err, RT_EINVAL,
			       "-pattern %s makes %g %% of the weights zero, -amount asks for "
			       "%g %%; leave -amount out", row->name, 100 * rt_prune_amount(opts),
			       100 * opts->amount);
	RT_TRY(rt_list_get(&row, &rt_scores, opts->score, err));
	*score = (const struct rt_score *)row;
	if (quantized >= 0)
		return rt_fail(err, RT_EINVAL,
			       "the model is quantized (%s); prune it before quantizing",
			       g->nodes[quantized].name);
	return RT_OK;
}

void rt_prune_leave(struct rt_prune_report *r, const struct rt_graph *g, int i, const char *why,
		    int at)
{
	RT_GROW(r->left, r->nleft, r->left_cap);
	r->left[r->nleft++] =
		(struct rt_left){.name = rt_strdup(g->nodes[i].name), .why = rt_strdup(why),
				 .at = at >= 0 ? rt_strdup(g->nodes[at].name) : NULL};
}

void rt_prune_score_in(struct rt_score_in *in, const struct rt_graph *g, int value,
		       const struct rt_prune *opts, const struct rt_rng *rng)
{
	*in = (struct rt_score_in){.g = g, .weight = rt_graph_param(g, value), .norm = opts->norm,
				   .rng = rt_rng_split(rng, g->values[value].name, 0)};
}

/* --- choosing ----------------------------------------------------------------------------- */

/* A weight that is pruned, and the groups that its elements go in. */
struct chosen {
	int value;
	char *name;
	struct rt_pattern_groups u;
};

/* One run of masking. */
struct task {
	struct rt_graph *g;
	const struct rt_prune *opts;
	const struct rt_pattern *pattern;
	const struct rt_score *score;
	const struct rt_rng *rng;
	struct chosen *list;
	int n;
};

/* The groups that compete with each other, end to end. */
struct pool {
	int64_t n, masked;
	float *score;		/* [n]; masked ones -inf */
};

static int by_score(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* The score up to which k of the pool go, and how many of those that score just that. */
static float threshold(const struct pool *p, int64_t k, int64_t *ties)
{
	float *sorted = rt_memdup(p->score, (size_t)p->n, sizeof(float)), at;

	qsort(sorted, (size_t)p->n, sizeof(float), by_score);
	at = sorted[k - 1];
	*ties = 0;
	for (int64_t i = k - 1; i >= 0 && sorted[i] == at; i--)
		++*ties;
	free(sorted);
	return at;
}

/* The scores of single weights; what is masked has -inf. */
static void score_weights(const struct task *t, const struct chosen *c, float *score)
{
	const struct rt_param *w = rt_graph_param(t->g, c->value);
	const unsigned char *mask = rt_tensor_data(&w->mask);
	int64_t n = rt_tensor_count(&w->data);
	struct rt_score_in in;

	rt_prune_score_in(&in, t->g, c->value, t->opts, t->rng);
	t->score->weights(&in, score);
	for (int64_t i = 0; mask && i < n; i++)
		if (!mask[i])
			score[i] = -INFINITY;
}

/* The norm of the scores of a group's weights that are not masked; -inf without any. */
static float group_score(const struct rt_pattern_groups *u, int64_t n, const float *each, int norm)
{
	bool any = false;
	double sum = 0;

	if (u->size == 1)
		return each[n];
	for (int64_t k = 0; k < u->size; k++) {
		const double s = each[rt_pattern_at(u, n, k)];

		if (isinf(s))
			continue;
		any = true;
		sum += norm == RT_NORM_L1 ? fabs(s) : s * s;
	}
	return !any ? -INFINITY : (float)(norm == RT_NORM_L1 ? sum : sqrt(sum));
}

/* Masks what scores below at, and as many as *ties says of what scores just at, in order. */
static enum rt_status mask_groups(struct rt_param *w, const struct rt_pattern_groups *u,
				  const float *score, float at, int64_t *ties, struct rt_err *err)
{
	unsigned char *mask;

	RT_TRY(rt_param_mask(&mask, w, err));
	for (int64_t i = 0; i < rt_pattern_total(u); i++) {
		if (!(score[i] < at || (score[i] == at && *ties > 0)))
			continue;
		if (score[i] == at)
			--*ties;
		for (int64_t k = 0; k < u->size; k++)
			mask[rt_pattern_at(u, i, k)] = 0;
	}
	return RT_OK;
}

static void add_to_pool(struct pool *p, const struct task *t, const struct chosen *c, float *each)
{
	score_weights(t, c, each);
	for (int64_t i = 0; i < rt_pattern_total(&c->u); i++) {
		p->score[p->n] = group_score(&c->u, i, each, t->opts->norm);
		p->masked += isinf(p->score[p->n++]) != 0;
	}
}

/* Prunes the weights list[0 .. n) as one pool of blocks. */
static enum rt_status prune_pool(const struct task *t, const struct chosen *list, int n,
				 struct rt_err *err)
{
	struct pool p = {0};
	enum rt_status status = RT_OK;
	int64_t total = 0, most = 0, k, ties, at = 0;
	float limit, *each;

	for (int i = 0; i < n; i++) {
		const int64_t size = rt_pattern_total(&list[i].u);

		total += size;
		most = size * list[i].u.size > most ? size * list[i].u.size : most;
	}
	p.score = malloc((size_t)(total + most) * sizeof(float) + 1);
	if (!p.score)
		return rt_fail(err, RT_ENOMEM, "not enough memory for the scores of the weights");
	each = p.score + total;
	for (int i = 0; i < n; i++)
		add_to_pool(&p, t, &list[i], each);
	k = llround(rt_prune_amount(t->opts) * (double)total);
	if (k > p.masked) {
		limit = threshold(&p, k, &ties);
		for (int i = 0; i < n && status == RT_OK; i++) {
			status = mask_groups(rt_graph_param(t->g, list[i].value), &list[i].u,
					     p.score + at, limit, &ties, err);
			at += rt_pattern_total(&list[i].u);
		}
	}
	free(p.score);
	return status;
}

/* Of every group as many as the pattern wants, those that score least, the first of equals. */
static enum rt_status prune_groups(const struct task *t, const struct chosen *c, struct rt_err *err)
{
	const struct rt_pattern_groups *u = &c->u;
	struct rt_param *w = rt_graph_param(t->g, c->value);
	float *each = malloc((size_t)rt_tensor_count(&w->data) * sizeof(float) + 1);
	unsigned char *mask;
	enum rt_status status;

	if (!each)
		return rt_fail(err, RT_ENOMEM, "not enough memory for the scores of the weights");
	score_weights(t, c, each);
	status = rt_param_mask(&mask, w, err);
	for (int64_t n = 0; status == RT_OK && n < rt_pattern_total(u); n++) {
		for (int gone = t->pattern->keep; gone < t->pattern->of; gone++) {
			int64_t least = rt_pattern_at(u, n, 0);

			for (int64_t k = 1; k < u->size; k++)
				if (each[rt_pattern_at(u, n, k)] < each[least])
					least = rt_pattern_at(u, n, k);
			mask[least] = 0;
			each[least] = INFINITY;
		}
	}
	free(each);
	return status;
}

/* --- masking ------------------------------------------------------------------------------ */

static enum rt_status misfit(const struct task *t, const struct rt_weight *w, int64_t along,
			     struct rt_prune_report *report, struct rt_err *err)
{
	const struct rt_pattern *p = t->pattern;
	const char *what = p->outputs ? "outputs" : "inputs", *name = t->g->nodes[w->node].name;
	char *why;

	if (t->opts->layers.n)
		return rt_fail(err, RT_EINVAL,
			       "%s has %" PRId64 " %s, which do not divide into groups of %d "
			       "(-pattern %s); leave it out of -layers",
			       name, along, what, p->of, p->row.name);
	why = rt_sprintf("%" PRId64 " %s do not divide into groups of %d", along, what, p->of);
	rt_prune_leave(report, t->g, w->node, why, -1);
	free(why);
	return RT_OK;
}

static enum rt_status add_weight(struct task *t, const struct rt_weight *w,
				 struct rt_prune_report *report, struct rt_err *err)
{
	struct chosen c = {.value = w->value};
	int64_t along;

	RT_TRY(rt_weights_finite(t->g, w->value, err));
	if (!rt_pattern_groups(&c.u, &along, t->pattern, t->g, w))
		return misfit(t, w, along, report, err);
	c.name = rt_weight_name(t->g, w);
	t->list[t->n++] = c;
	return RT_OK;
}

/* The chosen layers' weights, each once, in the order of nodes. */
static enum rt_status choose(struct task *t, struct rt_prune_report *report, struct rt_err *err)
{
	const struct rt_graph *g = t->g;
	bool *chosen = rt_alloc((size_t)g->nnodes, sizeof(*chosen));
	bool *seen = rt_alloc((size_t)g->nvalues, sizeof(*seen));
	enum rt_status status = rt_weights_select(chosen, g, &t->opts->layers, err);
	int nlist;
	struct rt_weight *list = rt_weights_list(g, &nlist);

	t->list = rt_alloc((size_t)nlist, sizeof(*t->list));
	for (int i = 0; i < nlist && status == RT_OK; i++) {
		if (!chosen[list[i].node] || seen[list[i].value])
			continue;
		seen[list[i].value] = true;
		status = add_weight(t, &list[i], report, err);
	}
	if (status == RT_OK && t->n == 0 && report->nleft)
		status = rt_fail(err, RT_EINVAL, "nothing to prune: %s: %s (-pattern %s)",
				 report->left[0].name, report->left[0].why, t->pattern->row.name);
	else if (status == RT_OK && t->n == 0)
		status = rt_fail(err, RT_EINVAL, "nothing to prune: the model has no Conv, Gemm, "
				 "MatMul or recurrent layer with weights");
	free(chosen);
	free(seen);
	free(list);
	return status;
}

static void report_start(struct rt_prune_report *r, const struct task *t)
{
	r->n = t->n;
	r->row = rt_alloc((size_t)t->n, sizeof(*r->row));
	for (int i = 0; i < t->n; i++) {
		const struct rt_param *w = rt_graph_param(t->g, t->list[i].value);

		r->row[i] = (struct rt_pruned){.name = rt_strdup(t->list[i].name),
					       .total = rt_tensor_count(&w->data),
					       .before = rt_param_masked(w)};
	}
}

static enum rt_status prune_values(const struct task *t, struct rt_err *err)
{
	const bool global = t->opts->scope == RT_SCOPE_GLOBAL && !t->pattern->keep;

	if (global)
		RT_TRY(prune_pool(t, t->list, t->n, err));
	for (int i = 0; !global && i < t->n; i++)
		RT_TRY(t->pattern->keep ? prune_groups(t, &t->list[i], err)
					: prune_pool(t, t->list + i, 1, err));
	return rt_graph_apply_masks(t->g, err);
}

static enum rt_status run(struct task *t, struct rt_prune_report *report, struct rt_err *err)
{
	RT_TRY(choose(t, report, err));
	report_start(report, t);
	RT_TRY(prune_values(t, err));
	for (int i = 0; i < t->g->nnodes && !t->opts->layers.n; i++)
		if (rt_weight_left(t->g, i))
			rt_prune_leave(report, t->g, i, rt_weight_left(t->g, i), -1);
	for (int i = 0; i < t->n; i++)
		report->row[i].pruned = rt_param_masked(rt_graph_param(t->g, t->list[i].value));
	return RT_OK;
}

enum rt_status rt_prune_mask(struct rt_graph *g, const struct rt_prune *opts,
			     const struct rt_rng *rng, struct rt_prune_report *report,
			     struct rt_err *err)
{
	struct rt_prune_report own = {0};
	struct task t = {.opts = opts, .rng = rng};
	enum rt_status status;

	RT_TRY(rt_prune_check(&t.score, g, opts, err));
	t.pattern = pattern_of(opts);
	t.g = rt_graph_clone(g);
	status = run(&t, &own, err);
	if (status == RT_OK) {
		rt_graph_adopt(g, t.g);
		t.g = NULL;
		if (report) {
			*report = own;
			own = (struct rt_prune_report){0};
		}
	}
	for (int i = 0; i < t.n; i++)
		free(t.list[i].name);
	free(t.list);
	rt_prune_report_release(&own);
	rt_graph_free(t.g);
	return status;
}
