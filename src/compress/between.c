/* between.c - what lies between quantized layers and should be whole numbers, too. */
#include "config.h"

#include "compress/between.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <stdlib.h>

/* Whether the result follows from whole numbers alone and is worth quantizing. */
static bool comes_whole(const struct rt_graph *g, const struct rt_node *n, const bool *whole)
{
	if (n->op == &rt_op_Relu || n->op == &rt_op_Clip || n->op == &rt_op_MaxPool)
		return whole[n->in[0]];
	return n->op == &rt_op_Add && whole[n->in[0]] && whole[n->in[1]] &&
	       rt_shape_equal(&g->values[n->in[0]].shape, &g->values[n->in[1]].shape);
}

struct rt_spot *rt_quantize_spots(const struct rt_graph *g, const struct rt_weight *layer, int n,
				  int *count)
{
	struct rt_spot *spot = rt_alloc((size_t)(n + 2 * g->nnodes), sizeof(*spot));
	bool *whole = rt_alloc((size_t)g->nvalues, sizeof(*whole));

	*count = n;
	for (int i = 0; i < n; i++) {
		spot[i] = (struct rt_spot){layer[i].node, layer[i].data};
		if (g->nodes[layer[i].node].op == &rt_op_Conv)
			whole[g->nodes[layer[i].node].out[0]] = true;
	}
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *node = &g->nodes[i];

		if (node->op == &rt_op_GlobalAveragePool && whole[node->in[0]])
			spot[(*count)++] = (struct rt_spot){i, 0};
		if (!comes_whole(g, node, whole))
			continue;
		whole[node->out[0]] = true;
		for (int k = 0; node->op == &rt_op_Add && k < 2; k++)
			spot[(*count)++] = (struct rt_spot){i, k};
	}
	free(whole);
	return spot;
}
