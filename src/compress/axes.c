/* axes.c - slots, and the classes they are tied into. */
#include "config.h"

#include "compress/axes.h"
#include "compress/rules.h"
#include "base/mem.h"

#include <stdlib.h>

const char rt_split_away[] = "a Reshape folds them into another axis";

#define MOST_SLOTS (1 << 28)

static int axis_of(const struct rt_axes *a, int v, int d)
{
	return d < 0 ? d + a->g->values[v].shape.rank : d;
}

static int64_t size_of(int64_t dim)
{
	return dim > 0 ? dim : dim < RT_BATCH && dim != RT_OPEN ? -dim : 0;
}

int64_t rt_axes_size(const struct rt_axes *a, int v, int d)
{
	return size_of(a->g->values[v].shape.dim[axis_of(a, v, d)]);
}

static int root(const struct rt_axes *a, int slot)
{
	while (a->parent[slot] != slot) {
		a->parent[slot] = a->parent[a->parent[slot]];
		slot = a->parent[slot];
	}
	return slot;
}

static int first_slot(const struct rt_axes *a, int v, int d)
{
	return a->first[v * RT_MAX_RANK + axis_of(a, v, d)];
}

int rt_axes_slot(const struct rt_axes *a, int v, int d, int64_t i)
{
	int first = first_slot(a, v, d);

	return first < 0 ? -1 : root(a, first + (int)i);
}

void rt_axes_tie_one(struct rt_axes *a, int v, int d, int64_t i, int w, int e, int64_t j)
{
	int x = rt_axes_slot(a, v, d, i), y = rt_axes_slot(a, w, e, j);
	int low = x < y ? x : y, high = x < y ? y : x;

	if (low < 0 || low == high)
		return;
	/* the lower slot represents, so that the result does not depend on the order of ties */
	a->parent[high] = low;
	if (!a->held[low].why)
		a->held[low] = a->held[high];
}

void rt_axes_tie(struct rt_axes *a, int v, int d, int w, int e)
{
	int64_t n = rt_axes_size(a, v, d);

	if (first_slot(a, v, d) < 0 && first_slot(a, w, e) < 0)
		return;
	if (n != rt_axes_size(a, w, e)) {
		rt_axes_hold(a, v, d, "two sizes meet that are not the same");
		rt_axes_hold(a, w, e, "two sizes meet that are not the same");
		return;
	}
	for (int64_t i = 0; i < n; i++)
		rt_axes_tie_one(a, v, d, i, w, e, i);
}

void rt_axes_hold(struct rt_axes *a, int v, int d, const char *why)
{
	int64_t n = rt_axes_size(a, v, d);

	for (int64_t i = 0; i < n; i++) {
		int slot = rt_axes_slot(a, v, d, i);

		if (!a->held[slot].why)
			a->held[slot] = (struct rt_hold){why, a->node};
	}
}

void rt_axes_hold_all(struct rt_axes *a, int v, const char *why)
{
	for (int d = 0; d < a->g->values[v].shape.rank; d++)
		rt_axes_hold(a, v, d, why);
}

void rt_axes_add_maker(struct rt_axes *a, int v, int d)
{
	d = axis_of(a, v, d);
	for (int i = 0; i < a->nmakers; i++)
		if (a->maker[i].value == v && a->maker[i].axis == d)
			return;
	RT_GROW(a->maker, a->nmakers, a->makers_cap);
	a->maker[a->nmakers++] = (struct rt_maker){a->node, v, d};
}

int64_t rt_cut_size(const struct rt_cut *cut, int v, int d)
{
	int64_t n = rt_axes_size(cut->axes, v, d), left = 0;

	for (int64_t i = 0; i < n; i++)
		left += !cut->gone[rt_axes_slot(cut->axes, v, d, i)];
	return left;
}

/* Numbers the slots of every axis that is not the batch. */
static enum rt_status number(struct rt_axes *a, struct rt_err *err)
{
	const struct rt_graph *g = a->g;
	int64_t n = 0;

