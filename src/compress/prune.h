/* prune.h - taking weights or whole channels out of a model.
 *
 * Single weights are masked: they become zero and stay so while training.  Channels can be
 * masked, too, or removed, which leaves a smaller model with the same outputs.
 */
#ifndef RT_COMPRESS_PRUNE_H
#define RT_COMPRESS_PRUNE_H

#include "compress/pattern.h"
#include "compress/score.h"

enum rt_prune_scope {
	RT_SCOPE_LOCAL,		/* the amount holds for each layer, or group of coupled channels */
	RT_SCOPE_GLOBAL,	/* the amount holds for the model; layers compete */
};
extern const char *const rt_prune_scope_names[], *const rt_score_norm_names[];

/* Options of pruning; part of a row's params, so that commands and the engine share one list. */
struct rt_prune {
	char *score;		/* a row of rt_scores */
	char *pattern;		/* a row of rt_patterns */
	double amount;		/* 0 .. 1: fraction of weights (of blocks, of channels) that are
				   pruned afterwards, those masked before included; NAN: half,
				   or what the pattern says */
	int scope;		/* enum rt_prune_scope */
	struct rt_strings layers; /* names or patterns; none = all layers with weights */
	int norm;		/* enum rt_score_norm, for channels and blocks */
	int64_t multiple;	/* channels: how many of each group stay is a multiple of this,
				   rounded up, so that never more goes than was asked for */
};

/* The options as rows, for any params struct with a struct rt_prune in it: `at` is the member
 * with its dot ("prune.") or nothing. */
#define RT_PRUNE_OPTS(type, at)                                                                    \
	{"score", "what makes a weight or channel worth keeping", RT_STRING,                       \
	 offsetof(type, at score), "magnitude", .of = "pruning score"},                            \
	{"pattern", "which weights go together", RT_STRING, offsetof(type, at pattern), "free",    \
	 .of = "pruning pattern", .example = "16x1"},                                              \
	{"amount", "fraction of the weights (or channels) to be pruned afterwards; default: 0.5, " \
	 "or what -pattern says", RT_REAL,                                                         \
	 offsetof(type, at amount), NULL, 0, 1, .example = "0.8"},                                 \
	{"scope", "does the amount hold for each layer or for the model", RT_CHOICE,               \
	 offsetof(type, at scope), "local", .choices = rt_prune_scope_names},                      \
	{"layers", "layers to prune, by name or pattern; default: all", RT_STRINGS,                \
	 offsetof(type, at layers), .of = "layer", .example = "conv1 dense*"},                     \
	{"norm", "how weights of a channel or block count together", RT_CHOICE,                    \
	 offsetof(type, at norm), "l1", .choices = rt_score_norm_names},                           \
	{"multiple", "channels that stay are a multiple of this", RT_INT,                          \
	 offsetof(type, at multiple), "1", 1, 64, .example = "8"}

extern const struct rt_row rt_prune_row;

/* What was done, one row a layer, or a group of coupled channels. */
struct rt_pruned {
	char *name;		/* of the layer, or "conv1 + conv3" */
	int64_t total;		/* weights, or channels, before */
	int64_t before;		/* of these, how many were masked before */
	int64_t pruned;		/* of these, how many are masked or removed now */
};
/* A layer with weights that stays as it was, and why: "these are outputs of the model". */
struct rt_left {
	char *name;
	char *why;
	char *at;		/* the node behind the reason, or NULL */
};
struct rt_prune_report {
	int n;
	struct rt_pruned *row;
	int nleft, left_cap;
	struct rt_left *left;	/* of those the options mean; in the order of nodes */
	struct rt_strings reshaped; /* parameters that have another shape now */
};
void rt_prune_report_release(struct rt_prune_report *r);

/* The fraction that the options ask for, where the pattern is one of the rows. */
double rt_prune_amount(const struct rt_prune *opts);

/* Masks weights of Conv, Gemm and MatMul (never biases or normalizations), in the pattern of the
 * options.  A layer whose weights do not divide into the pattern is left alone, or an error where
 * it is named.  What is masked already stays so and counts.  Amount 0 changes no bit.  rng is for
 * scores that draw; it does not advance.  *report (may be NULL) is released by the caller.  On
 * failure g is as before.
 * Errors: RT_EINVAL (nothing to prune, a quantized model, an amount that is not the pattern's),
 * RT_ENOTFOUND (score, pattern, layer), RT_ENUMERIC (a weight is not finite), RT_ENOMEM. */
enum rt_status rt_prune_mask(struct rt_graph *g, const struct rt_prune *opts,
			     const struct rt_rng *rng, struct rt_prune_report *report,
			     struct rt_err *err);

enum rt_prune_how {
	RT_PRUNE_MASK,		/* all weights of the channels become zero and stay so */
	RT_PRUNE_REMOVE,	/* they are gone: every tensor they run through is smaller */
};

/* Prunes channels, all that are coupled together (compress/groups.h) at once.  Of every group at
 * least one channel stays; channels masked as a whole go first and count as pruned.  Both ways
 * make the same choice, and the outputs of the model are the same.  The rest as rt_prune_mask();
 * also RT_EINVAL (a pattern; no channel of the chosen layers can be taken out, with the reason). */
enum rt_status rt_prune_channels(struct rt_graph *g, enum rt_prune_how how,
				 const struct rt_prune *opts, const struct rt_rng *rng,
				 struct rt_prune_report *report, struct rt_err *err);

#endif
