/* fuse_training.c - what plans that train put together: BatchNormalization, then Add, then Relu or
 * Clip become one step; a Relu before a MaxPool moves behind it. */
#include "config.h"

#include "exec/impl.h"
#include "ops/fused_norm.h"
#include "ops/ops.h"
#include "ops/window.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

/* --- batch normalization ------------------------------------------------------------------ */

/* Puts the fused node in the place of the last one of the chain: all its inputs are made by
 * then. */
static void apply(struct rt_plan *p, int norm, int add, int last, double lo, double hi, bool *gone)
{
	struct rt_graph *g = p->lowered;
	const struct rt_node *bn = &g->nodes[norm];
	struct rt_fused_norm *attrs = rt_alloc(1, sizeof(*attrs));
	int *in = rt_alloc(6, sizeof(int));
	struct rt_node fused = {.op = &rt_op_fused_norm, .attrs = attrs, .nin = add >= 0 ? 6 : 5,
				.in = in, .nout = 1};

	*attrs = (struct rt_fused_norm){p->graph->nodes[norm].attrs, lo, hi};
	for (int k = 0; k < 5; k++)
		in[k] = bn->in[k];
	in[5] = add >= 0 ? fuse_addend(p, &g->nodes[add], bn->out[0]) : -1;
	fused.name = rt_strdup(bn->name);
	fused.out = rt_memdup(g->nodes[last].out, 1, sizeof(int));
	rt_node_release(&g->nodes[last]);
	g->nodes[last] = fused;
	gone[norm] = true;
	if (add >= 0 && add != last)
		gone[add] = true;
}

/* Planes only: in a matrix there is little to save. */
static void fuse_norm(struct rt_plan *p, int norm, bool *gone)
{
	struct rt_graph *g = p->lowered;
	const struct rt_node *bn = &g->nodes[norm];
	int next = fuse_only_reader(p, bn->out[0]), add = -1, act = -1;
	double lo = -INFINITY, hi = INFINITY, low, high;

	if (bn->nout > 1 || p->value[bn->in[0]].shape.rank < 3)
		return;
	if (next >= 0 && fuse_addend(p, &g->nodes[next], bn->out[0]) >= 0 &&
	    fuse_addend(p, &g->nodes[next], bn->out[0]) != bn->in[0]) {
		add = next;
		next = fuse_only_reader(p, g->nodes[next].out[0]);
	}
	if (next >= 0 && fuse_clamps(p, &g->nodes[next], &low, &high)) {
		act = next;
		lo = low;
		hi = high;
	}
	if (add >= 0 || act >= 0)
		apply(p, norm, add, act >= 0 ? act : add, lo, hi, gone);
}

/* --- maxima ------------------------------------------------------------------------------- */

/* Whether every window of the pool holds an element, so that no maximum is that of nothing. */
static bool is_filled(const struct rt_node *pool)
{
	const struct rt_window_attrs *a = pool->attrs;

	for (int i = 0; i < a->dilations.n; i++)
		if (a->dilations.v[i] != 1)
			return false;
	return true;
}

/* max(relu(x)) = relu(max(x)), and the gradient reaches the same element where it is not 0: the
 * Relu then has as many elements less as the pool has in a window. */
static void delay_relu(struct rt_plan *p, int relu)
{
	struct rt_graph *g = p->lowered;
	int inner = g->nodes[relu].out[0], pool = fuse_only_reader(p, inner);
	struct rt_node moved = g->nodes[relu];
	int outer;

	if (pool < 0 || g->nodes[pool].op != &rt_op_MaxPool || g->nodes[pool].nout > 1 ||
	    p->value[inner].dtype != RT_F32 || !is_filled(&g->nodes[pool]))
		return;
	outer = g->nodes[pool].out[0];
	g->nodes[relu] = g->nodes[pool];
	g->nodes[relu].in[0] = moved.in[0];
	g->nodes[relu].out[0] = inner;
	p->value[inner].shape = p->value[outer].shape;
	moved.in[0] = inner;
	moved.out[0] = outer;
	g->nodes[pool] = moved;
}

void rt_fuse_training(struct rt_plan *p)
{
	struct rt_graph *g = p->lowered;
	bool *gone = rt_alloc((size_t)g->nnodes, sizeof(bool));

	for (int i = 0; i < g->nnodes; i++) {
		if (gone[i])
			continue;
		if (g->nodes[i].op == &rt_op_BatchNormalization)
			fuse_norm(p, i, gone);
		else if (g->nodes[i].op == &rt_op_Relu)
			delay_relu(p, i);
	}
	fuse_drop(g, gone);
	free(gone);
}
