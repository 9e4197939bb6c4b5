/* channels.c - pruning whole channels: scoring, choosing, masking, removing. */
#include "config.h"

#include "compress/groups.h"
#include "compress/pick.h"
#include "compress/rules.h"
#include "compress/settle.h"
#include "compress/weight.h"
#include "base/mem.h"
#include "graph/mask.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One run of pruning. */
struct task {
	struct rt_graph *g;		/* the copy that is changed */
	const struct rt_prune *opts;
	const struct rt_score *score;
	const struct rt_rng *rng;
	struct rt_groups groups;
	bool *chosen;			/* [groups.n]: the options mean this group */
	double **value;			/* [groups.n][group.n]: score; dead channels -inf */
	int64_t *dead;			/* [groups.n]: channels masked as a whole already */
	bool *gone;			/* [nslots] */
	int *number;			/* [nslots]: scratch of rt_group_channels() */
};

/* --- scoring ------------------------------------------------------------------------------ */

/* alive[c] counts the weights of channel c that are not masked. */
static void count_alive(const struct rt_param *p, int axis, const int *channel, int64_t *alive)
{
	const struct rt_shape *s = &p->data.shape;
	const unsigned char *mask = rt_tensor_data(&p->mask);
	int64_t before = rt_shape_span(s, 0, axis), behind = rt_shape_span(s, axis + 1, s->rank);

	for (int64_t a = 0; a < before; a++)
		for (int64_t i = 0; i < s->dim[axis]; i++)
			for (int64_t b = 0; channel[i] >= 0 && b < behind; b++)
				alive[channel[i]] +=
					!mask || mask[(a * s->dim[axis] + i) * behind + b];
}

/* Adds the scores of one weight, scaled to a mean of 1 over the channels, so that the layers of a
 * group count alike whatever the size of their weights (Torch-Pruning's normalizer "mean"). */
static void add_scores(double *sum, const double *one, int n)
{
	double mean = 0;

	for (int c = 0; c < n; c++)
		mean += one[c] / n;
	for (int c = 0; c < n; c++)
		sum[c] += mean > 0 ? one[c] / mean : one[c];
}

/* A group's score: the mean over its weights. */
static enum rt_status score_group(struct task *t, int index, struct rt_err *err)
{
	const struct rt_group *group = &t->groups.group[index];
	double *one = rt_alloc((size_t)group->n, sizeof(*one));
	int64_t *alive = rt_alloc((size_t)group->n, sizeof(*alive));
	enum rt_status status = RT_OK;

	t->value[index] = rt_alloc((size_t)group->n, sizeof(double));
	for (int k = 0; k < group->nmakers && status == RT_OK; k++) {
		const struct rt_maker *m = &t->groups.axes.maker[group->maker[k]];
		const struct rt_param *p = rt_graph_param(t->g, m->value);
		int *channel = rt_alloc((size_t)p->data.shape.dim[m->axis], sizeof(*channel));
		struct rt_score_in in;

		status = rt_weights_finite(t->g, m->value, err);
		rt_group_channels(&t->groups, group, m, t->number, channel);
		rt_prune_score_in(&in, t->g, m->value, t->opts, t->rng);
		rt_score_channels(t->score, &in, m->axis, channel, group->n, one);
		add_scores(t->value[index], one, group->n);
		count_alive(p, m->axis, channel, alive);
		free(channel);
	}
	for (int c = 0; c < group->n; c++) {
		t->value[index][c] = alive[c] ? t->value[index][c] / group->nmakers : -INFINITY;
		t->dead[index] += !alive[c];
	}
	free(one);
	free(alive);
	return status;
}

/* --- choosing ----------------------------------------------------------------------------- */

struct candidate {
	double score;
	int group, channel;
};

static int by_score(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	if (x->group != y->group)
		return x->group - y->group;
	return x->channel - y->channel;
}

/* How many channels of a group of n may go when want are to: one stays, and what stays is rounded
 * up to the multiple. */
static int64_t may_go(const struct rt_prune *opts, int64_t n, int64_t want)
{
	int64_t keep = n - want > 1 ? n - want : 1;

	keep = (keep + opts->multiple - 1) / opts->multiple * opts->multiple;
	return keep < n ? n - keep : 0;
}

