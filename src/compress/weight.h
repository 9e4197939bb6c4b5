/* weight.h - the layers of a graph that have weights, and choosing among them by name. */
#ifndef RT_COMPRESS_WEIGHT_H
#define RT_COMPRESS_WEIGHT_H

#include "graph/graph.h"

/* The weight of a Conv, Gemm or MatMul: what is pruned and quantized.  Biases and the parameters of
 * normalizations are none. */
struct rt_weight {
	int node;
	int value;	/* a f32 parameter */
	int axis;	/* of it, along which the outputs (channels) of the layer lie */
	int input;	/* the weight is node input `input`, the data the other one of 0 and 1 */
};

/* Fills *out and returns true when the node is a layer with weights. */
bool rt_weight_find(struct rt_weight *out, const struct rt_graph *g, int node);

/* The weights of all layers in the order of nodes, *n of them; the caller frees. */
struct rt_weight *rt_weights_list(const struct rt_graph *g, int *n);

/* Sets chosen[node] for every layer with weights that one of the names or patterns (as of a shell:
 * "conv*") means, or for all of them when there are no names.  Errors: RT_ENOTFOUND (a name that
 * means no node, with a suggestion), RT_EINVAL (a node without weights). */
enum rt_status rt_weights_select(bool *chosen, const struct rt_graph *g,
				 const struct rt_strings *names, struct rt_err *err);

/* Every number of the tensor (f32) is finite.  Error: RT_ENUMERIC, with the value's name. */
enum rt_status rt_weights_finite(const struct rt_graph *g, int value, struct rt_err *err);

/* The first node of a quantized graph's QuantizeLinear and DequantizeLinear, or -1. */
int rt_graph_find_quantized(const struct rt_graph *g);

/* Lets *g be what *with is and frees the rest: how a change of a copy takes effect all at once. */
void rt_graph_adopt(struct rt_graph *g, struct rt_graph *with);

#endif
