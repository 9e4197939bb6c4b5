/* gradient.h - one gradient of one sample, for the methods that are no more than that. */
#ifndef RT_EXPLAIN_GRADIENT_H
#define RT_EXPLAIN_GRADIENT_H

#include "explain/probe.h"

#define RT_GRADIENT_LAYER_OPT(type, at)                                                            \
	{"layer", "look at this layer's output instead of the input", RT_STRING,                   \
	 offsetof(type, at), .of = "layer", .example = "relu2"}

/* df/dx, or df/d(layer) where layer is not NULL, into out->map; times: multiplied by x or by what
 * the layer holds. */
enum rt_status rt_gradient_run(struct rt_attribution *out, const struct rt_question *q,
			       const char *layer, bool times, struct rt_err *err);

#endif