/* The channels of all chosen groups, the least first; the caller frees. */
static struct candidate *rank_all(const struct task *t, int64_t *n)
{
	struct candidate *list;

	*n = 0;
	for (int i = 0; i < t->groups.n; i++)
		*n += t->chosen[i] ? t->groups.group[i].n : 0;
	list = rt_alloc((size_t)*n, sizeof(*list));
	*n = 0;
	for (int i = 0; i < t->groups.n; i++)
		for (int c = 0; t->chosen[i] && c < t->groups.group[i].n; c++)
			list[(*n)++] = (struct candidate){t->value[i][c], i, c};
	qsort(list, (size_t)*n, sizeof(*list), by_score);
	return list;
}

/* want[i]: how many channels of group i the options ask for, before limits. */
static void share_out(const struct task *t, const struct candidate *list, int64_t n, int64_t *want)
{
	int64_t left = llround(rt_prune_amount(t->opts) * (double)n);

	for (int i = 0; i < t->groups.n && t->opts->scope == RT_SCOPE_LOCAL; i++)
		want[i] = llround(rt_prune_amount(t->opts) * (double)t->groups.group[i].n);
	for (int64_t k = 0; k < n && left > 0 && t->opts->scope == RT_SCOPE_GLOBAL; k++) {
		int64_t *w = &want[list[k].group];

		if (*w + 1 < t->groups.group[list[k].group].n) {
			++*w;
			left--;
		}
	}
}

static void choose(struct task *t, enum rt_prune_how how, struct rt_prune_report *report)
{
	int64_t n, *want = rt_alloc((size_t)t->groups.n, sizeof(*want));
	struct candidate *list = rank_all(t, &n);

	share_out(t, list, n, want);
	for (int i = 0; i < t->groups.n; i++)
		want[i] = may_go(t->opts, t->groups.group[i].n, want[i]);
	for (int64_t k = 0; k < n; k++) {
		const struct rt_group *group = &t->groups.group[list[k].group];

		if (want[list[k].group]-- > 0)
			t->gone[group->channel[list[k].channel]] = true;
	}
	for (int i = 0; i < t->groups.n; i++) {
		const struct rt_group *group = &t->groups.group[i];
		struct rt_pruned *row = &report->row[report->n];

		if (!t->chosen[i])
			continue;
		report->n++;
		*row = (struct rt_pruned){.name = rt_strdup(group->name), .total = group->n,
					  .before = t->dead[i]};
		for (int c = 0; c < group->n; c++)
			row->pruned += t->gone[group->channel[c]] ||
				       (how == RT_PRUNE_MASK && isinf(t->value[i][c]));
	}
	free(list);
	free(want);
}

/* --- masking ------------------------------------------------------------------------------ */

/* Masks what lies at a removed index along axis d. */
static void mask_axis(const struct task *t, unsigned char *mask, const struct rt_param *p, int d)
{
	const struct rt_shape *s = &p->data.shape;
	int64_t before = rt_shape_span(s, 0, d), behind = rt_shape_span(s, d + 1, s->rank);

	for (int64_t i = 0; i < s->dim[d]; i++) {
		if (!t->gone[rt_axes_slot(&t->groups.axes, p->value, d, i)])
			continue;
		for (int64_t a = 0; a < before; a++)
			memset(mask + (a * s->dim[d] + i) * behind, 0, (size_t)behind);
	}
}

static bool is_cut(const struct task *t, int v, int d)
{
	struct rt_cut cut = {&t->groups.axes, t->gone};

	return rt_cut_size(&cut, v, d) != rt_axes_size(&t->groups.axes, v, d);
}

static enum rt_status mask_channels(struct task *t, struct rt_err *err)
{
	for (int i = 0; i < t->g->nparams; i++) {
		struct rt_param *p = &t->g->params[i];
		unsigned char *mask;

		for (int d = 0; t->groups.axes.zeroed[p->value] && d < p->data.shape.rank; d++) {
			if (!is_cut(t, p->value, d))
				continue;
			RT_TRY(rt_param_mask(&mask, p, err));
			mask_axis(t, mask, p, d);
		}
	}
	return rt_graph_apply_masks(t->g, err);
}

