/* probe.h - asking a model about many variations of one sample; for the methods of this folder. */
#ifndef RT_EXPLAIN_PROBE_H
#define RT_EXPLAIN_PROBE_H

#include "exec/plan.h"
#include "explain/explain.h"

/* --- the number f ------------------------------------------------------------------------ */

enum rt_link {
	RT_LINK_PLAIN,		/* f = v[c] */
	RT_LINK_SOFTMAX,	/* f = softmax(v)[c] */
	RT_LINK_EXP,		/* f = exp(v[c]) */
};

/* Where in the graph f is read: f is a function of the n numbers v a sample has at `value`. */
struct rt_target {
	int value;
	int64_t n;
	enum rt_link link;
	char note[128];		/* "class 4, before softmax1" */
};

/* Errors: RT_EINVAL (no such output), RT_EUNSUPPORTED (several inputs; not f32; -of probability
 * has no meaning). */
enum rt_status rt_target_find(struct rt_target *t, const struct rt_question *q, struct rt_err *err);

/* How many numbers value v has at batch 1. */
int64_t rt_value_count(const struct rt_graph *g, int v);

/* How many samples the model insists on in one run; 1 where it takes any number. */
int64_t rt_fixed_batch(const struct rt_question *q);

/* Whether value `from` takes part in making value `to`. */
bool rt_value_leads_to(const struct rt_graph *g, int from, int to);

/* --- layers ------------------------------------------------------------------------------ */

/* The value a user means: the name of a value, or of a node, whose first output is meant.  It
 * holds f32 and leads to the target.  Errors: RT_ENOTFOUND with a suggestion, RT_EINVAL,
 * RT_EUNSUPPORTED. */
enum rt_status rt_layer_find(int *value, const struct rt_graph *g, const char *name,
			     const struct rt_target *t, struct rt_err *err);

/* The last value with rows and columns that a convolution leads to and that still has the
 * convolution's resolution: through its normalization, activation and residual sum, not through
 * pooling.  Error: RT_EUNSUPPORTED (the model has none). */
enum rt_status rt_layer_last_conv(int *value, const struct rt_graph *g, const struct rt_target *t,
				  struct rt_err *err);

/* --- running ----------------------------------------------------------------------------- */

/* What is learned of one variation; arrays are borrowed for the length of the call. */
struct rt_probed {
	double f;
	const float *dx;	/* df/dx, as many as the sample has; NULL unless asked for */
	const float *layer;	/* the layer's numbers and df/d(layer); NULL unless asked for */
	const float *dlayer;
};

/* Variations and what becomes of them.  make turns x, which holds the sample, into variation i;
 * it may be NULL (the sample itself).  take is called for i = 0, 1, 2 ... in this order. */
struct rt_variations {
	int64_t n;
	void (*make)(void *ctx, int64_t i, float *x);
	void (*take)(void *ctx, int64_t i, const struct rt_probed *r);
	void *ctx;
};

struct rt_probe {
	const struct rt_question *q;	/* borrowed */
	struct rt_target target;
	struct rt_plan *plan;
	int64_t count;		/* numbers in a sample */
	int64_t batch;		/* samples in one run of the plan */
	bool dx;		/* df/dx is wanted */
	int layer;		/* value whose data and gradient are wanted, or -1 */
	int64_t layer_count;
	float *staging;		/* batch x count, where the model's input is not f32 */
};

/* Prepares runs of up to `most` variations at once (fewer where the model fixes its batch or memory
 * would pass half a gigabyte): their df/dx if dx, data and gradient of value `layer` if not -1.
 * Checks q whole.  The caller closes, also after errors. */
enum rt_status rt_probe_open(struct rt_probe *p, const struct rt_question *q, int64_t most, bool dx,
			     int layer, struct rt_err *err);
void rt_probe_close(struct rt_probe *p);

/* Runs all variations, as one batch where they fit.  Errors: RT_ENUMERIC (f is not finite),
 * RT_ECANCELLED, RT_ENOMEM. */
enum rt_status rt_probe_run(struct rt_probe *p, const struct rt_variations *v, struct rt_err *err);

/* --- baselines --------------------------------------------------------------------------- */

enum rt_baseline_kind { RT_BASELINE_ZERO, RT_BASELINE_MEAN, RT_BASELINE_VALUE };
extern const char *const rt_baseline_names[];

/* What stands for "nothing there". */
struct rt_baseline {
	int kind;		/* enum rt_baseline_kind */
	struct rt_reals value;	/* one number for all inputs, one a channel, or one an input */
};

#define RT_BASELINE_OPTS(type, at)                                                                 \
	{"baseline", "what counts as absent: zero, the data's mean, or -value", RT_CHOICE,         \
	 offsetof(type, at.kind), "zero", .choices = rt_baseline_names},                           \
	{"value", "the baseline: one number for all inputs, one a channel or one an input",        \
	 RT_REALS, offsetof(type, at.value), .example = "0.5"}

/* The baseline for q's sample, an array the caller frees.  -value alone implies -baseline value.
 * Errors: RT_EINVAL (mean without data; wrong number of values). */
enum rt_status rt_baseline_make(float **out, const struct rt_baseline *b,
				const struct rt_question *q, struct rt_err *err);

/* "zero", "mean" or "value", for notes. */
const char *rt_baseline_text(const struct rt_baseline *b);

/* --- filling answers --------------------------------------------------------------------- */

/* Gives *out a zeroed map of the shape. */
void rt_attribution_map(struct rt_attribution *out, const struct rt_shape *shape);

/* Adds to the note, with "; " in between. */
void rt_attribution_note(struct rt_attribution *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Rows and columns a sample of this shape has: the last two dimensions, one row for a table. */
void rt_picture_size(const struct rt_shape *s, int64_t *h, int64_t *w);

#endif
