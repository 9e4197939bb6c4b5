/* memory.c - who shares memory with whom, and from when to when everything lives. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"

#include <stdlib.h>

static size_t arg_bytes(const struct rt_arg *a)
{
	return (size_t)rt_shape_count(&a->shape) * rt_dtype(a->dtype)->size;
}

/* Whether v's memory belongs to the arena: made by a node, not known beforehand. */
static bool in_arena(const struct rt_plan *p, int v)
{
	return p->made_by[v] >= 0 && !p->constant[v];
}

static void extend(const struct rt_plan *p, int *last, int v, int time)
{
	v = p->root[v];
	if (last[v] < time)
		last[v] = time;
}

static bool reads(unsigned mask, int i)
{
	return mask >> (i < 31 ? i : 31) & 1;
}

/* The time at which each value is needed for the last time; views count for what they show. */
static void last_uses(const struct rt_plan *p, int *last)
{
	int end = 2 * p->nsteps;

	for (int s = 0; s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;

		for (int i = 0; i < n->nin; i++) {
			if (n->in[i] < 0)
				continue;
			extend(p, last, n->in[i], s);
			if (p->steps[s].backward && reads(n->op->bwd_in, i))
				extend(p, last, n->in[i], backward_time(p, s));
		}
		for (int i = 0; i < n->nout; i++) {
			if (n->out[i] < 0)
				continue;
			extend(p, last, n->out[i], s);
			if (p->steps[s].backward && reads(n->op->bwd_out, i))
				extend(p, last, n->out[i], backward_time(p, s));
		}
	}
	for (int v = 0; v < p->lowered->nvalues; v++)
		if (p->pinned[v])
			extend(p, last, v, end);
}

static void share_views(struct rt_plan *p)
{
	for (int v = 0; v < p->lowered->nvalues; v++)
		p->root[v] = v;
	for (int s = 0; s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;

		if (p->steps[s].view)
			p->root[n->out[0]] = p->root[n->in[0]];
	}
}

/* Lets out[0] overwrite in[0] where nobody needs in[0] afterwards. */
static void share_in_place(struct rt_plan *p, int *last)
{
	for (int s = 0; s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;
		int in, out;

		if (!(n->op->flags & RT_OP_INPLACE) || p->steps[s].view)
			continue;
		in = p->root[n->in[0]];
		out = n->out[0];
		if (!in_arena(p, in) || !in_arena(p, out) || last[in] != s || p->root[out] != out ||
		    arg_bytes(&p->value[in]) != arg_bytes(&p->value[out]))
			continue;
		for (int v = 0; v < p->lowered->nvalues; v++)
			if (p->root[v] == out)
				p->root[v] = in;
		if (last[in] < last[out])
			last[in] = last[out];
	}
}

static void add_values(struct rt_plan *p, const int *last)
{
	for (int s = 0; s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;

		for (int i = 0; i < n->nout; i++) {
			int v = n->out[i];

			if (v >= 0 && p->root[v] == v && in_arena(p, v))
				rt_arena_add(&p->arena, s, last[v], arg_bytes(&p->value[v]),
					     &p->value[v].data);
		}
	}
}

/* What forward leaves for backward is kept; work space is one buffer that all steps use in turn. */
static void add_scratch(struct rt_plan *p)
{
	size_t most = 0;

	for (int s = 0; s < p->nsteps; s++) {
		struct step *st = &p->steps[s];
		const struct rt_op *op = st->node->op;
		size_t saved = op->saved_size ? op->saved_size(&st->call) : 0;
		size_t work = op->work_size ? op->work_size(&st->call) : 0;

		rt_arena_add(&p->arena, s, st->backward ? backward_time(p, s) : s, saved,
			     &st->call.saved);
		most = work > most ? work : most;
	}
	rt_arena_add(&p->arena, 0, 2 * p->nsteps, most, &p->work);
}

void rt_plan_memory(struct rt_plan *p)
{
	int *last = rt_alloc((size_t)p->lowered->nvalues, sizeof(int));

	share_views(p);
	last_uses(p, last);
	share_in_place(p, last);
	add_values(p, last);
	add_scratch(p);
	if (p->purpose != RT_INFER)
		gradients_place(p);
	free(last);
}
