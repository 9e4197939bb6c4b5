/* steps.h - moving a run on: shared by train, distill and step. */
#ifndef RT_CMD_STEPS_H
#define RT_CMD_STEPS_H

#include "session/session.h"
#include "shell/cmd.h"

/* Runs n epochs of the run of that name (NULL: the latest), one undo step each, a result line each.
 * After Ctrl-C the state is that of the last whole mini-batch. */
enum rt_status rt_run_epochs(struct rt_ctx *ctx, const char *name, int64_t n,
			     struct rt_reply *reply, struct rt_err *err);

/* Runs n mini-batches, one undo step together. */
enum rt_status rt_run_batches(struct rt_ctx *ctx, const char *name, int64_t n,
			      struct rt_reply *reply, struct rt_err *err);

/* Writes classes and preprocessing of the data set a model learns from into the model. */
void rt_model_describe(struct rt_model *m, const struct rt_data *d);

#endif
