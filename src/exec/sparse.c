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

static void replace(struct rt_node *n, const struct rt_op *op, const void *attrs, int inputs)
{
	int *in = rt_alloc((size_t)inputs, sizeof(int));
	struct rt_node step = {.op = op, .name = rt_strdup(n->name), .nin = inputs, .in = in,
			       .nout = 1, .out = rt_memdup(n->out, 1, sizeof(int)),
			       .attrs = rt_memdup(attrs, 1, op->row.params_size)};

	for (int k = 0; k < inputs; k++)
		in[k] = k < n->nin ? n->in[k] : -1;
	rt_node_release(n);
	*n = step;
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
		replace(n, &rt_op_sparse_conv, &a, fused ? n->nin : 3);
}

/* Whether C of a Gemm is a bias of so many outputs, or nothing. */
static bool is_bias(const struct rt_plan *p, const struct rt_node *n, int64_t outputs)
{
	const int v = n->nin > 2 ? n->in[2] : -1;
	const struct rt_shape *s = v < 0 ? NULL : &p->value[v].shape;

	return !s || (rt_shape_count(s) == outputs && s->rank > 0 &&
		      s->dim[s->rank - 1] == outputs && rt_attr_real(n, "beta", 1) == 1);
}

static void try_product(const struct rt_plan *p, struct rt_node *n)
{
	const bool gemm = n->op == &rt_op_Gemm;
	const float *w = weights_of(p, n);
	struct rt_sparse_gemm a = {
		.op = n->op, .attrs = attrs_of(p, n), .turned = rt_attr_int(n, "transB", 0),
		.alpha = (float)rt_attr_real(n, "alpha", 1)};
	struct rt_sparse_dense d;

	if (!w || p->value[n->in[1]].shape.rank != 2 || rt_attr_int(n, "transA", 0))
		return;
	d = rt_sparse_gemm_dense(&a, w, &p->value[n->in[1]].shape);
	if (gemm && !is_bias(p, n, d.outputs))
		return;
	a.blocks = rt_sparse_count(&d);
	if (!rt_sparse_gemm_wins(d.outputs, d.inputs, a.blocks)) {
		a.slots = rt_sparse_slots(&d);
		if (!rt_sparse_slots_win(rt_shape_count(&p->value[n->in[0]].shape) / d.inputs,
					 a.slots))
			return;
	}
	replace(n, &rt_op_sparse_gemm, &a, n->nin);
}

void rt_plan_sparse(struct rt_plan *p)
{
	for (int i = 0; i < p->lowered->nnodes; i++) {
		struct rt_node *n = &p->lowered->nodes[i];

		if (n->op == &rt_op_Conv || n->op == &rt_op_fused_conv)
			try_conv(p, n);
		else if (n->op == &rt_op_Gemm || n->op == &rt_op_MatMul)
			try_product(p, n);
	}
}
