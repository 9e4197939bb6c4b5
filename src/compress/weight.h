/* weight.h - the layers of a graph that have weights, and choosing among them by name. */
#ifndef RT_COMPRESS_WEIGHT_H
#define RT_COMPRESS_WEIGHT_H

#include "graph/graph.h"

/* A weight of a Conv, Gemm or MatMul, of a recurrent layer (two: of the input and of the state), or
 * the table of an embedding: what is pruned and quantized.  Biases and the parameters of
 * normalizations are none. */
struct rt_weight {
	int node;
	int value;	/* a f32 parameter */
	int axis;	/* of it, along which the outputs (channels) of the layer lie */
	int input;	/* the weight is node input `input` */
	int data;	/* the node input it is multiplied with, or -1 */
	bool table;	/* rows are picked, nothing is multiplied */
};
#define RT_NODE_WEIGHTS 2

/* Fills out[0 .. returned number) with the weights of a node; 0: it is no layer with weights. */
int rt_weights_of(struct rt_weight out[RT_NODE_WEIGHTS], const struct rt_graph *g, int node);

/* What to call a weight: its layer, with " state" behind for the second one.  The caller frees. */
char *rt_weight_name(const struct rt_graph *g, const struct rt_weight *w);

/* The first weight of the node: fills *out and returns true when there is one. */
bool rt_weight_find(struct rt_weight *out, const struct rt_graph *g, int node);

/* The weights of all layers in the order of nodes, *n of them; the caller frees. */
struct rt_weight *rt_weights_list(const struct rt_graph *g, int *n);

/* Sets chosen[node] for every layer with weights that one of the names or patterns (as of a shell:
 * "conv*") means, or for all of them but tables when there are no names.  Errors: RT_ENOTFOUND (a
 * name that means no node, with a suggestion), RT_EINVAL (a node without weights). */
enum rt_status rt_weights_select(bool *chosen, const struct rt_graph *g,
				 const struct rt_strings *names, struct rt_err *err);

/* Why node i, which has weights, is none of those that are chosen where no names are given; static
 * text, NULL for all others. */
const char *rt_weight_left(const struct rt_graph *g, int i);

/* Every number of the tensor (f32) is finite.  Error: RT_ENUMERIC, with the value's name. */
enum rt_status rt_weights_finite(const struct rt_graph *g, int value, struct rt_err *err);

/* The first node of a quantized graph's QuantizeLinear and DequantizeLinear, or -1. */
int rt_graph_find_quantized(const struct rt_graph *g);

/* Lets *g be what *with is and frees the rest: how a change of a copy takes effect all at once. */
void rt_graph_adopt(struct rt_graph *g, struct rt_graph *with);

#endif
