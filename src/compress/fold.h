/* fold.h - batch normalizations that vanish into the layer before them. */
#ifndef RT_COMPRESS_FOLD_H
#define RT_COMPRESS_FOLD_H

#include "graph/graph.h"

/* Folds every BatchNormalization that alone reads the output of a Conv or Gemm with a weight of
 * its own into that layer: the outputs while inferring stay the same (up to rounding), the node
 * is gone, and training would no longer see batch statistics.  *folded (may be NULL) receives how
 * many.  On failure g is as before.  Errors: RT_ENOMEM, those of rt_graph_infer(). */
enum rt_status rt_fold_batchnorm(struct rt_graph *g, int *folded, struct rt_err *err);

#endif
