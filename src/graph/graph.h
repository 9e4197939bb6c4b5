/* graph.h - the one representation of every model: values, nodes, parameters.
 *
 * Values are numbered 0 .. nvalues-1, nodes 0 .. nnodes-1 in an order in which every value is made
 * before it is used.  A value is an input of the graph, a parameter, or an output of one node.
 * Nodes own their attributes.  Tensors are shared copy-on-write, so cloning a graph is cheap.
 */
#ifndef RT_GRAPH_GRAPH_H
#define RT_GRAPH_GRAPH_H

#include "graph/op.h"

/* A dimension -k means k times the batch size: -1 is the batch itself. */
#define RT_BATCH (-1)

/* A dimension of an input that may have any size, and the rank of a value of which nothing is
 * known: both are found only while running. */
#define RT_OPEN INT64_MIN
#define RT_UNKNOWN_RANK (-1)

struct rt_value {
	char *name;		/* unique in the graph */
	enum rt_dtype dtype;
	struct rt_shape shape;	/* set by rt_graph_infer(); inputs: as declared */
	int producer;		/* node, or -1 for inputs and parameters */
	int param;		/* index into params, or -1 */
};

struct rt_param {
	int value;		/* the value it stands behind */
	struct rt_tensor data;
	struct rt_tensor mask;	/* u8 of the same shape, 0 = pruned; {0} = no mask */
	bool trainable;		/* float parameter that an optimizer may change */
};

/* A graph inside a node (the branch of an If, the body of a Loop).  What it reads of the graph
 * around it are the last ncaptures of its inputs; the node has the same values behind its own
 * inputs. */
struct rt_sub {
	struct rt_graph *graph;
	int ncaptures;
};

struct rt_node {
	char *name;		/* unique in the graph */
	const struct rt_op *op;
	void *attrs;		/* op->row.params_size bytes */
	int nin, nout;
	int *in, *out;		/* values; -1 = optional one left out */
	int nsubs;
	struct rt_sub *subs; /* owned; in the order of op->subgraphs, their captures at the end of
				in[] in the same order */
};

struct rt_graph {
	struct rt_value *values;
	struct rt_node *nodes;
	struct rt_param *params;
	int *inputs, *outputs;	/* values */
	int nvalues, nnodes, nparams, ninputs, noutputs;
	int values_cap, nodes_cap, params_cap;
};

/* An empty graph; rt_graph_free() accepts NULL. */
struct rt_graph *rt_graph_new(void);
void rt_graph_free(struct rt_graph *g);

/* A copy that shares the tensors. */
struct rt_graph *rt_graph_clone(const struct rt_graph *g);

/* Adds an input with a declared shape (RT_BATCH where the batch goes); returns its value.  A name
 * that is taken or NULL is made unique ("x", "x_2"). */
int rt_graph_add_input(struct rt_graph *g, const char *name, enum rt_dtype dtype,
		       const struct rt_shape *shape);

/* The value of the first input; NULL in a graph that makes its results of constants or random
 * numbers alone. */
const struct rt_value *rt_graph_input(const struct rt_graph *g);

/* Adds a parameter; takes *data (leaves {0}).  Returns its value. */
int rt_graph_add_param(struct rt_graph *g, const char *name, struct rt_tensor *data,
		       bool trainable);

/* Adds a node at the end with nout fresh output values; in[] as in rt_node.  attrs is copied (NULL
 * = defaults).  name NULL: made from the op's name in lower case and a number ("conv1").  Returns
 * the node; its output values are g->nodes[n].out[].  Outputs are named as the node (further ones
 * with
 * ".1" ...). */
int rt_graph_add_node(struct rt_graph *g, const struct rt_op *op, const char *name,
		      const void *attrs, int nin, const int *in, int nout);

/* Gives a node its next graph (taken) and the values that it captures. */
void rt_graph_add_sub(struct rt_graph *g, int node, struct rt_graph *sub, int ncaptures,
		      const int *captures);

