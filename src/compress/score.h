/* score.h - what a weight or a channel is worth to a model: the pruning scores, as rows.
 *
 * Add a score: a file compress/x.c with the row, one line in list.h, one in local.mk.
 */
#ifndef RT_COMPRESS_SCORE_H
#define RT_COMPRESS_SCORE_H

#include "compress/list.h"
#include "graph/graph.h"

/* How the scores of the weights of a channel become one number. */
enum rt_score_norm {
	RT_NORM_L1,	/* sum |s| */
	RT_NORM_L2,	/* sqrt(sum s^2) */
};

/* What a score may look at: one weight of a graph. */
struct rt_score_in {
	const struct rt_graph *g;
	const struct rt_param *weight;	/* f32, one of g->params */
	struct rt_rng rng;		/* a stream of its own for each parameter */
	enum rt_score_norm norm;
};

struct rt_score {
	struct rt_row row;

	/* Writes the score of every element of the weight; what scores least goes first. */
	void (*weights)(struct rt_score_in *in, float *score);

	/* Writes score[0 .. n) of channels; channel[i] (-1 = none) is the one that index i along
	 * axis of the weight belongs to.  NULL: the norm of the scores of a channel's weights. */
	void (*channels)(struct rt_score_in *in, int axis, const int *channel, int n,
			 double *score);
};

extern const struct rt_list rt_scores;

#define RT_SCORE_DECLARE(name) extern const struct rt_score rt_score_##name;
RT_SCORE_LIST(RT_SCORE_DECLARE)
#undef RT_SCORE_DECLARE

/* Scores channels, by the row's own function or by the norm over its weights. */
void rt_score_channels(const struct rt_score *s, struct rt_score_in *in, int axis,
		       const int *channel, int n, double *score);

#endif
