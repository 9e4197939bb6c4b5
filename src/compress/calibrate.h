/* calibrate.h - the ranges that activations of a model take on samples. */
#ifndef RT_COMPRESS_CALIBRATE_H
#define RT_COMPRESS_CALIBRATE_H

#include "compress/observer.h"
#include "graph/graph.h"
#include "train/data.h"

struct rt_range {
	float lo, hi;
};

/* Runs the graph on `samples` samples of the training part (all, if it has fewer), evenly spaced,
 * and writes the range that the observer names for each of the n f32 values.
 * Errors: RT_ESHAPE (the samples do not fit the input, or are fewer than the batch a file fixes),
 * RT_EINVAL (no training samples), RT_ENUMERIC (a value is not finite), RT_ECANCELLED,
 * RT_ENOMEM. */
enum rt_status rt_calibrate(struct rt_range *range, struct rt_graph *g, const int *values, int n,
			    const struct rt_data *data, int64_t samples,
			    const struct rt_observer *observer, int64_t levels, struct rt_err *err);

#endif
