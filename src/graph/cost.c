/* cost.c - what a model costs: multiply-accumulates, parameters, bytes. */
#include "config.h"

#include "graph/graph.h"
#include "base/mem.h"

#include <stdlib.h>

static int64_t count_nonzero(const struct rt_tensor *t)
{
	int64_t n = rt_tensor_count(t), nonzero = 0;

	if (t->dtype == RT_F32) {
		const float *p = rt_tensor_data(t);

		for (int64_t i = 0; i < n; i++)
			nonzero += p[i] != 0;
		return nonzero;
	}
	for (int64_t i = 0; i < n; i++)
		nonzero += rt_tensor_get(t, i) != 0;
	return nonzero;
}

/* Weights, as people count them: what training may change, and bytes in the place of weights that
 * were quantized.  Shapes, scales, zero points and running statistics are not. */
static bool is_weight(const struct rt_param *p)
{
	bool byte = p->data.dtype == RT_I8 || p->data.dtype == RT_U8;

	return p->trainable || (byte && p->data.shape.rank >= 2);
}

/* Adds the parameters that node uses first. */
static void add_params(const struct rt_graph *g, const struct rt_node *node, bool *seen,
		       struct rt_node_cost *cost)
{
	for (int k = 0; k < node->nin; k++) {
		const struct rt_param *p = rt_graph_param(g, node->in[k]);

		if (!p || seen[p - g->params])
			continue;
		seen[p - g->params] = true;
		cost->bytes += (int64_t)rt_tensor_bytes(&p->data);
		if (!is_weight(p))
			continue;
		cost->params += rt_tensor_count(&p->data);
		cost->nonzero += count_nonzero(&p->data);
	}
}

static int64_t node_macs(const struct rt_inferred *inf, const struct rt_node *node)
{
	struct rt_arg *args = rt_alloc((size_t)(node->nin + node->nout), sizeof(*args));
	struct rt_call c = {.attrs = node->attrs, .nin = node->nin, .nout = node->nout,
			    .in = args, .out = args + node->nin, .purpose = RT_INFER};
	struct rt_cost cost = {0};
	bool known = true;

	for (int i = 0; i < node->nin; i++)
		if (node->in[i] >= 0)
			c.in[i] = inf->value[node->in[i]];
	for (int i = 0; i < node->nout; i++)
		if (node->out[i] >= 0) {
			c.out[i] = inf->value[node->out[i]];
			known = known && c.out[i].present;
		}
	if (known && node->op->cost)
		node->op->cost(&c, &cost);
	free(args);
	return cost.macs;
}

enum rt_status rt_graph_cost(const struct rt_graph *g, struct rt_node_cost *cost,
			     struct rt_node_cost *total, struct rt_err *err)
{
	struct rt_node_cost sum = {0};
	struct rt_inferred inf;
	bool *seen;

	RT_TRY(rt_graph_infer_open(&inf, g, 1, err));
	seen = rt_alloc((size_t)g->nparams, sizeof(bool));
	for (int i = 0; i < g->nnodes; i++) {
		cost[i] = (struct rt_node_cost){.macs = node_macs(&inf, &g->nodes[i])};
		add_params(g, &g->nodes[i], seen, &cost[i]);
		sum.macs += cost[i].macs;
		sum.params += cost[i].params;
		sum.nonzero += cost[i].nonzero;
		sum.bytes += cost[i].bytes;
	}
	if (total)
		*total = sum;
	free(seen);
	rt_inferred_release(&inf);
	return RT_OK;
}