	for (int v = 0; v < g->nvalues; v++) {
		for (int d = 0; d < RT_MAX_RANK; d++) {
			int64_t size = d < g->values[v].shape.rank
					       ? size_of(g->values[v].shape.dim[d])
					       : 0;

			a->first[v * RT_MAX_RANK + d] = size > 0 ? (int)n : -1;
			if (size > MOST_SLOTS - n)
				return rt_fail(err, RT_EUNSUPPORTED,
					       "\"%s\" is too large for the analysis of channels",
					       g->values[v].name);
			n += size > 0 ? size : 0;
		}
	}
	a->nslots = (int)n;
	return RT_OK;
}

bool rt_axes_splits_last(struct rt_axes *a, int w, int d, int last)
{
	struct rt_split split = {.value = w, .axis = axis_of(a, w, d)};

	split.behind = last - split.axis;

	for (int i = 0; i < a->nsplits; i++)
		if (a->split[i].value == split.value && a->split[i].axis == split.axis)
			return a->split[i].last;
	RT_GROW(a->split, a->nsplits, a->splits_cap);
	a->split[a->nsplits++] = split;
	return false;
}

static bool is_held(const struct rt_axes *a, int v, int d)
{
	for (int64_t k = 0; k < rt_axes_size(a, v, d); k++)
		if (!a->held[rt_axes_slot(a, v, d, k)].why)
			return false;
	return true;
}

/* Turns the splits that lead to nothing but held slots for a reason other than a split; or back
 * those whose last axis is held, too.  Returns whether there were any. */
static bool turn(struct rt_axes *a, bool last)
{
	bool any = false;

	for (int i = 0; i < a->nsplits; i++) {
		struct rt_split *s = &a->split[i];
		int axis = s->axis + (last ? 0 : s->behind);
		int64_t n = rt_axes_size(a, s->value, axis);
		bool split = n && a->held[rt_axes_slot(a, s->value, axis, 0)].why == rt_split_away;

		if (s->last == last || (last && (s->turned || split)) ||
		    !is_held(a, s->value, axis))
			continue;
		s->last = last;
		s->turned = any = true;
	}
	return any;
}

static void tie_all(struct rt_axes *a)
{
	const struct rt_graph *g = a->g;

	for (int i = 0; i < a->nslots; i++) {
		a->parent[i] = i;
		a->held[i] = (struct rt_hold){0};
	}
	a->nmakers = 0;
	a->node = -1;
	for (int i = 0; i < g->ninputs; i++)
		rt_axes_hold_all(a, g->inputs[i], "these are inputs of the model");
	for (int i = 0; i < g->noutputs; i++)
		rt_axes_hold_all(a, g->outputs[i], "these are outputs of the model");
	for (a->node = 0; a->node < g->nnodes; a->node++)
		rt_rule_tie(a, &g->nodes[a->node]);
}

enum rt_status rt_axes_init(struct rt_axes *a, const struct rt_graph *g, struct rt_err *err)
{
	*a = (struct rt_axes){.g = g, .node = -1};
	a->first = rt_alloc((size_t)g->nvalues * RT_MAX_RANK, sizeof(*a->first));
	if (number(a, err) != RT_OK) {
		rt_axes_release(a);
		return err->status;
	}
	a->parent = rt_alloc((size_t)a->nslots, sizeof(*a->parent));
	a->held = rt_alloc((size_t)a->nslots, sizeof(*a->held));
	a->zeroed = rt_alloc((size_t)g->nvalues, sizeof(*a->zeroed));
	tie_all(a);
	while (turn(a, true))
		tie_all(a);
	if (turn(a, false))
		tie_all(a);
	return RT_OK;
}

void rt_axes_release(struct rt_axes *a)
{
	free(a->first);
	free(a->parent);
	free(a->held);
	free(a->zeroed);
	free(a->maker);
	free(a->split);
	*a = (struct rt_axes){0};
}
