/* fuse_pool.c - a MaxPool of 2 by 2 becomes part of the convolution before it, in an inference
 * plan. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"
#include "graph/call.h"
#include "ops/conv.h"
#include "ops/fused_conv.h"
#include "ops/max_pool.h"
#include "ops/ops.h"

#include <math.h>
#include <stdlib.h>

/* The attributes that the step needs; false where n is no convolution, or one of which something
 * is added to. */
static bool attrs_of(const struct rt_plan *p, const struct rt_node *n, struct rt_fused_conv *a)
{
	if (n->op == &rt_op_fused_conv) {
		*a = *(const struct rt_fused_conv *)n->attrs;
		return n->nin < 8 || n->in[7] < 0;
	}
	if (n->op != &rt_op_Conv)
		return false;
	/* those of the caller's node stay */
	*a = (struct rt_fused_conv){
		.conv = p->graph->nodes[p->graph->values[n->out[0]].producer].attrs,
		.lo = -INFINITY, .hi = INFINITY};
	return true;
}

/* Whether the kernel of the convolution can take the maxima of the pool on its way. */
static bool pools(const struct rt_plan *p, const struct rt_node *conv,
		  const struct rt_fused_conv *a, const struct rt_node *pool)
{
	struct rt_call c, q;
	struct rt_conv g;
	struct rt_pool w;
	bool yes;

	if (pool->op != &rt_op_MaxPool || pool->nout > 1)
		return false;
	rt_call_begin(&c, conv, p->value);
	rt_call_begin(&q, pool, p->value);
	c.attrs = a->conv;
	c.nin = 2;
	yes = rt_conv_of_call(&g, &c) && rt_conv_pools(&g) && rt_max_pool_of_call(&w, &q) &&
	      rt_pool_is_fours(&w.win);
	rt_call_end(&c);
	rt_call_end(&q);
	return yes;
}

/* Puts the convolution in the place of the pool. */
static void apply(struct rt_node *conv, const struct rt_fused_conv *a, struct rt_node *pool)
{
	const int inputs = conv->op == &rt_op_fused_conv ? conv->nin : 3;
	int *in = rt_alloc((size_t)inputs, sizeof(int));
	struct rt_node step = {.op = &rt_op_fused_conv, .name = rt_strdup(conv->name),
			       .nin = inputs, .in = in, .nout = 1,
			       .out = rt_memdup(pool->out, 1, sizeof(int)),
			       .attrs = rt_memdup(a, 1, sizeof(*a))};

	for (int k = 0; k < inputs; k++)
		in[k] = k < conv->nin ? conv->in[k] : -1;
	((struct rt_fused_conv *)step.attrs)->pool = true;
	rt_node_release(pool);
	*pool = step;
}

void rt_fuse_pools(struct rt_plan *p)
{
	struct rt_graph *g = p->lowered;
	bool *gone = rt_alloc((size_t)g->nnodes, sizeof(bool));

	for (int i = 0; i < g->nnodes; i++) {
		struct rt_fused_conv a;
		int next;

		if (gone[i] || !attrs_of(p, &g->nodes[i], &a))
			continue;
		next = fuse_only_reader(p, g->nodes[i].out[0]);
		if (next < 0 || !pools(p, &g->nodes[i], &a, &g->nodes[next]))
			continue;
		apply(&g->nodes[i], &a, &g->nodes[next]);
		gone[i] = true;
	}
	fuse_drop(g, gone);
	free(gone);
}
