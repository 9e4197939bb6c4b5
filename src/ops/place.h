/* place.h - where in data the indices of GatherElements, ScatterElements, GatherND and ScatterND
 * point.
 */
#ifndef RT_OPS_PLACE_H
#define RT_OPS_PLACE_H

#include "graph/op.h"

/* --- one index for each element ----------------------------------------------------------- */

/* in[0] data, in[1] indices of the same rank, no longer than data but along the axis; values that
 * are known must lie on the axis (negative from its end).  Error RT_ESHAPE. */
enum rt_status rt_element_check(const struct rt_call *c, int64_t axis, struct rt_err *err);

/* place[i]: the element of data that index number i names along the axis, -1 outside. */
void rt_element_places(int64_t *place, const struct rt_call *c, int64_t axis);

/* --- one list of indices for each slice --------------------------------------------------- */

/* in[1] indices (B..., M..., K): the first `batch` axes B are data's as well, and each K numbers
 * are an index of its next K axes.  Values that are known must lie on them.  Error RT_ESHAPE. */
enum rt_status rt_slice_check(const struct rt_call *c, int64_t batch, struct rt_err *err);

/* How many slices there are, and how many elements each has. */
int64_t rt_slice_count(const struct rt_call *c);
int64_t rt_slice_length(const struct rt_call *c, int64_t batch);

/* place[i]: the first element of the slice that list number i names, -1 outside. */
void rt_slice_places(int64_t *place, const struct rt_call *c, int64_t batch);

/* --- gathering ---------------------------------------------------------------------------- */

/* out[0] = slices of in[0] one after the other; those at -1 are NaN (0 in whole numbers). */
void rt_gather_places(const struct rt_call *c, int64_t n, const int64_t *place, int64_t length);

/* Adds out[0].grad to in[0].grad. */
void rt_gather_places_backward(const struct rt_call *c, int64_t n, const int64_t *place,
			       int64_t length);

#endif
