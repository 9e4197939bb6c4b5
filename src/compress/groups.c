/* groups.c - from tied slots to channels, and from channels to groups.
 *
 * Groups come from refining a partition: all channels start in one cell, and every weight splits
 * each cell into the channels that it makes and those that it does not.
 */
#include "config.h"

#include "compress/groups.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdlib.h>

/* The channels of all makers; number[slot] is -1 where the slot is no representative of one. */
struct channels {
	int n;
	int *slot;
	int *number;
};

static struct channels list_channels(const struct rt_axes *a)
{
	struct channels c = {.number = rt_alloc((size_t)a->nslots, sizeof(int))};
	int cap = 0;

	for (int i = 0; i < a->nslots; i++)
		c.number[i] = -1;
	for (int m = 0; m < a->nmakers; m++) {
		const struct rt_maker *mk = &a->maker[m];

		for (int64_t i = 0; i < rt_axes_size(a, mk->value, mk->axis); i++) {
			int slot = rt_axes_slot(a, mk->value, mk->axis, i);

			if (a->held[slot].why || c.number[slot] >= 0)
				continue;
			c.number[slot] = c.n;
			RT_GROW(c.slot, c.n, cap);
			c.slot[c.n++] = slot;
		}
	}
	return c;
}

/* Splits every cell by whether the maker makes its channels; returns the new number of cells. */
static int refine(const struct rt_axes *a, const struct channels *c, const struct rt_maker *m,
		  int *cell, int ncells)
{
	int *split = rt_alloc((size_t)ncells, sizeof(*split));
	bool *done = rt_alloc((size_t)c->n, sizeof(*done));
	int next = ncells;

	for (int64_t i = 0; i < rt_axes_size(a, m->value, m->axis); i++) {
		int k = c->number[rt_axes_slot(a, m->value, m->axis, i)];

		if (k < 0 || done[k])
			continue;
		done[k] = true;
		if (!split[cell[k]])
			split[cell[k]] = next++;
		cell[k] = split[cell[k]];
	}
	free(split);
	free(done);
	return next;
}

static void add_channels(struct rt_groups *out, const struct channels *c, const int *cell,
			 int ncells)
{
	int *group = rt_alloc((size_t)ncells, sizeof(*group));

	out->group = rt_alloc((size_t)ncells, sizeof(*out->group));
	for (int k = 0; k < c->n; k++) {
		if (!group[cell[k]])
			group[cell[k]] = ++out->n;
		out->group[group[cell[k]] - 1].n++;
	}
	for (int i = 0; i < out->n; i++) {
		out->group[i].channel = rt_alloc((size_t)out->group[i].n, sizeof(int));
		out->group[i].n = 0;
	}
	for (int k = 0; k < c->n; k++) {
		struct rt_group *to = &out->group[group[cell[k]] - 1];

		to->channel[to->n++] = c->slot[k];
	}
	free(group);
}

static bool makes(const struct rt_axes *a, const struct rt_maker *m, int slot)
{
	for (int64_t i = 0; i < rt_axes_size(a, m->value, m->axis); i++)
		if (rt_axes_slot(a, m->value, m->axis, i) == slot)
			return true;
	return false;
}

/* All channels of a group are made by the same weights, so one of them tells. */
static void add_makers(const struct rt_axes *a, struct rt_group *group)
{
	struct rt_str name = {0};

	group->maker = rt_alloc((size_t)a->nmakers, sizeof(int));
	for (int m = 0; m < a->nmakers; m++) {
		int before = group->nmakers ? a->maker[group->maker[group->nmakers - 1]].node : -1;

		if (!makes(a, &a->maker[m], group->channel[0]))
			continue;
		group->maker[group->nmakers++] = m;
		/* a recurrent layer makes its units with two weights */
		if (a->maker[m].node == before)
			continue;
		rt_str_addf(&name, "%s%s", name.len ? " + " : "",
			    a->g->nodes[a->maker[m].node].name);
	}
	group->name = rt_str_take(&name);
}

enum rt_status rt_groups_init(struct rt_groups *out, const struct rt_graph *g, struct rt_err *err)
{
	struct channels c;
	int *cell, ncells = 1;

	*out = (struct rt_groups){0};
	RT_TRY(rt_axes_init(&out->axes, g, err));
	c = list_channels(&out->axes);
	cell = rt_alloc((size_t)c.n, sizeof(*cell));
	for (int m = 0; m < out->axes.nmakers; m++)
		ncells = refine(&out->axes, &c, &out->axes.maker[m], cell, ncells);
	add_channels(out, &c, cell, ncells);
	for (int i = 0; i < out->n; i++)
		add_makers(&out->axes, &out->group[i]);
	free(cell);
	free(c.slot);
	free(c.number);
	return RT_OK;
}

void rt_groups_release(struct rt_groups *groups)
{
	for (int i = 0; i < groups->n; i++) {
		free(groups->group[i].name);
		free(groups->group[i].channel);
		free(groups->group[i].maker);
	}
	free(groups->group);
	rt_axes_release(&groups->axes);
	*groups = (struct rt_groups){0};
}

void rt_group_channels(const struct rt_groups *groups, const struct rt_group *group,
		       const struct rt_maker *m, int *number, int *channel)
{
	const struct rt_axes *a = &groups->axes;

	for (int c = 0; c < group->n; c++)
		number[group->channel[c]] = c;
	for (int64_t i = 0; i < rt_axes_size(a, m->value, m->axis); i++)
		channel[i] = number[rt_axes_slot(a, m->value, m->axis, i)];
	for (int c = 0; c < group->n; c++)
		number[group->channel[c]] = -1;
}
