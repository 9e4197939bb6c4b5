/* plane.h - operators that reduce every plane of x (N,C,...) to one number. */
#ifndef RT_OPS_PLANE_H
#define RT_OPS_PLANE_H

#include "ops/ops.h"

/* Shape rule: x (N,C,D1,...) becomes (N,C,1,...).  Error RT_ESHAPE: fewer than three dimensions;
 * RT_EUNSUPPORTED: planes of 2^31 elements. */
enum rt_status rt_plane_infer(struct rt_call *c, struct rt_err *err);

/* N C, and D1 ... */
int64_t rt_planes(const struct rt_call *c);
int64_t rt_plane_size(const struct rt_call *c);

#endif
