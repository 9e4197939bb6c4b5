/* footprint.h - what a model costs and is worth, before and after a change; for prune and
 * quantize. */
#ifndef RT_CMD_FOOTPRINT_H
#define RT_CMD_FOOTPRINT_H

#include "cmd/common.h"

struct rt_footprint {
	int64_t params, nonzero, macs, bytes;
	double latency;		/* seconds for one sample */
	double score;		/* on the test part; NAN without data that fits */
	const struct rt_data *data;
};

/* Measures a model; the data set in use is tested on when it fits. */
enum rt_status rt_footprint_take(struct rt_footprint *f, struct rt_session *s,
				 const struct rt_model *m, struct rt_err *err);

/* Adds a small table: weights that are not zero, MACs, bytes, latency and test score, before, after
 * and the ratio; and puts both into reply->value. */
void rt_footprint_report(const struct rt_ctx *ctx, struct rt_reply *reply,
			 const struct rt_footprint *before, const struct rt_footprint *after);

#endif
