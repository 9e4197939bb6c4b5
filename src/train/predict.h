/* predict.h - outputs of a model on samples of a data set. */
#ifndef RT_TRAIN_PREDICT_H
#define RT_TRAIN_PREDICT_H

#include "exec/plan.h"
#include "graph/graph.h"
#include "train/data.h"

/* The value that holds the logits: the first output, or what goes into the Softmax or LogSoftmax
 * that makes it. */
int rt_graph_logits(const struct rt_graph *g);

/* Columns of the logits for a sample (classes or regression outputs); 0: only a run can tell. */
int64_t rt_graph_width(const struct rt_graph *g);

/* The same, with what the data set has where only a run can tell: a run that gives another number
 * fails (rt_predict). */
int64_t rt_graph_width_on(const struct rt_graph *g, const struct rt_data *d);

/* That the width is known without a run, as learning and derivatives need.  Error: RT_EUNSUPPORTED
 * naming the first node whose shape is not. */
enum rt_status rt_graph_has_width(const struct rt_graph *g, struct rt_err *err);

/* Whether the graph takes samples of the data set; name NULL: nobody knows it.
 * Error: RT_ESHAPE naming both: `model "s" takes 1x28x28, data set "digits" has 1x8x8`. */
enum rt_status rt_graph_takes(const struct rt_graph *g, const char *name, const struct rt_data *d,
			      struct rt_err *err);

/* The same, and whether it has one output for each class or target, where that is known. */
enum rt_status rt_graph_fits(const struct rt_graph *g, const char *name, const struct rt_data *d,
			     struct rt_err *err);

/* Feeds a plan of g the n samples of a batch: x, the samples as f32, is borrowed until the run,
 * unless the model takes whole numbers, which are read from the data set. */
void rt_plan_feed(struct rt_plan *plan, const struct rt_graph *g, const struct rt_data *d,
		  const int32_t *index, int64_t n, const float *x);

/* Logits (n x width, allocated, the caller frees) of the given samples (index NULL: 0 .. n-1), in
 * batches, with running statistics.  A model that no plan can be made of (control flow, shapes that
 * depend on data) runs node by node, sample by sample; its width is that of the data set's classes
 * or targets.  Regression outputs are in learned units.
 * Errors: RT_ESHAPE (the graph does not take the samples), those of rt_plan_new(),
 * RT_ECANCELLED. */
enum rt_status rt_predict(float **out, struct rt_graph *g, const struct rt_data *d,
			  const int32_t *index, int64_t n, struct rt_err *err);

/* Median seconds of one forward pass of one sample, after warming up, measured for about
 * `seconds`. */
enum rt_status rt_latency(double *out, struct rt_graph *g, double seconds, struct rt_err *err);

#endif
