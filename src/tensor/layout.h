/* layout.h - elements moved to other places: strided copies and padding. */
#ifndef RT_TENSOR_LAYOUT_H
#define RT_TENSOR_LAYOUT_H

#include "tensor/tensor.h"

/* For every index of shape: to[index . to_step] = from[index . from_step]; steps in elements of
 * size 1, 2, 4 or 8 bytes, of any sign.  Places written must differ from each other.  This is
 * transposing, slicing and concatenating; with a side whose steps are those of a dense array. */
void rt_copy_steps(void *to, const int64_t *to_step, const void *from, const int64_t *from_step,
		   size_t size, const struct rt_shape *shape);

/* The same with += on f32. */
void rt_add_steps(float *to, const int64_t *to_step, const float *from, const int64_t *from_step,
		  const struct rt_shape *shape);

enum rt_pad_mode { RT_PAD_CONSTANT, RT_PAD_REFLECT, RT_PAD_EDGE, RT_PAD_WRAP };

/* y = x with begin[d] elements in front of axis d (negative: cut off) and the rest of ys behind.
 * RT_PAD_CONSTANT fills with the element at value; RT_PAD_REFLECT mirrors without repeating the
 * edge and needs fewer new elements on a side than the axis has; RT_PAD_WRAP repeats x as often as
 * it takes; elements of size bytes. */
void rt_pad(void *y, const struct rt_shape *ys, const void *x, const struct rt_shape *xs,
	    size_t size, const int64_t *begin, enum rt_pad_mode mode, const void *value);

/* dx += what of dy came from x. */
void rt_pad_add(float *dx, const struct rt_shape *xs, const float *dy, const struct rt_shape *ys,
		const int64_t *begin, enum rt_pad_mode mode);

#endif
