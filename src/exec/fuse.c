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

bool fuse_is_known(const struct rt_plan *p, const struct rt_node *n)
{
	for (int i = 0; i < n->nout; i++)
		if (n->out[i] >= 0 && !p->known[n->out[i]])
			return false;
	return true;
}

int fuse_only_reader(const struct rt_plan *p, int v)
{
	const struct rt_graph *g = p->lowered;
	int reader = -1;

	if (p->pinned[v] || p->keep_grad[v])
		return -1;
	for (int i = 0; i < g->nnodes; i++) {
		for (int k = 0; k < g->nodes[i].nin; k++) {
			if (g->nodes[i].in[k] != v || fuse_is_known(p, &g->nodes[i]))
				continue;
			if (reader >= 0)
				return -1;
			reader = i;
		}
	}
	return reader;
}

bool fuse_is_row(const struct rt_shape *v, const struct rt_shape *y)
{
	return v->rank > 0 && v->rank <= y->rank && y->rank > 0 &&
	       v->dim[v->rank - 1] == y->dim[y->rank - 1] &&
	       rt_shape_count(v) == y->dim[y->rank - 1];
}

bool fuse_number(const struct rt_plan *p, int v, double *out)
{
	const struct rt_param *param = rt_graph_param(p->graph, v);
	const struct rt_arg *a = &p->value[v];

	if (rt_shape_count(&a->shape) != 1 || p->keep_grad[v])
		return false;
	if (p->known[v])
		rt_convert(out, RT_F64, p->constant[v], a->dtype, 1);
	else if (param && !param->trainable)
		*out = rt_tensor_get(&param->data, 0);
	else
		return false;
	return true;
}

/* The bound that input k of a Clip sets, fallback when it is left out; false when it is not
 * known. */
static bool bound(const struct rt_plan *p, const struct rt_node *n, int k, double fallback,
		  double *out)
{
	int v = k < n->nin ? n->in[k] : -1;

	*out = fallback;
	return v < 0 || (p->value[v].dtype == RT_F32 && fuse_number(p, v, out));
}

bool fuse_clamps(const struct rt_plan *p, const struct rt_node *n, double *lo, double *hi)
{
	*lo = 0;
	*hi = INFINITY;
	if (n->op == &rt_op_Relu)
		return true;
	return n->op == &rt_op_Clip && bound(p, n, 1, -INFINITY, lo) &&
	       bound(p, n, 2, INFINITY, hi);
}

bool fuse_scales(const struct rt_plan *p, const struct rt_node *n, int v, double *factor)
{
	const bool divides = n->op == &rt_op_Div;
	int other;

	if ((!divides && n->op != &rt_op_Mul) || (divides && n->in[0] != v))
		return false;
	other = n->in[0] == v ? n->in[1] : n->in[0];
	if (other == v || !fuse_number(p, other, factor) ||
	    !rt_shape_equal(&p->value[v].shape, &p->value[n->out[0]].shape))
		return false;
	*factor = divides ? 1 / *factor : *factor;
	return isfinite(*factor);
}

int fuse_addend(const struct rt_plan *p, const struct rt_node *n, int v)
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
	double lo, hi;
	int next = fuse_only_reader(p, g->nodes[conv].out[0]);

	if (next >= 0 && g->nodes[next].op == &rt_op_BatchNormalization &&
	    g->nodes[next].in[0] == g->nodes[conv].out[0]) {
		c.bn = next;
		next = fuse_only_reader(p, g->nodes[next].out[0]);
	}
	if (next >= 0 &&
	    fuse_addend(p, &g->nodes[next], g->nodes[c.bn >= 0 ? c.bn : conv].out[0]) >= 0) {
		c.add = next;
		next = fuse_only_reader(p, g->nodes[next].out[0]);
	}
	if (next >= 0 && fuse_clamps(p, &g->nodes[next], &lo, &hi)) {
		c.act = next;
		c.lo = lo;
		c.hi = hi;
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

	/* those of the caller's node stay */
	*attrs = (struct rt_fused_conv){
		.conv = p->graph->nodes[p->graph->values[conv->out[0]].producer].attrs,
		.lo = c->lo, .hi = c->hi};
	for (int k = 0; k < 3; k++)
		in[k] = k < conv->nin ? conv->in[k] : -1;
	for (int k = 1; k < 5; k++)
		in[2 + k] = bn ? bn->in[k] : -1;
	in[7] = add ? fuse_addend(p, add, (bn ? bn : conv)->out[0]) : -1;
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

void fuse_drop(struct rt_graph *g, const bool *gone)
{
	int kept = 0;

	for (int i = 0; i < g->nnodes; i++) {
		if (gone[i])
			rt_node_release(&g->nodes[i]);
		else
			g->nodes[kept++] = g->nodes[i];
	}
	g->nnodes = kept;
}

void rt_fuse(struct rt_plan *p)
{
	struct rt_graph *g = p->lowered;
	bool *gone = rt_alloc((size_t)g->nnodes, sizeof(bool));

	for (int i = 0; i < g->nnodes; i++) {
		struct chain c;

		if (g->nodes[i].op != &rt_op_Conv)
			continue;
		c = find_chain(p, i);
		if (c.bn >= 0 || c.add >= 0 || c.act >= 0)
			apply(p, &c, gone);
	}
	fuse_drop(g, gone);
	free(gone);
}
