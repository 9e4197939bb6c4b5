/* explain.h - which inputs made this output: attribution methods as rows.
 *
 * Every method answers the same question (struct rt_question) with the same kind of map (struct
 * rt_attribution).  Models are run as they infer: running statistics, no dropout.
 */
#ifndef RT_EXPLAIN_EXPLAIN_H
#define RT_EXPLAIN_EXPLAIN_H

#include "explain/list.h"
#include "graph/graph.h"
#include "train/data.h"

/* Which number f is explained.  Logit: what goes into the Softmax, LogSoftmax or Sigmoid that
 * ends the model, the output itself where there is none.  Probability: what comes out of it; a
 * model of two or more outputs that ends in logits is given a softmax. */
enum rt_of { RT_OF_LOGIT, RT_OF_PROBABILITY };
extern const char *const rt_of_names[];

/* The option -of for the commands that ask; `at` is the enum's place, an int, in the params
 * struct. */
#define RT_OF_OPT(type, at)                                                                        \
	{"of", "explain the logit or the probability", RT_CHOICE, offsetof(type, at), "logit",     \
	 .choices = rt_of_names}

/* What is asked: why output number `output` is what it is for one sample.  All borrowed. */
struct rt_question {
	struct rt_graph *graph;	/* inferred, with one input; not changed */
	const float *x;		/* the sample as the model sees it (rt_data_fill_x()) */
	struct rt_shape shape;	/* of x without the batch: C x H x W, T x F, or features; the model
				   may take the same numbers under another shape */
	int64_t output;		/* class or regression output, in the graph's first output */
	int of;			/* enum rt_of */
	uint64_t seed;		/* of methods that draw random numbers */
	const struct rt_data *data; /* where x comes from, for mean baselines and for the features
				   that belong to one column; NULL = unknown */
};

/* The answer.  Zero-initialize or let rt_explain() fill it; release after use. */
struct rt_attribution {
	struct rt_shape shape;	/* of map: the sample's; H x W for class activation maps; the
				   layer's (without the batch) where a gradient was given -layer */
	float *map;		/* signed, in units of f (gradients: of f per unit of x); owned */
	double f_x;		/* f of the sample */
	double f_baseline;	/* f of the baseline; NAN for methods without one */
	double gap;		/* sum of map - (f_x - f_baseline) where that should be 0, or NAN */
	char *layer;		/* value that was looked at, or NULL for the input; owned */
	struct rt_shape layer_shape; /* H x W of layer_map */
	float *layer_map;	/* class activation map at the layer's resolution, or NULL; owned */
	char note[256];		/* what was explained and how, for captions: "output 4 before
				   softmax1; layer relu2 7x7, bilinear" */
};

struct rt_explainer {
	struct rt_row row;
	const char *source;	/* the paper or code the formula is from */
	bool of_input;		/* it asks for the gradient of the input; where that holds numbers
				   of words, it is asked about their vectors instead */

	/* Fills *out, which is {0} with f_baseline and gap NAN; leftovers are released by
	 * rt_explain(). */
	enum rt_status (*run)(struct rt_attribution *out, const struct rt_question *q,
			      const void *params, struct rt_err *err);
};

/* All rows of RT_EXPLAINER_LIST. */
extern const struct rt_list rt_explainers;

/* The method of that name, borrowed, or NULL. */
const struct rt_explainer *rt_explainer_find(const char *name);

/* Answers q by method e with its params (NULL = defaults) into *out (overwritten; the caller
 * releases, also after errors, when it is {0}).  The same question and seed give the same bits.
 * Errors: RT_EINVAL (no such output, layer or baseline), RT_ESHAPE (sample and model disagree),
 * RT_EUNSUPPORTED (several inputs; no gradient; no convolution for class activation maps),
 * RT_ENUMERIC (NaN or infinity in sample, f or map), RT_ENOMEM, RT_ECANCELLED. */
enum rt_status rt_explain(struct rt_attribution *out, const struct rt_explainer *e,
			  const struct rt_question *q, const void *params, struct rt_err *err);
void rt_attribution_release(struct rt_attribution *a);

/* The number f itself for q (q->output and q->of as there).  Errors as rt_explain(). */
enum rt_status rt_explain_value(double *f, const struct rt_question *q, struct rt_err *err);

/* The output with the largest logit for the sample of q, the first of equals; q->output does not
 * matter.  A model with one output: 0.  Errors as rt_explain(). */
enum rt_status rt_explain_top(int64_t *output, const struct rt_question *q, struct rt_err *err);

/* The map as one picture: channels (every dimension before the last two) are summed; a table is one
 * row.  Returns h x w numbers that the caller frees. */
float *rt_attribution_plane(const struct rt_attribution *a, int64_t *h, int64_t *w);

/* Resizes h x w to H x W by bilinear interpolation with pixel centres aligned (half-pixel centres,
 * edges repeated; what other programs call align_corners = false).  Returns an array the caller
 * frees. */
float *rt_map_resize(const float *map, int64_t h, int64_t w, int64_t H, int64_t W);

/* The value at which to clip when several maps share one symmetric scale: the given percentile of
 * |value| over all of them, between the two nearest by linear interpolation; the largest |value|
 * where that percentile is 0 (sparse maps).  maps[i] has n[i] numbers; 0 when all are 0. */
float rt_map_clip(const float *const *maps, const int64_t *n, int nmaps, double percentile);
#define RT_MAP_PERCENTILE 99.0

#define RT_EXPLAINER_DECLARE(name) extern const struct rt_explainer rt_explainer_##name;
RT_EXPLAINER_LIST(RT_EXPLAINER_DECLARE)
#undef RT_EXPLAINER_DECLARE

#endif
