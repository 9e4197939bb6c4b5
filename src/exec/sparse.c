/* sparse.c - layers of an inference plan whose weights have enough blocks of zeros, or enough zeros
 * among every four inputs, become steps that leave these out.
 *
 * What counts are the weights as they are when the plan is made, whatever made them so: pruning
 * here or elsewhere.  Plans outlive changes of weights; the steps look again when they pack.
 */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"
#include "graph/attr.h"
#include "graph/call.h"
#include "ops/ops.h"
#include "ops/sparse.h"
#include "tensor/sparse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The weights of the node, input 1, when they are a parameter that is not empty. */
static const float *weights_of(const struct rt_plan *p, const struct rt_node *n)
{
	const struct rt_param *w = rt_graph_param(p->graph, n->in[1]);

	if (!w || w->data.dtype != RT_F32 || rt_tensor_count(&w->data) == 0)
		return NULL;
	return rt_tensor_data(&w->data);
}

/* Attributes of the caller's node, which stay. */
static const void *attrs_of(const struct rt_plan *p, const struct rt_node *n)
{
	return p->graph->nodes[p->graph->values[n->out[0]].producer].attrs;
}

static void replace(struct rt_node *n, struct rt_node step, const void *attrs)
{
	step.attrs = rt_memdup(attrs, 1, step.op->row.params_size);
	rt_node_release(n);
	*n = step;
}

/* A step with the first inputs of n, and what is left out absent. */
static struct rt_node step_like(const struct rt_node *n, const struct rt_op *op, int inputs)
{
	struct rt_node step = {.op = op, .name = rt_strdup(n->name), .nin = inputs, .nout = 1,
			       .in = rt_alloc((size_t)inputs, sizeof(int)),
			       .out = rt_memdup(n->out, 1, sizeof(int))};

	for (int k = 0; k < inputs; k++)
		step.in[k] = k < n->nin ? n->in[k] : -1;
	return step;
}

static void try_conv(const struct rt_plan *p, struct rt_node *n)
{
	const bool fused = n->op == &rt_op_fused_conv;
	const float *w = weights_of(p, n);
	struct rt_sparse_conv a = {.fused = {.lo = -INFINITY, .hi = INFINITY}};
	struct rt_sparse_dense d;
	struct rt_call c;
	struct rt_conv g;
	bool can;

	if (!w)
		return;
	if (fused)
		a.fused = *(const struct rt_fused_conv *)n->attrs;
	else
		a.fused.conv = attrs_of(p, n);
	rt_call_begin(&c, n, p->value);
	c.attrs = a.fused.conv;
	c.nin = 2;
	can = rt_conv_of_call(&g, &c);
	rt_call_end(&c);
	if (!can)
		return;
	d = rt_sparse_conv_dense(&g, w);
	a.blocks = g.groups == 1 ? rt_sparse_count(&d) : INT64_MAX;
	if (rt_sparse_conv_wins(&g, a.blocks))
		replace(n, step_like(n, &rt_op_sparse_conv, fused ? n->nin : 3), &a);
}

/* Whether C of a Gemm is a bias of so many outputs, or nothing. */
static bool is_bias(const struct rt_plan *p, const struct rt_node *n, int64_t outputs)
{
	const int v = n->nin > 2 ? n->in[2] : -1;
	const struct rt_shape *s = v < 0 ? NULL : &p->value[v].shape;

	return !s || (rt_shape_count(s) == outputs && s->rank > 0 &&
		      s->dim[s->rank - 1] == outputs && rt_attr_real(n, "beta", 1) == 1);
}

/* The bias that node at, the only reader of the product v, adds, when it is a parameter; or -1. */
static int added_bias(const struct rt_plan *p, int v, int at)
{
	const struct rt_node *n = at < 0 ? NULL : &p->lowered->nodes[at];
	const struct rt_shape *y = &p->value[v].shape, *s;
	int other;

	if (!n || n->op != &rt_op_Add)
		return -1;
	other = n->in[0] == v ? n->in[1] : n->in[0];
	s = &p->value[other].shape;
	if (p->lowered->values[other].param < 0 || s->rank < 1 || s->rank > y->rank ||
	    s->dim[s->rank - 1] != y->dim[y->rank - 1] || rt_shape_count(s) != s->dim[s->rank - 1])
		return -1;
	return other;
}

/* Puts the product in the place of the last node that it absorbs: an Add of a bias, a clamp. */
static void absorb(const struct rt_plan *p, int i, struct rt_sparse_gemm *a, bool *gone)
{
	struct rt_graph *g = p->lowered;
	struct rt_node step = step_like(&g->nodes[i], &rt_op_sparse_gemm, 3);
	int last = i, next = fuse_only_reader(p, step.out[0]);
	double lo, hi;

	a->lo = -INFINITY;
	a->hi = INFINITY;
	if (step.in[2] < 0 && a->op == &rt_op_MatMul && added_bias(p, step.out[0], next) >= 0) {
		step.in[2] = added_bias(p, step.out[0], next);
		gone[last] = true;
		last = next;
		step.out[0] = g->nodes[last].out[0];
		next = fuse_only_reader(p, step.out[0]);
	}
	if (next >= 0 && fuse_clamps(p, &g->nodes[next], &lo, &hi)) {
		gone[last] = true;
		last = next;
		step.out[0] = g->nodes[last].out[0];
		a->lo = (float)lo;
		a->hi = (float)hi;
	}
	replace(&g->nodes[last], step, a);
}

static void try_product(const struct rt_plan *p, int i, bool *gone)
{
	const struct rt_node *n = &p->lowered->nodes[i];
	const float *w = weights_of(p, n);
	struct rt_sparse_gemm a = {
		.op = n->op, .attrs = attrs_of(p, n), .turned = rt_attr_int(n, "transB", 0),
		.alpha = (float)rt_attr_real(n, "alpha", 1)};
	struct rt_sparse_dense d;

	if (!w || p->value[n->in[1]].shape.rank != 2 || rt_attr_int(n, "transA", 0))
		return;
	d = rt_sparse_gemm_dense(&a, w, &p->value[n->in[1]].shape);
	if (n->op == &rt_op_Gemm && !is_bias(p, n, d.outputs))
		return;
	a.blocks = rt_sparse_count(&d);
	if (!rt_sparse_gemm_wins(d.outputs, d.inputs, a.blocks)) {
		a.slots = rt_sparse_slots(&d);
		if (!rt_sparse_slots_win(rt_shape_count(&p->value[n->in[0]].shape) / d.inputs,
					 a.slots))
			return;
	}
	absorb(p, i, &a, gone);
}

void rt_plan_sparse(struct rt_plan *p)
{
	struct rt_graph *g = p->lowered;
	bool *gone = rt_alloc((size_t)g->nnodes, sizeof(bool));

	for (int i = 0; i < g->nnodes; i++) {
		struct rt_node *n = &g->nodes[i];

		if (gone[i])
			continue;
		if (n->op == &rt_op_Conv || n->op == &rt_op_fused_conv)
			try_conv(p, n);
		else if (n->op == &rt_op_Gemm || n->op == &rt_op_MatMul)
			try_product(p, i, gone);
	}
	fuse_drop(g, gone);
	free(gone);
}
