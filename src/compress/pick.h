/* pick.h - what the two kinds of pruning share; for this folder only. */
#ifndef RT_COMPRESS_PICK_H
#define RT_COMPRESS_PICK_H

#include "compress/prune.h"

/* Checks the options and finds the score.  Errors: RT_EINVAL (an option out of range, an amount
 * that is not the pattern's, a quantized model), RT_ENOTFOUND. */
enum rt_status rt_prune_check(const struct rt_score **score, const struct rt_graph *g,
			      const struct rt_prune *opts, struct rt_err *err);

/* Notes in the report that node i of g is left alone; why: copied; at: the node behind it, or
 * -1. */
void rt_prune_leave(struct rt_prune_report *r, const struct rt_graph *g, int i, const char *why,
		    int at);

/* What a score may look at for one weight. */
void rt_prune_score_in(struct rt_score_in *in, const struct rt_graph *g, int value,
		       const struct rt_prune *opts, const struct rt_rng *rng);

#endif
