/* prune.c - masking single weights, and what both kinds of pruning share. */
#include "config.h"

#include "compress/prune.h"
#include "compress/pick.h"
#include "compress/weight.h"
#include "base/mem.h"
#include "graph/mask.h"

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
		free(r->left[i].at);
	}
	free(r->left);
	for (int i = 0; i < r->reshaped.n; i++)
		free(r->reshaped.v[i]);
	free(r->reshaped.v);
	*r = (struct rt_prune_report){0};
}

enum rt_status rt_prune_check(const struct rt_score **score, const struct rt_graph *g,
			      const struct rt_prune *opts, struct rt_err *err)
{
	int quantized = rt_graph_find_quantized(g);
	const struct rt_row *row;

	for (const struct rt_opt *o = rt_prune_row.opts; o->name; o++)
		RT_TRY(rt_opt_check(o, opts, err));
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
		(struct rt_left){.name = rt_strdup(g->nodes[i].name), .why = why,
				 .at = at >= 0 ? rt_strdup(g->nodes[at].name) : NULL};
}

void rt_prune_score_in(struct rt_score_in *in, const struct rt_graph *g, int value,
		       const struct rt_prune *opts, const struct rt_rng *rng)
{
	*in = (struct rt_score_in){.g = g, .weight = rt_graph_param(g, value), .norm = opts->norm,
				   .rng = rt_rng_split(rng, g->values[value].name, 0)};
}

/* --- choosing ----------------------------------------------------------------------------- */

/* The weights that compete with each other, end to end. */
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

static void score_one(struct pool *p, const struct rt_graph *g, int value,
		      const struct rt_score *score, const struct rt_prune *opts,
		      const struct rt_rng *rng)
{
	const struct rt_param *w = rt_graph_param(g, value);
	const unsigned char *mask = rt_tensor_data(&w->mask);
	int64_t n = rt_tensor_count(&w->data);
	float *to = p->score + p->n;
	struct rt_score_in in;

	rt_prune_score_in(&in, g, value, opts, rng);
	score->weights(&in, to);
	for (int64_t i = 0; mask && i < n; i++)
		if (!mask[i]) {
			to[i] = -INFINITY;
			p->masked++;
		}
	p->n += n;
}

/* Masks what scores below at, and as many as *ties says of what scores just at, in order. */
static enum rt_status mask_one(struct rt_param *w, const float *score, float at, int64_t *ties,
			       struct rt_err *err)
{
	int64_t n = rt_tensor_count(&w->data);
	unsigned char *mask;

	RT_TRY(rt_param_mask(&mask, w, err));
	for (int64_t i = 0; i < n; i++) {
		if (score[i] < at) {
			mask[i] = 0;
		} else if (score[i] == at && *ties > 0) {
			mask[i] = 0;
			--*ties;
		}
	}
	return RT_OK;
}

/* Prunes the weights list[0 .. n) as one pool. */
static enum rt_status prune_pool(struct rt_graph *g, const int *list, int n,
				 const struct rt_score *score, const struct rt_prune *opts,
				 const struct rt_rng *rng, struct rt_err *err)
{
	struct pool p = {0};
	enum rt_status status = RT_OK;
	int64_t total = 0, k, ties, at = 0;
	float limit;

	for (int i = 0; i < n; i++)
		total += rt_tensor_count(&rt_graph_param(g, list[i])->data);
	p.score = malloc((size_t)total * sizeof(float) + 1);
	if (!p.score)
		return rt_fail(err, RT_ENOMEM, "not enough memory for the scores of the weights");
	for (int i = 0; i < n; i++)
		score_one(&p, g, list[i], score, opts, rng);
	k = llround(opts->amount * (double)total);
	if (k > p.masked) {
		limit = threshold(&p, k, &ties);
		for (int i = 0; i < n && status == RT_OK; i++) {
			struct rt_param *w = rt_graph_param(g, list[i]);

			status = mask_one(w, p.score + at, limit, &ties, err);
			at += rt_tensor_count(&w->data);
		}
	}
	free(p.score);
	return status;
}