/* How many of a node's inputs are captures of its graphs. */
int rt_node_captures(const struct rt_node *n);

/* Frees what a node owns; for code that takes nodes out of a graph itself. */
void rt_node_release(struct rt_node *n);

/* Declares value v an output of the graph. */
void rt_graph_add_output(struct rt_graph *g, int v);

/* Index by name, or -1. */
int rt_graph_find_value(const struct rt_graph *g, const char *name);
int rt_graph_find_node(const struct rt_graph *g, const char *name);

/* The parameter behind value v, borrowed, or NULL (also for v = -1). */
struct rt_param *rt_graph_param(const struct rt_graph *g, int v);

/* Gives value v another name, made unique. */
void rt_graph_rename_value(struct rt_graph *g, int v, const char *name);

/* Whether any node reads v or it is an output; how many readers it has. */
int rt_graph_uses(const struct rt_graph *g, int v);

/* Every node input and graph output that is value from becomes value to. */
void rt_graph_replace(struct rt_graph *g, int from, int to);

/* Drops nodes that lead to no output, then values and parameters that nobody uses, and renumbers.
 * Inputs of the graph stay. */
void rt_graph_compact(struct rt_graph *g);

/* Moves nodes so that every value is made before it is used.  Error: RT_EFORMAT (a cycle). */
enum rt_status rt_graph_sort(struct rt_graph *g, struct rt_err *err);

/* Concrete description of every value for one batch size. */
struct rt_inferred {
	int n;			/* = g->nvalues */
	struct rt_arg *value;	/* dtype, shape; data where the values are known before running
				   (parameters, and what follows from shapes and constants) */
	void **owned;		/* memory behind computed constants */
};

/* Runs every op's shape rule with the given batch size (>= 1).  input_shapes: concrete shapes for
 * the graph's inputs in order, or NULL to take the declared ones.  Errors carry the node's name;
 * RT_EUNKNOWN: a shape depends on values that only a run has. */
enum rt_status rt_graph_infer_at(struct rt_inferred *out, const struct rt_graph *g, int64_t batch,
				 const struct rt_shape *input_shapes, struct rt_err *err);

/* The same with the declared shapes, but what only a run can know stays absent (present = false).
 */
enum rt_status rt_graph_infer_open(struct rt_inferred *out, const struct rt_graph *g, int64_t batch,
				   struct rt_err *err);
void rt_inferred_release(struct rt_inferred *inf);

/* Infers at two batch sizes and writes dtype and symbolic shape into every value.  A graph that
 * only works at batch 1 (a fixed batch in the file) is inferred there.  Values whose shape depends
 * on data get RT_UNKNOWN_RANK, or keep a shape that has nothing but RT_OPEN dimensions.  Errors as
 * above, but for RT_EUNKNOWN. */
enum rt_status rt_graph_infer(struct rt_graph *g, struct rt_err *err);

/* Structure is sound: indices in range, order, op arity, unique names.  Error: RT_EFORMAT. */
enum rt_status rt_graph_check(const struct rt_graph *g, struct rt_err *err);

/* What a model costs for one sample (batch 1). */
struct rt_node_cost {
	int64_t macs;		/* multiply-accumulates */
	int64_t params; /* weights first used by this node: trainable ones, and quantized ones */
	int64_t nonzero;	/* of those, how many are not zero */
	int64_t bytes;		/* of all its parameters as stored */
};

/* Fills cost[0 .. nnodes) and *total (may be NULL); nodes whose shapes only a run knows count no
 * multiply-accumulates.  A shared parameter counts once, at its first
 * user.  Errors as rt_graph_infer_at(). */
enum rt_status rt_graph_cost(const struct rt_graph *g, struct rt_node_cost *cost,
			     struct rt_node_cost *total, struct rt_err *err);

/* 64-bit hash of structure, attributes and parameter bytes. */
uint64_t rt_graph_hash(const struct rt_graph *g);

#endif
