/* control.h - If, Loop and Scan: nodes that run graphs of their own; private to this folder. */
#ifndef RT_EXEC_CONTROL_H
#define RT_EXEC_CONTROL_H

#include "graph/graph.h"

/* Runs a node whose op has RT_OP_CONTROL.  in: one tensor an input, {0} where it is left out,
 * borrowed; made: one an output, the caller releases (also after a failure).  Errors: as
 * rt_eager_run(). */
enum rt_status control_run(const struct rt_node *n, const struct rt_tensor *in,
			   struct rt_tensor *made, struct rt_err *err);

#endif
