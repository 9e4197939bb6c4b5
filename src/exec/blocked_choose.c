/* blocked_choose.c - which nodes run on blocks of channels: those that save more time than
 * reordering at the ends of their chain costs.
 *
 * All that can begin inside.  Single nodes come and go while that lowers the total, then chains
 * that do not pay leave as a whole.
 */
#include "config.h"

#include "exec/blocked.h"
#include "base/mem.h"

#include <stdlib.h>

/* --- what it costs ------------------------------------------------------------------------ */

static double border(const struct place *p)
{
	if (p->fixed)
		return 0;
	if (p->made_blocks)
		return p->wanted || p->in_planes > 0 ? p->border : 0;
	return p->in_blocks > 0 ? p->border : 0;
}

/* Adds or takes away what node i says about its values. */
static void count(struct blocked_pass *m, int i, int step)
{
	const struct rt_node *n = &m->g->nodes[i];

	for (int k = 0; k < n->nin; k++) {
		if (n->in[k] < 0)
			continue;
		if (blocked_reads(m, i, k))
			m->place[n->in[k]].in_blocks += step;
		else
			m->place[n->in[k]].in_planes += step;
	}
	for (int k = 0; k < n->nout; k++)
		if (n->out[k] >= 0)
			m->place[n->out[k]].made_blocks =
				k == 0 && m->inside[i] && !m->turn[i].makes_planes;
}

/* Of all that node i touches. */
static double borders(const struct blocked_pass *m, int i)
{
	const struct rt_node *n = &m->g->nodes[i];
	double sum = 0;

	for (int k = 0; k < n->nin + n->nout; k++) {
		const int v = k < n->nin ? n->in[k] : n->out[k - n->nin];
		bool again = false;

		for (int j = 0; j < k && j < n->nin; j++)
			again = again || n->in[j] == v;
		sum += v < 0 || again ? 0 : border(&m->place[v]);
	}
	return sum;
}

static void turn(struct blocked_pass *m, int i)
{
	count(m, i, -1);
	m->inside[i] = !m->inside[i];
	count(m, i, 1);
}

/* What node i saves by being where it is, apart from borders. */
static double gain(const struct blocked_pass *m, int i)
{
	return m->inside[i] ? m->turn[i].gain : 0;
}

/* --- chains ------------------------------------------------------------------------------- */

/* The first node of the chain of node i; up[] leads there. */
static int head(int *up, int i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

/* Nodes that touch the same value in blocks are of one chain; first[v]: one that touches v. */
static void join(int i, int v, int *up, int *first)
{
	if (first[v] < 0)
		first[v] = i;
	else
		up[head(up, i)] = head(up, first[v]);
}

static void find_chains(const struct blocked_pass *m, int *up, int *first)
{
	for (int v = 0; v < m->g->nvalues; v++)
		first[v] = -1;
	for (int i = 0; i < m->g->nnodes; i++)
		up[i] = i;
	for (int i = 0; i < m->g->nnodes; i++) {
		const struct rt_node *n = &m->g->nodes[i];

		for (int k = 0; k < n->nin; k++)
			if (blocked_reads(m, i, k))
				join(i, n->in[k], up, first);
		if (m->inside[i] && m->place[n->out[0]].made_blocks)
			join(i, n->out[0], up, first);
	}
}

/* Whether any chain has left. */
static bool drop_chains(struct blocked_pass *m)
{
	int *up = rt_alloc((size_t)m->g->nnodes, sizeof(*up));
	int *first = rt_alloc((size_t)m->g->nvalues, sizeof(*first));
	double *total = rt_alloc((size_t)m->g->nnodes, sizeof(*total));
	bool any = false;

	find_chains(m, up, first);
	for (int i = 0; i < m->g->nnodes; i++)
		total[head(up, i)] += gain(m, i);
	for (int v = 0; v < m->g->nvalues; v++)
		if (first[v] >= 0)
			total[head(up, first[v])] -= border(&m->place[v]);
	for (int i = 0; i < m->g->nnodes; i++) {
		if (!m->inside[i] || total[head(up, i)] > 0)
			continue;
		turn(m, i);
		any = true;
	}
	free(up);
	free(first);
	free(total);
	return any;
}

/* --- single nodes ------------------------------------------------------------------------- */

/* Turns node i over where that pays. */
static bool try(struct blocked_pass *m, int i)
{
	const double before = gain(m, i) - borders(m, i);

	turn(m, i);
	if (gain(m, i) - borders(m, i) > before)
		return true;
	turn(m, i);
	return false;
}

static bool try_all(struct blocked_pass *m)
{
	bool any = false;

	for (int i = 0; i < m->g->nnodes; i++)
		if (m->turn[i].able && try(m, i))
			any = true;
	return any;
}

bool blocked_choose(struct blocked_pass *m)
{
	for (int i = 0; i < m->g->nnodes; i++) {
		m->inside[i] = m->turn[i].able;
		if (m->live[i])
			count(m, i, 1);
	}
	/* every turn lowers the total, so this ends */
	do
		while (try_all(m))
			;
	while (drop_chains(m));
	for (int i = 0; i < m->g->nnodes; i++)
		if (m->inside[i])
			return true;
	return false;
}
