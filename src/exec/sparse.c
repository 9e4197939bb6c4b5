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

/* --- convolutions ------------------------------------------------------------------------- */

/* A convolution of the plan. */
struct conv {
	int node;
	int maker[2];		/* whose results it reads and adds: convolutions, -1 = none */
	bool sparse;
	struct rt_sparse_conv attrs;
	struct rt_sparse_times times;
};

/* The geometry of a node that is a convolution without groups: those with groups take about the
 * same time in any order of numbers. */
static bool is_conv(const struct rt_plan *p, const struct rt_node *n, struct rt_fused_conv *attrs,
		    struct rt_conv *g)
{
	struct rt_call c;
	bool is;

	if (n->op != &rt_op_Conv && n->op != &rt_op_fused_conv)
		return false;
	*attrs = (struct rt_fused_conv){.lo = -INFINITY, .hi = INFINITY};
	if (n->op == &rt_op_fused_conv)
		*attrs = *(const struct rt_fused_conv *)n->attrs;
	else
		attrs->conv = attrs_of(p, n);
	rt_call_begin(&c, n, p->value);
	c.attrs = attrs->conv;
	c.nin = 2;
	is = rt_conv_of_call(g, &c) && g->groups == 1;
	rt_call_end(&c);
	return is;
}

/* Whether the zeros of a convolution can be left out at all: fills blocks and times. */
static bool understand(const struct rt_plan *p, const struct rt_node *n, const struct rt_conv *g,
		       struct conv *conv)
{
	const float *w = weights_of(p, n);
	struct rt_sparse_dense d;

	if (!w)
		return false;
	d = rt_sparse_conv_dense(g, w);
	conv->attrs.blocks = rt_sparse_count(&d);
	return rt_sparse_conv_times(&conv->times, g, conv->attrs.blocks);
}

/* The convolution that v comes from, through what keeps the order of its numbers; or -1. */
static int maker_of(const struct rt_plan *p, const int *made, const int *number, int v)
{
	while (v >= 0 && made[v] >= 0) {
		const struct rt_node *n = &p->lowered->nodes[made[v]];

		if (number[made[v]] >= 0)
			return number[made[v]];
		if (p->value[v].shape.rank < 3 || n->nin == 0)
			return -1;
		v = n->in[0];
	}
	return -1;
}

/* Lists the convolutions in the order of nodes; the caller frees. */
static struct conv *list_convs(const struct rt_plan *p, int *n)
{
	const struct rt_graph *g = p->lowered;
	struct conv *list = rt_alloc((size_t)g->nnodes, sizeof(*list));
	int *made = rt_alloc((size_t)g->nvalues, sizeof(int));
	int *number = rt_alloc((size_t)g->nnodes, sizeof(int));

	*n = 0;
	for (int v = 0; v < g->nvalues; v++)
		made[v] = -1;
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *node = &g->nodes[i];
		struct conv *c = &list[*n];
		struct rt_conv shape;

		number[i] = is_conv(p, node, &c->attrs.fused, &shape) ? *n : -1;
		if (number[i] >= 0) {
			c->node = i;
			c->sparse = understand(p, node, &shape, c);
			c->maker[0] = maker_of(p, made, number, node->in[0]);
			c->maker[1] = node->nin > 7 ? maker_of(p, made, number, node->in[7]) : -1;
			++*n;
		}
		for (int k = 0; k < node->nout; k++)
			if (node->out[k] >= 0)
				made[node->out[k]] = i;
	}
	free(made);
	free(number);
	return list;
}

/* What convolution i takes when zeros are left out, with the reordering to and from those around it
 * that are dense. */
static double time_of(const struct conv *list, int n, int i)
{
	const struct conv *c = &list[i];
	bool after = false;
	double time = c->times.sparse;

	if (c->maker[0] >= 0 && !list[c->maker[0]].sparse)
		time += c->times.x;
	if (c->maker[1] >= 0 && !list[c->maker[1]].sparse)
		time += c->times.y;
	for (int j = i + 1; j < n; j++)
		after = after || (!list[j].sparse &&
				  (list[j].maker[0] == i || list[j].maker[1] == i));
	return time + (after ? c->times.y : 0);
}

#define ROUNDS 4

static double gain(const struct conv *list, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		if (list[i].sparse)
			sum += list[i].times.dense - time_of(list, n, i);
	return sum;
}

/* Starts with all that are faster by themselves and changes one after the other while the whole
 * gains by it: a border pays where a chain lies behind it. */
static void choose_convs(struct conv *list, int n)
{
	bool *able = rt_alloc((size_t)n, sizeof(bool)), again = true;
	double best;

	for (int i = 0; i < n; i++)
		able[i] = list[i].sparse = list[i].sparse &&
					   list[i].times.sparse < list[i].times.dense;
	best = gain(list, n);
	for (int round = 0; round < ROUNDS && again; round++) {
		again = false;
		for (int i = 0; i < n; i++) {
			double other;

			if (!able[i])
				continue;
			list[i].sparse = !list[i].sparse;
			other = gain(list, n);
			if (other > best) {
				best = other;
				again = true;
			} else {
				list[i].sparse = !list[i].sparse;
			}
		}
	}
	for (int i = 0; i < n && best <= 0; i++)
		list[i].sparse = false;
	free(able);
}

static void replace_convs(struct rt_plan *p)
{
	int n;
	struct conv *list = list_convs(p, &n);

	choose_convs(list, n);
	for (int i = 0; i < n; i++) {
		struct rt_node *node = &p->lowered->nodes[list[i].node];
		const int inputs = node->op == &rt_op_fused_conv ? node->nin : 3;

		if (list[i].sparse)
			replace(node, step_like(node, &rt_op_sparse_conv, inputs), &list[i].attrs);
	}
	free(list);
}

/* --- products ----------------------------------------------------------------------------- */

/* Whether C of a Gemm is a bias, or nothing. */
static bool is_bias(const struct rt_plan *p, const struct rt_node *n)
{
	const int v = n->nin > 2 ? n->in[2] : -1;

	return v < 0 || (fuse_is_row(&p->value[v].shape, &p->value[n->out[0]].shape) &&
			 rt_attr_real(n, "beta", 1) == 1);
}

/* The bias that node at, the only reader of the product v, adds, when it is a parameter; or -1. */
static int added_bias(const struct rt_plan *p, int v, int at)
{
	const struct rt_node *n = at < 0 ? NULL : &p->lowered->nodes[at];
	int other;

	if (!n || n->op != &rt_op_Add)
		return -1;
	other = n->in[0] == v ? n->in[1] : n->in[0];
	return p->lowered->values[other].param >= 0 &&
	       fuse_is_row(&p->value[other].shape, &p->value[v].shape) ? other : -1;
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
	if (n->op == &rt_op_Gemm && !is_bias(p, n))
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

	replace_convs(p);
	for (int i = 0; i < g->nnodes; i++)
		if (!gone[i] && (g->nodes[i].op == &rt_op_Gemm || g->nodes[i].op == &rt_op_MatMul))
			try_product(p, i, gone);
	fuse_drop(g, gone);
	free(gone);
}
