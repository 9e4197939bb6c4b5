/* fuse.c - Conv, then BatchNormalization, then Add, then Relu or Clip become one step of an
 * inference plan. */
#include "config.h"

#include "exec/impl.h"
#include "ops/fused_conv.h"
#include "ops/ops.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

/* What one convolution absorbs. */
struct chain {
	int conv, bn, add, act;	/* nodes, -1 = none */
	double lo, hi;
};

/* The only reader of v, when v is not wanted by the caller; else -1. */
static int only_reader(const struct rt_plan *p, int v)
{
	const struct rt_graph *g = p->lowered;
	int reader = -1;

	if (p->pinned[v])
		return -1;
	for (int i = 0; i < g->nnodes; i++) {
		for (int k = 0; k < g->nodes[i].nin; k++) {
			if (g->nodes[i].in[k] != v)
				continue;
			if (reader >= 0)
				return -1;
			reader = i;
		}
	}
	return reader;
}

/* The bound that input k of a Clip sets, fallback when it is left out; false when it is not
 * known. */
static bool bound(const struct rt_plan *p, const struct rt_node *n, int k, double fallback,
		  double *out)
{
	const struct rt_param *param;
	int v = k < n->nin ? n->in[k] : -1;

	*out = fallback;
	if (v < 0)
		return true;
	param = rt_graph_param(p->graph, v);
	if (!param || param->trainable || param->data.dtype != RT_F32)
		return false;
	*out = rt_tensor_get(&param->data, 0);
	return true;
}

static bool clamps(const struct rt_plan *p, const struct rt_node *n, struct chain *c)
{
	c->lo = 0;
	c->hi = INFINITY;
	if (n->op == &rt_op_Relu)
		return true;
	return n->op == &rt_op_Clip && bound(p, n, 1, -INFINITY, &c->lo) &&
	       bound(p, n, 2, INFINITY, &c->hi);
}

/* The other operand of an Add whose operands have the same shape, else -1. */
static int addend(const struct rt_plan *p, const struct rt_node *n, int v)
{
	int other;

	if (n->op != &rt_op_Add)
		return -1;
	other = n->in[0] == v ? n->in[1] : n->in[0];
	if (other == v)
		return -1;
	return rt_shape_equal(&p->value[v].shape, &p->value[other].shape) ? other : -1;
}

static struct chain find_chain(const struct rt_plan *p, int conv)
{
	const struct rt_graph *g = p->lowered;
	struct chain c = {
		.conv = conv, .bn = -1, .add = -1, .act = -1, .lo = -INFINITY, .hi = INFINITY};
	struct chain clamp;
	int next = only_reader(p, g->nodes[conv].out[0]);

	if (next >= 0 && g->nodes[next].op == &rt_op_BatchNormalization &&
	    g->nodes[next].in[0] == g->nodes[conv].out[0]) {
		c.bn = next;
		next = only_reader(p, g->nodes[next].out[0]);
	}
	if (next >= 0 &&
	    addend(p, &g->nodes[next], g->nodes[c.bn >= 0 ? c.bn : conv].out[0]) >= 0) {
		c.add = next;
		next = only_reader(p, g->nodes[next].out[0]);
	}
	if (next >= 0 && clamps(p, &g->nodes[next], &clamp)) {
		c.act = next;
		c.lo = clamp.lo;
		c.hi = clamp.hi;
	}
	return c;
}

/* Puts the fused node in the place of the last one of the chain: all its inputs are made by
 * then. */
static void apply(struct rt_plan *p, const struct chain *c, bool *gone)
{
	struct rt_graph *g = p->lowered;
	const int last = c->act >= 0 ? c->act : c->add >= 0 ? c->add : c->bn;
	const struct rt_node *conv = &g->nodes[c->conv], *bn = c->bn >= 0 ? &g->nodes[c->bn] : NULL;
	const struct rt_node *add = c->add >= 0 ? &g->nodes[c->add] : NULL;
	struct rt_fused_conv *attrs = rt_alloc(1, sizeof(*attrs));
	int *in = rt_alloc(8, sizeof(int));
	struct rt_node fused = {.op = &rt_op_fused_conv,
				.attrs = attrs,
				.nin = add  ? 8
				       : bn ? 7
					    : 3,
				.in = in,
				.nout = 1};

	*attrs = (struct rt_fused_conv){
		.conv = p->graph->nodes[c->conv].attrs, .lo = c->lo, .hi = c->hi};
	for (int k = 0; k < 3; k++)
		in[k] = k < conv->nin ? conv->in[k] : -1;
	for (int k = 1; k < 5; k++)
		in[2 + k] = bn ? bn->in[k] : -1;
	in[7] = add ? addend(p, add, (bn ? bn : conv)->out[0]) : -1;
	if (bn) {
		const struct rt_opt *o = rt_opt_find(&bn->op->row, "epsilon");

		attrs->epsilon = *(const double *)((const char *)bn->attrs + o->offset);
	}
	fused.name = rt_strdup(conv->name);
	fused.out = rt_memdup(g->nodes[last].out, 1, sizeof(int));
	rt_node_release(&g->nodes[last]);
	g->nodes[last] = fused;
	gone[c->conv] = true;
	if (c->bn >= 0 && c->bn != last)
		gone[c->bn] = true;
	if (c->add >= 0 && c->add != last)
		gone[c->add] = true;
}

void rt_fuse(struct rt_plan *p)
{
	struct rt_graph *g = p->lowered;
	bool *gone = rt_alloc((size_t)g->nnodes, sizeof(bool));
	int kept = 0;

	for (int i = 0; i < g->nnodes; i++) {
		struct chain c;

		if (g->nodes[i].op != &rt_op_Conv)
			continue;
		c = find_chain(p, i);
		if (c.bn >= 0 || c.add >= 0 || c.act >= 0)
			apply(p, &c, gone);
	}
	for (int i = 0; i < g->nnodes; i++) {
		if (gone[i])
			rt_node_release(&g->nodes[i]);
		else
			g->nodes[kept++] = g->nodes[i];
	}
	g->nnodes = kept;
	free(gone);
}