/* --- masking ------------------------------------------------------------------------------ */

/* The chosen layers' weights, each once, in the order of nodes; names[i] says whose. */
static enum rt_status choose(int **values, char ***names, int *n, const struct rt_graph *g,
			     const struct rt_prune *opts, struct rt_err *err)
{
	bool *chosen = rt_alloc((size_t)g->nnodes, sizeof(*chosen));
	bool *seen = rt_alloc((size_t)g->nvalues, sizeof(*seen));
	enum rt_status status = rt_weights_select(chosen, g, &opts->layers, err);
	int nlist;
	struct rt_weight *list = rt_weights_list(g, &nlist);

	*values = rt_alloc((size_t)nlist, sizeof(**values));
	*names = rt_alloc((size_t)nlist, sizeof(**names));
	*n = 0;
	for (int i = 0; i < nlist && status == RT_OK; i++) {
		if (!chosen[list[i].node] || seen[list[i].value])
			continue;
		seen[list[i].value] = true;
		status = rt_weights_finite(g, list[i].value, err);
		(*values)[*n] = list[i].value;
		(*names)[(*n)++] = rt_weight_name(g, &list[i]);
	}
	if (status == RT_OK && *n == 0)
		status = rt_fail(err, RT_EINVAL, "nothing to prune: the model has no Conv, Gemm, "
				 "MatMul or recurrent layer with weights");
	free(chosen);
	free(seen);
	free(list);
	return status;
}

static void report_start(struct rt_prune_report *r, const struct rt_graph *g, const int *values,
			 char **names, int n)
{
	*r = (struct rt_prune_report){.n = n, .row = rt_alloc((size_t)n, sizeof(*r->row))};
	for (int i = 0; i < n; i++) {
		const struct rt_param *w = rt_graph_param(g, values[i]);

		r->row[i] = (struct rt_pruned){.name = rt_strdup(names[i]),
					       .total = rt_tensor_count(&w->data),
					       .before = rt_param_masked(w)};
	}
}

static enum rt_status prune_values(struct rt_graph *g, const int *values, int n,
				   const struct rt_score *score, const struct rt_prune *opts,
				   const struct rt_rng *rng, struct rt_err *err)
{
	if (opts->scope == RT_SCOPE_GLOBAL)
		RT_TRY(prune_pool(g, values, n, score, opts, rng, err));
	for (int i = 0; opts->scope == RT_SCOPE_LOCAL && i < n; i++)
		RT_TRY(prune_pool(g, values + i, 1, score, opts, rng, err));
	return rt_graph_apply_masks(g, err);
}

enum rt_status rt_prune_mask(struct rt_graph *g, const struct rt_prune *opts,
			     const struct rt_rng *rng, struct rt_prune_report *report,
			     struct rt_err *err)
{
	struct rt_prune_report own = {0};
	const struct rt_score *score;
	char **names = NULL;
	struct rt_graph *work = NULL;
	enum rt_status status;
	int *values = NULL, n = 0;

	RT_TRY(rt_prune_check(&score, g, opts, err));
	status = choose(&values, &names, &n, g, opts, err);
	if (status != RT_OK)
		goto out;
	report_start(&own, g, values, names, n);
	work = rt_graph_clone(g);
	status = prune_values(work, values, n, score, opts, rng, err);
	if (status != RT_OK)
		goto out;
	for (int i = 0; i < g->nnodes && !opts->layers.n; i++)
		if (rt_weight_left(g, i))
			rt_prune_leave(&own, g, i, rt_weight_left(g, i), -1);
	for (int i = 0; i < n; i++)
		own.row[i].pruned = rt_param_masked(rt_graph_param(work, values[i]));
	rt_graph_adopt(g, work);
	work = NULL;
	if (report) {
		*report = own;
		own = (struct rt_prune_report){0};
	}
out:
	rt_prune_report_release(&own);
	rt_graph_free(work);
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(values);
	free(names);
	return status;
}
