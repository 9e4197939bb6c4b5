/* weights.h - the weights of a model apart from it: into named arrays and back, names mapped. */
#ifndef RT_IO_WEIGHTS_H
#define RT_IO_WEIGHTS_H

#include "graph/graph.h"
#include "io/safetensors.h"

/* A map of names is pairs: name in the file, name in the model.  Both may have one '*', which
 * stands for the same text; "^T" at the end of the model's name means that the file has the matrix
 * the other way around ("*.kernel" "*.weight^T").  The first pair that fits is taken; a name that
 * none fits stays as it is. */

/* The weights of g: parameters that training may change, running statistics, quantized weights with
 * their scales; constants of the layers (bounds, shapes) are none.  The caller releases.  Errors:
 * RT_EINVAL (an odd or bad map), RT_EEXISTS (two weights mapped to one name), RT_ENOMEM. */
enum rt_status rt_weights_take(struct rt_tensors *out, const struct rt_graph *g,
			       const struct rt_strings *map, struct rt_err *err);

/* Replaces the weights of g by the arrays; float arrays are converted to the parameter's type,
 * masked weights stay zero.  partial: arrays and weights without a partner are passed over; *taken
 * is how many found one (may be NULL).  Nothing is changed on failure.  Errors: RT_EINVAL (the
 * map), RT_ENOTFOUND (which name, and how many), RT_ESHAPE (both shapes), RT_ENOMEM. */
enum rt_status rt_weights_give(struct rt_graph *g, const struct rt_tensors *from,
			       const struct rt_strings *map, bool partial, int *taken,
			       struct rt_err *err);

#endif
