/* eager.h - running a graph node by node, as its values come.
 *
 * For graphs that no plan can be made of, because shapes depend on data or because of control flow,
 * and for element types that the kernels do not compute in: every operator, every type, RT_INFER.
 * Slower than a plan: memory is taken and given back as values come and go.
 */
#ifndef RT_EXEC_EAGER_H
#define RT_EXEC_EAGER_H

#include "graph/graph.h"

struct rt_eager {
	const struct rt_tensor *inputs;	/* one an input of the graph, in its order */
	const int *taps;		/* values whose data are wanted besides the outputs */
	int ntaps;
};

/* Runs g and fills outputs (one an output of the graph) and tapped (one a tap; may be NULL without
 * taps), which the caller releases; on failure nothing is left to release.  Values are let go after
 * their last use.  An operator that does not compute in f16, bf16 or f64 computes in f32, and its
 * results are brought back to that type.  Errors: RT_ESHAPE (also inputs other than declared),
 * RT_EUNSUPPORTED, RT_ENOMEM, RT_ECANCELLED; they carry the node's name. */
enum rt_status rt_eager_run(const struct rt_graph *g, const struct rt_eager *run,
			    struct rt_tensor *outputs, struct rt_tensor *tapped,
			    struct rt_err *err);

#endif
