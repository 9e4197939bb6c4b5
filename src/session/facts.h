/* facts.h - what there is to know about one model at one moment: score, costs, layers, answers.
 *
 * Facts are made once and never change, so that another thread may read them while the model goes
 * on learning.  References are counted by the thread that owns the session.
 */
#ifndef RT_SESSION_FACTS_H
#define RT_SESSION_FACTS_H

#include "io/model.h"
#include "train/data.h"

enum { RT_FACTS_BINS = 16 };

/* How values are distributed, zeros (what is pruned, or cut off by relu) apart. */
struct rt_spread {
	bool any;		/* there are two different values at least, all finite */
	float lo, hi;		/* smallest and largest */
	int64_t n, zeros;	/* values, and those of them that are 0 */
	int64_t bin[RT_FACTS_BINS];	/* the others by value from lo to hi */
};

/* One layer; conversions between number formats count as part of the layer they feed. */
struct rt_layer_facts {
	char *name, *output;	/* output: shape of one sample's; owned */
	const char *op;
	int64_t params, nonzero, macs;
	int bits;		/* of the weights; 0 without */
	struct rt_spread weights;
	struct rt_spread activations;	/* what it gives for the first test samples */
};

struct rt_model_facts {
	int refs;
	char *name, *origin;
	uint64_t key;		/* of graph, weights and data */
	double score; /* on the test part, as rt_metrics_score(); NAN without data that fits */
	int64_t params, nonzero, macs, bytes, dense_bytes;
	double latency;		/* seconds for one sample */
	int bits;		/* of the weights where all have the same, else 0 */
	struct rt_layer_facts *layer;
	int nlayers;
	float *logits;		/* [n x width] answers to the test part, or NULL */
	int64_t n, width;
	int64_t *confusion;	/* [width x width]: row label, column answer; NULL for regression */
	/* The same model before it was pruned or quantized, one reference; NULL = never was. */
	struct rt_model_facts *before;
};

/* Layers are what people think of: conversions between number formats count as part of the layer
 * that they feed. */
bool rt_is_conversion(const struct rt_node *n);

/* The weight tensor (rank 2 or more) that a node reads, itself or behind a DequantizeLinear;
 * borrowed, NULL without. */
const struct rt_param *rt_layer_weights(const struct rt_graph *g, const struct rt_node *n);

/* Bits of one such weight; 0 without. */
int rt_layer_bits(const struct rt_graph *g, const struct rt_node *n);

/* Cost of layer i with that of the DequantizeLinear nodes that feed it; cost is rt_graph_cost()'s.
 */
struct rt_node_cost rt_layer_cost(const struct rt_graph *g, const struct rt_node_cost *cost, int i);

/* The shape without its batch dimension as text in buf; "?" where it is not known. */
char *rt_sample_shape_text(char *buf, size_t size, const struct rt_shape *s);

/* What the parameters would take as float32, in bytes. */
int64_t rt_dense_bytes(const struct rt_graph *g);

/* Fills out from n values. */
void rt_spread_count(struct rt_spread *out, const float *x, int64_t n);

/* The activations of every layer (in the order of the graph's nodes, conversions left out) on some
 * of the first test samples of d, in one batch that takes little time and memory.  Layers that a
 * plan cannot show stay without.  Errors: RT_ECANCELLED, RT_ENOMEM. */
enum rt_status rt_layers_watch(struct rt_layer_facts *layer, struct rt_graph *g,
			       const struct rt_data *d, struct rt_err *err);

/* Facts about m, tested on d where it fits (d may be NULL); those in `known` are given back, with
 * one more reference, while nothing has changed.  Errors: RT_ECANCELLED, RT_ENOMEM, plans'. */
enum rt_status rt_model_facts_take(struct rt_model_facts **out, const struct rt_model *m,
				   const struct rt_data *d, struct rt_model_facts *known,
				   struct rt_err *err);
void rt_model_facts_unref(struct rt_model_facts *f);

#endif