/* --- removing ----------------------------------------------------------------------------- */

/* Drops the removed indices of axis d of the parameter behind v from t. */
static enum rt_status cut_axis(const struct task *task, struct rt_tensor *t, int v, int d,
			       struct rt_err *err)
{
	struct rt_cut cut = {&task->groups.axes, task->gone};
	struct rt_shape shape = t->shape;
	size_t behind = (size_t)rt_shape_span(&shape, d + 1, shape.rank) * rt_dtype(t->dtype)->size;
	int64_t before = rt_shape_span(&shape, 0, d), along = shape.dim[d];
	const unsigned char *from = rt_tensor_data(t);
	struct rt_tensor less;
	void *bytes;
	unsigned char *to;

	shape.dim[d] = rt_cut_size(&cut, v, d);
	RT_TRY(rt_tensor_new(&less, t->dtype, &shape, err));
	RT_TRY(rt_tensor_write(&bytes, &less, err));
	to = bytes;
	for (int64_t a = 0; a < before; a++) {
		for (int64_t i = 0; i < along; i++) {
			if (task->gone[rt_axes_slot(&task->groups.axes, v, d, i)])
				continue;
			memcpy(to, from + (size_t)(a * along + i) * behind, behind);
			to += behind;
		}
	}
	rt_tensor_release(t);
	*t = less;
	return RT_OK;
}

static enum rt_status remove_channels(struct task *t, struct rt_prune_report *report,
				      struct rt_err *err)
{
	struct rt_cut cut = {&t->groups.axes, t->gone};

	for (int i = 0; i < t->g->nparams; i++) {
		struct rt_param *p = &t->g->params[i];
		bool changed = false;

		for (int d = 0; d < p->data.shape.rank; d++) {
			if (!is_cut(t, p->value, d))
				continue;
			changed = true;
			RT_TRY(cut_axis(t, &p->data, p->value, d, err));
			if (p->mask.storage)
				RT_TRY(cut_axis(t, &p->mask, p->value, d, err));
		}
		if (changed)
			rt_strings_add(&report->reshaped, t->g->values[p->value].name);
	}
	for (int i = 0; i < t->g->nnodes; i++)
		RT_TRY(rt_rule_fix(t->g, i, &cut, err));
	return RT_OK;
}

/* --- the whole ---------------------------------------------------------------------------- */

/* Why a layer's channels must stay, or NULL when some of them may go. */
static const struct rt_hold *hold_of(const struct rt_axes *a, const struct rt_weight *w)
{
	int64_t n = rt_axes_size(a, w->value, w->axis);
	const struct rt_hold *hold = NULL;

	for (int64_t i = 0; i < n; i++) {
		hold = &a->held[rt_axes_slot(a, w->value, w->axis, i)];
		if (!hold->why)
			return NULL;
	}
	return hold;
}

static enum rt_status nothing(const struct task *t, const bool *layers, struct rt_err *err)
{
	struct rt_weight w;

	for (int i = 0; i < t->g->nnodes; i++) {
		const struct rt_hold *hold;

		if (!layers[i] || !rt_weight_find(&w, t->g, i))
			continue;
		hold = hold_of(&t->groups.axes, &w);
		if (!hold || !hold->why)
			continue;
		return rt_fail(err, RT_EINVAL,
			       "no channel can be pruned; those of \"%s\" must stay: %s%s%s",
			       t->g->nodes[i].name, hold->why, hold->node >= 0 ? ", at " : "",
			       hold->node >= 0 ? t->g->nodes[hold->node].name : "");
	}
	return rt_fail(err, RT_EINVAL,
		       "nothing to prune: the model has no Conv, Gemm, MatMul or recurrent layer "
		       "with weights");
}

