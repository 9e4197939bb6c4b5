/* window.h - a window sliding over rows and columns: the geometry convolution and pooling share. */
#ifndef RT_TENSOR_WINDOW_H
#define RT_TENSOR_WINDOW_H

#include <stdint.h>

/* Axis 0 is rows, axis 1 columns; data of one spatial dimension have one row. */
struct rt_window {
	int64_t in[2];		/* H, W */
	int64_t out[2];		/* P, Q */
	int64_t kernel[2];	/* R, S */
	int64_t stride[2], dilation[2];
	int64_t pad[2];		/* before the first row and column */
	int64_t pad_end[2];	/* behind the last */
};

/* The outputs [*lo, *hi) along axis a whose tap k falls inside the input:
 * 0 <= o * stride + k * dilation - pad < in.  Always 0 <= *lo <= *hi <= out. */
static inline void rt_window_span(const struct rt_window *w, int a, int64_t k, int64_t *lo,
				  int64_t *hi)
{
	int64_t shift = k * w->dilation[a] - w->pad[a], room = w->in[a] - shift;
	int64_t first = shift < 0 ? (w->stride[a] - 1 - shift) / w->stride[a] : 0;
	int64_t end = room > 0 ? (room + w->stride[a] - 1) / w->stride[a] : 0;

	*hi = end < w->out[a] ? end : w->out[a];
	*lo = first < *hi ? first : *hi;
}

#endif
