/* embed.h - a question about numbers of words as one about the vectors that stand for them; for
 * this folder. */
#ifndef RT_EXPLAIN_EMBED_H
#define RT_EXPLAIN_EMBED_H

#include "explain/explain.h"

struct rt_embedded {
	struct rt_question q;	/* about the vectors, T x D; no data set */
	struct rt_graph *graph;	/* what q borrows; owned */
	float *x;
	int64_t dim;		/* D */
	char *name;		/* of the embedding */
};

/* Asks q of a model whose input holds whole numbers about the vectors that one embedding gives
 * them.  The caller releases, also after errors.  Errors: RT_EUNSUPPORTED (no embedding reads the
 * input, or several do), RT_EINVAL (a number that is no row of the table), RT_ESHAPE, RT_ENOMEM. */
enum rt_status rt_embed(struct rt_embedded *e, const struct rt_question *q, struct rt_err *err);
void rt_embed_release(struct rt_embedded *e);

/* A map over the vectors becomes one over words, of the given shape; other maps stay. */
void rt_embed_sum(struct rt_attribution *out, const struct rt_embedded *e,
		  const struct rt_shape *shape);

#endif