/* Layers that are meant but make no channel of a chosen group. */
static void tell_left(const struct task *t, const bool *meant, struct rt_prune_report *report)
{
	bool *pruned = rt_alloc((size_t)t->g->nnodes, sizeof(*pruned));
	struct rt_weight w;

	for (int i = 0; i < t->groups.n; i++)
		for (int k = 0; t->chosen[i] && k < t->groups.group[i].nmakers; k++)
			pruned[t->groups.axes.maker[t->groups.group[i].maker[k]].node] = true;
	for (int i = 0; i < t->g->nnodes; i++) {
		const struct rt_hold *hold;
		const char *why;

		if (pruned[i])
			continue;
		hold = meant[i] && rt_weight_find(&w, t->g, i) ? hold_of(&t->groups.axes, &w)
								: NULL;
		why = t->opts->layers.n ? NULL : rt_weight_left(t->g, i);
		if (hold && hold->why)
			rt_prune_leave(report, t->g, i, hold->why,
				       hold->node == i ? -1 : hold->node);
		else if (why)
			rt_prune_leave(report, t->g, i, why, -1);
	}
	free(pruned);
}

/* A group is meant when any of its layers is. */
static enum rt_status choose_groups(struct task *t, struct rt_prune_report *report,
				    struct rt_err *err)
{
	bool *layers = rt_alloc((size_t)t->g->nnodes, sizeof(*layers));
	enum rt_status status = rt_weights_select(layers, t->g, &t->opts->layers, err);
	bool any = false;

	for (int i = 0; i < t->groups.n && status == RT_OK; i++) {
		const struct rt_group *group = &t->groups.group[i];

		for (int k = 0; k < group->nmakers; k++)
			t->chosen[i] =
				t->chosen[i] || layers[t->groups.axes.maker[group->maker[k]].node];
		any = any || t->chosen[i];
	}
	if (status == RT_OK && !any)
		status = nothing(t, layers, err);
	if (status == RT_OK)
		tell_left(t, layers, report);
	free(layers);
	return status;
}

static enum rt_status run(struct task *t, enum rt_prune_how how, struct rt_prune_report *report,
			  struct rt_err *err)
{
	RT_TRY(rt_graph_infer(t->g, err));
	RT_TRY(rt_graph_settle(t->g, err));
	RT_TRY(rt_groups_init(&t->groups, t->g, err));
	t->chosen = rt_alloc((size_t)t->groups.n, sizeof(*t->chosen));
	t->dead = rt_alloc((size_t)t->groups.n, sizeof(*t->dead));
	t->value = rt_alloc((size_t)t->groups.n, sizeof(*t->value));
	t->gone = rt_alloc((size_t)t->groups.axes.nslots, sizeof(*t->gone));
	t->number = rt_alloc((size_t)t->groups.axes.nslots, sizeof(*t->number));
	for (int i = 0; i < t->groups.axes.nslots; i++)
		t->number[i] = -1;
	report->row = rt_alloc((size_t)t->groups.n, sizeof(*report->row));
	RT_TRY(choose_groups(t, report, err));
	for (int i = 0; i < t->groups.n; i++)
		if (t->chosen[i])
			RT_TRY(score_group(t, i, err));
	choose(t, how, report);
	if (how == RT_PRUNE_MASK)
		return mask_channels(t, err);
	RT_TRY(remove_channels(t, report, err));
	rt_graph_compact(t->g);
	return rt_graph_infer(t->g, err);
}

static void release(struct task *t)
{
	for (int i = 0; t->value && i < t->groups.n; i++)
		free(t->value[i]);
	free(t->value);
	free(t->chosen);
	free(t->dead);
	free(t->gone);
	free(t->number);
	rt_groups_release(&t->groups);
	rt_graph_free(t->g);
}

enum rt_status rt_prune_channels(struct rt_graph *g, enum rt_prune_how how,
				 const struct rt_prune *opts, const struct rt_rng *rng,
				 struct rt_prune_report *report, struct rt_err *err)
{
	struct rt_prune_report own = {0};
	struct task t = {.opts = opts, .rng = rng};
	enum rt_status status;

	RT_TRY(rt_prune_check(&t.score, g, opts, err));
	if (strcmp(opts->pattern, "free") != 0)
		return rt_fail(err, RT_EINVAL, "-pattern %s masks weights; with -structured yes "
			       "whole channels go: give one of the two", opts->pattern);
	t.g = rt_graph_clone(g);
	status = run(&t, how, &own, err);
	if (status == RT_OK) {
		rt_graph_adopt(g, t.g);
		t.g = NULL;
		if (report) {
			*report = own;
			own = (struct rt_prune_report){0};
		}
	}
	release(&t);
	rt_prune_report_release(&own);
	return status;
}
