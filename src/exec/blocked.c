/* blocked.c - convolutions of an inference plan and what lies between them become steps on blocks
 * of channels (tensor/blocked.h): values are reordered where a chain begins and ends, and nowhere
 * else.
 *
 * The value that the graph knows is the one in planes wherever somebody reads it so; the one in
 * blocks is then a further value of the plan alone.
 */
#include "config.h"

#include "exec/blocked.h"
#include "base/mem.h"
#include "graph/attr.h"
#include "ops/fused_conv.h"
#include "ops/ops.h"

#include <stdlib.h>

/* --- what there is ------------------------------------------------------------------------ */

static void mark_live(struct blocked_pass *m, const bool *given)
{
	bool *needed = rt_alloc((size_t)m->g->nvalues, sizeof(bool));

	plan_mark_live(m->p, given, needed);
	for (int i = 0; i < m->g->nnodes; i++)
		m->live[i] = plan_has_step(m->p, &m->g->nodes[i], needed);
	free(needed);
}

/* (N,C,H,W) or (N,C,W) in blocks. */
static struct rt_shape in_blocks(const struct rt_shape *s)
{
	return RT_SHAPE(s->dim[0], rt_blocks(s->dim[1]), s->rank == 4 ? s->dim[2] : 1,
			s->dim[s->rank - 1], RT_BLOCK);
}

/* Whole blocks of one position lie as the channels alone do. */
static bool same_either_way(const struct rt_shape *s)
{
	return s->dim[1] % RT_BLOCK == 0 && rt_shape_span(s, 2, s->rank) == 1;
}

static double border(const struct rt_shape *s)
{
	const struct rt_shape blocks = in_blocks(s);

	return same_either_way(s) ? 0 : blocked_time_of_border(rt_shape_count(&blocks));
}

static void find_places(struct blocked_pass *m)
{
	for (int v = 0; v < m->g->nvalues; v++) {
		const struct rt_shape *s = &m->p->value[v].shape;

		m->place[v] = (struct place){
			.planes = *s, .blocks = -1, .wanted = m->p->pinned[v],
			.border = s->rank == 3 || s->rank == 4 ? border(s) : 0,
			.fixed = m->p->constant[v] || m->g->values[v].param >= 0,
		};
	}
}

/* --- the steps ---------------------------------------------------------------------------- */

/* The nodes of the plan to be. */
struct list {
	struct rt_node *node;
	int n, cap;
};

/* v in blocks: itself where nobody reads it in planes. */
static void make_blocks(struct blocked_pass *m, int v)
{
	struct place *p = &m->place[v];
	const struct rt_arg blocks = {.present = true, .dtype = RT_F32,
				      .shape = in_blocks(&p->planes)};

	if (p->made_blocks && !p->wanted && p->in_planes == 0) {
		m->p->value[v].shape = blocks.shape;
		p->blocks = v;
	} else {
		p->blocks = plan_add_value(m->p, &blocks);
	}
}

/* Value `from` in the order of value `to`; name: of the node beside it. */
static void add_border(const struct blocked_pass *m, struct list *list, int v, bool to_blocks,
		       const char *name)
{
	const struct place *p = &m->place[v];
	const int from = to_blocks ? v : p->blocks, to = to_blocks ? p->blocks : v;

	RT_GROW(list->node, list->n, list->cap);
	list->node[list->n++] = (struct rt_node){
		.op = same_either_way(&p->planes) ? &rt_op_blocked_view
		      : to_blocks		  ? &rt_op_to_blocks
						  : &rt_op_to_planes,
		.name = rt_strdup(name), .nin = 1, .nout = 1,
		.in = rt_memdup(&from, 1, sizeof(int)), .out = rt_memdup(&to, 1, sizeof(int)),
	};
}

