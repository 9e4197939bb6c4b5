/* settle.h - what exporters leave to the run although the shapes tell it. */
#ifndef RT_COMPRESS_SETTLE_H
#define RT_COMPRESS_SETTLE_H

#include "graph/graph.h"

/* Makes constants of what follows from shapes without the batch, and of the shapes of Reshape and
 * Expand where only the batch is open, and leaves out first states of recurrent layers that are
 * zero.  Outputs stay the same.  g is inferred, before and after.  Errors: RT_ENOMEM, those of
 * rt_graph_infer(). */
enum rt_status rt_graph_settle(struct rt_graph *g, struct rt_err *err);

#endif
