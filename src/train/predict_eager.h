/* predict_eager.h - outputs of a model that no plan can be made of; for predict.c. */
#ifndef RT_TRAIN_PREDICT_EAGER_H
#define RT_TRAIN_PREDICT_EAGER_H

#include "graph/graph.h"
#include "train/data.h"

#define EAGER_OUTPUTS 32
#define EAGER_BATCH 256

/* Writes n x width logits to z, in runs of `size` samples.  A sample by itself gives what a batch
 * gives only where the model treats samples alone, so size is 1 where control flow may look at the
 * whole batch.  Errors: RT_ESHAPE (the model gives another number of outputs), RT_ECANCELLED, those
 * of rt_eager_run(). */
enum rt_status predict_eager(float *z, const struct rt_graph *g, const struct rt_data *d,
			     const int32_t *index, int64_t n, int64_t size, int64_t width,
			     struct rt_err *err);

#endif
