/* gradients.c - whose gradient lies where: shared with the value's only reader or in the place of
 * the reader's result, written by the first step that contributes to it, or cleared before that
 * step. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"

#include <stdlib.h>

static bool is_param(const struct rt_plan *p, int v)
{
	return p->lowered->values[v].param >= 0;
}

/* Seeded or read by the caller: a gradient of its own, through all of backward. */
static bool is_whole(const struct rt_plan *p, int v)
{
	return p->seedable[v] || p->keep_grad[v];
}

static bool bit(unsigned mask, int i)
{
	return i < 32 && mask >> i & 1;
}

/* How often v is an input of n. */
static int occurrences(const struct rt_node *n, int v)
{
	int count = 0;

	for (int i = 0; i < n->nin; i++)
		count += n->in[i] == v;
	return count;
}

/* readers[v]: how many inputs of steps contribute to the gradient of v. */
static void count_readers(const struct rt_plan *p, int *readers)
{
	for (int s = 0; s < p->nsteps; s++) {
		const struct rt_node *n = p->steps[s].node;

		for (int i = 0; p->steps[s].backward && i < n->nin; i++)
			if (n->in[i] >= 0)
				readers[n->in[i]]++;
	}
}

/* Whether input i of the step gets the gradient of its output as it is, and from nobody else. */
static bool passes(const struct rt_plan *p, const struct step *st, int i, const int *readers)
{
	const struct rt_op *op = st->node->op;
	int v = st->node->in[i], y = st->node->out[0];

	return bit(op->bwd_pass | (op->flags & RT_OP_VIEW ? 1 : 0), i) && v >= 0 &&
	       p->wants_grad[v] && p->wants_grad[y] && st->node->nout == 1 && readers[v] == 1 &&
	       !is_whole(p, v) && !is_param(p, v) &&
	       rt_shape_count(&p->value[v].shape) == rt_shape_count(&p->value[y].shape);
}

/* Marks what a step passes on; it has nothing left to do when that is all. */
static void pass(struct rt_plan *p, struct step *st, const int *readers)
{
	const struct rt_node *n = st->node;
	bool left = false;

	for (int i = 0; i < n->nin; i++) {
		if (n->in[i] < 0 || !p->wants_grad[n->in[i]])
			continue;
		if (passes(p, st, i, readers)) {
			st->passed |= 1u << i;
			p->grad_root[n->in[i]] = p->grad_root[n->out[0]];
		} else {
			left = true;
		}
	}
	st->backward = left;
}

/* The step is the first to contribute to the gradient of its input i. */
static void begin(struct rt_plan *p, struct step *st, int i)
{
	const struct rt_node *n = st->node;
	int v = n->in[i];
	/* an op adds twice to what it is given twice, and may skip outputs without gradient */
	bool sets = bit(n->op->bwd_sets, i) && n->nout == 1 && occurrences(n, v) == 1;

	if (sets && is_param(p, v)) {
		st->first |= 1u << i;
	} else if (sets) {
		st->fresh |= 1u << i;
	} else {
		st->zero = rt_realloc(st->zero, (size_t)st->nzero + 1, sizeof(int));
		st->zero[st->nzero++] = v;
	}
}

/* Whether anything goes back from the gradient that lies at root after step s has. */
static bool is_read_later(const struct rt_plan *p, int root, int s)
{
	for (int v = 0; v < p->lowered->nvalues; v++)
		if (p->grad_root[v] == root && (is_whole(p, v) || p->made_by[v] < s))
			return true;
	return false;
}

/* Lets the gradient of one input take the place of the output's, when nobody needs that after step
 * s and nobody else contributes. */
static void replace(struct rt_plan *p, int s, const int *readers)
{
	struct step *st = &p->steps[s];
	const struct rt_node *n = st->node;
	const int y = n->out[0];

	for (int i = 0; st->backward && n->nout == 1 && i < n->nin; i++) {
		const int v = n->in[i];

		if (!bit(n->op->bwd_place & st->fresh, i) || readers[v] != 1 ||
		    rt_shape_count(&p->value[v].shape) != rt_shape_count(&p->value[y].shape) ||
		    is_read_later(p, p->grad_root[y], s))
			continue;
		p->grad_root[v] = p->grad_root[y];
		return;
	}
}

void gradients_share(struct rt_plan *p)
{
	const size_t nv = (size_t)p->lowered->nvalues;
	int *readers = rt_alloc(nv, sizeof(int));
	bool *begun = rt_alloc(nv, sizeof(bool));

	for (int v = 0; v < p->lowered->nvalues; v++)
		p->grad_root[v] = v;
	count_readers(p, readers);
	for (int s = p->nsteps - 1; s >= 0; s--) {
		struct step *st = &p->steps[s];

		if (st->backward)
			pass(p, st, readers);
		for (int i = 0; st->backward && i < st->node->nin; i++) {
			int v = st->node->in[i];

			if (v < 0 || !p->wants_grad[v] || begun[v] || bit(st->passed, i) ||
			    is_whole(p, v))
				continue;
			begun[v] = true;
			begin(p, st, i);
		}
		replace(p, s, readers);
		st->call.spend = st->node->op->flags & RT_OP_SPENDS &&
				 !is_read_later(p, p->grad_root[st->node->out[0]], s);
	}
	free(readers);
	free(begun);
}

/* A gradient lives from the first step (in backward order) that adds to it to the backward of the
 * step that made its value, or the last of those who share it; one that can be seeded or read lives
 * through all of backward. */
void gradients_place(struct rt_plan *p)
{
	const size_t nv = (size_t)p->lowered->nvalues;
	int *first = rt_alloc(nv, sizeof(int)), *last = rt_alloc(nv, sizeof(int));
	const int end = 2 * p->nsteps;

	for (int s = p->nsteps - 1; s >= 0; s--) {
		const struct rt_node *n = p->steps[s].node;

		for (int i = 0; p->steps[s].backward && i < n->nin; i++)
			if (n->in[i] >= 0 && !first[n->in[i]])
				first[n->in[i]] = backward_time(p, s);
	}
	for (int v = 0; v < p->lowered->nvalues; v++) {
		int root = p->grad_root[v];
		int until = is_whole(p, v) || p->made_by[v] < 0 ? end
								: backward_time(p, p->made_by[v]);

		if (p->wants_grad[v] && until > last[root])
			last[root] = until;
	}
	for (int v = 0; v < p->lowered->nvalues; v++) {
		bool whole = is_whole(p, v);

		if (!p->wants_grad[v] || is_param(p, v) || p->grad_root[v] != v ||
		    (!whole && !first[v]))
			continue;
		rt_arena_add(&p->arena, whole ? p->nsteps : first[v], last[v],
			     (size_t)rt_shape_count(&p->value[v].shape) * sizeof(float),
			     (void **)&p->value[v].grad);
	}
	free(first);
	free(last);
}