/* Input k of node i as it reads it, reordered where that has not been done yet. */
static int read(struct blocked_pass *m, struct list *list, int i, int k)
{
	const int v = m->g->nodes[i].in[k];
	struct place *p = v < 0 ? NULL : &m->place[v];
	const bool blocks = p && blocked_reads(m, i, k);

	if (blocks && p->blocks < 0) {
		make_blocks(m, v);
		add_border(m, list, v, true, m->g->nodes[i].name);
	}
	if (p && !blocks && p->made_blocks && !p->reordered) {
		add_border(m, list, v, false, m->g->nodes[i].name);
		p->reordered = true;
	}
	return blocks ? p->blocks : v;
}

/* The step in the place of node n, whose inputs are in order. */
static void take_turn(struct rt_node *n, const struct turn *t)
{
	const bool layer = t->op == &rt_op_blocked_conv, norm = n->op == &rt_op_BatchNormalization;
	struct rt_node step = {.op = t->op, .nin = layer ? RT_BLOCKED_CONV_INS : 1, .nout = 1};

	if (n->op == &rt_op_Concat)
		rt_attr_set_int(n, "axis", 1);
	if (!t->op)
		return;
	step.attrs = rt_memdup(&t->attrs, t->op->row.params_size, 1);
	step.name = rt_strdup(n->name);
	step.in = rt_alloc((size_t)step.nin, sizeof(int));
	step.out = rt_memdup(n->out, 1, sizeof(int));
	for (int k = 0; k < step.nin; k++)
		step.in[k] = -1;
	for (int k = 0; k < n->nin && k < step.nin; k++)
		step.in[norm && k > 0 ? k + 2 : k] = n->in[k];
	rt_node_release(n);
	*n = step;
}

static void rewrite_node(struct blocked_pass *m, struct list *list, int i)
{
	struct rt_node *n = &m->g->nodes[i];
	const int v = n->out[0];

	/* what read() asks about input k it has not seen before */
	for (int k = 0; k < n->nin; k++)
		n->in[k] = read(m, list, i, k);
	if (m->inside[i])
		take_turn(n, &m->turn[i]);
	if (v >= 0 && m->place[v].made_blocks) {
		make_blocks(m, v);
		n->out[0] = m->place[v].blocks;
	}
	RT_GROW(list->node, list->n, list->cap);
	list->node[list->n++] = *n;
	if (v >= 0 && m->place[v].made_blocks && m->place[v].wanted) {
		add_border(m, list, v, false, n->name);
		m->place[v].reordered = true;
	}
}

static void rewrite(struct blocked_pass *m)
{
	struct list list = {0};

	for (int i = 0; i < m->g->nnodes; i++) {
		if (m->live[i])
			rewrite_node(m, &list, i);
		else
			rt_node_release(&m->g->nodes[i]);
	}
	free(m->g->nodes);
	m->g->nodes = list.node;
	m->g->nnodes = list.n;
	m->g->nodes_cap = list.cap;
}

static bool has_conv(const struct rt_graph *g)
{
	for (int i = 0; i < g->nnodes; i++)
		if (g->nodes[i].op == &rt_op_Conv || g->nodes[i].op == &rt_op_fused_conv)
			return true;
	return false;
}

void rt_plan_blocked(struct rt_plan *p, const bool *given)
{
	struct blocked_pass m = {.p = p, .g = p->lowered};
	const size_t nv = (size_t)p->lowered->nvalues, nn = (size_t)p->lowered->nnodes;

	if (!has_conv(p->lowered))
		return;
	m.turn = rt_alloc(nn, sizeof(*m.turn));
	m.place = rt_alloc(nv, sizeof(*m.place));
	m.live = rt_alloc(nn, sizeof(bool));
	m.inside = rt_alloc(nn, sizeof(bool));
	mark_live(&m, given);
	find_places(&m);
	blocked_match(&m);
	if (blocked_choose(&m))
		rewrite(&m);
	free(m.turn);
	free(m.place);
	free(m.live);
	free(m.inside);
}
