/* window_nd.h - a window sliding over any number of spatial dimensions. */
#ifndef RT_TENSOR_WINDOW_ND_H
#define RT_TENSOR_WINDOW_ND_H

#include <stdbool.h>
#include <stdint.h>

#define RT_WINDOW_DIMS 6

struct rt_window_nd {
	int n;					/* spatial dimensions */
	int64_t in[RT_WINDOW_DIMS], out[RT_WINDOW_DIMS], kernel[RT_WINDOW_DIMS];
	int64_t stride[RT_WINDOW_DIMS], dilation[RT_WINDOW_DIMS];
	int64_t pad[RT_WINDOW_DIMS];		/* before the first element */
	int64_t pad_end[RT_WINDOW_DIMS];	/* behind the last */
};

/* Product of n sizes. */
static inline int64_t rt_sizes(int n, const int64_t *size)
{
	int64_t product = 1;

	for (int i = 0; i < n; i++)
		product *= size[i];
	return product;
}

/* index (n) of element i of an array of these sizes. */
static inline void rt_unravel(int n, const int64_t *size, int64_t i, int64_t *index)
{
	for (int d = n - 1; d >= 0; d--) {
		index[d] = i % size[d];
		i /= size[d];
	}
}

/* The element of the plane under tap `tap` of output `out`; false: it lies in the padding. */
static inline bool rt_window_nd_at(const struct rt_window_nd *w, const int64_t *out,
				   const int64_t *tap, int64_t *at)
{
	*at = 0;
	for (int d = 0; d < w->n; d++) {
		int64_t i = out[d] * w->stride[d] + tap[d] * w->dilation[d] - w->pad[d];

		if (i < 0 || i >= w->in[d])
			return false;
		*at = *at * w->in[d] + i;
	}
	return true;
}

#endif
