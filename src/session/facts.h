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

/* One layer; conversions between number formats count as part of the layer they feed. */
struct rt_layer_facts {
	char *name, *output;	/* output: shape of one sample's; owned */
	const char *op;
	int64_t params, nonzero, macs;
	int bits;		/* of the weights; 0 without */
	bool has_weights;
	float lo, hi;		/* smallest and largest weight */
	int64_t bin[RT_FACTS_BINS];	/* weights by value from lo to hi, pruned ones left out */
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

/* Facts about m, tested on d where it fits (d may be NULL); those in `known` are given back, with
 * one more reference, while nothing has changed.  Errors: RT_ECANCELLED, RT_ENOMEM, plans'. */
enum rt_status rt_model_facts_take(struct rt_model_facts **out, const struct rt_model *m,
				   const struct rt_data *d, struct rt_model_facts *known,
				   struct rt_err *err);
void rt_model_facts_unref(struct rt_model_facts *f);

#endif
