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

/* Where one tap of the window meets the input: the outputs [p0, p1) x [q0, q1), all others see
 * padding there. */
struct rt_tap {
	int64_t p0, p1, q0, q1;
	int64_t from;	/* input element of the plane under output (p0, q0) */
	int64_t down;	/* input elements from one output row to the next */
	int64_t right;	/* ... from one output column to the next */
};

/* Tap (r,s), of the output rows [first, end) only; p0 = p1 and q0 = q1 where it meets nothing. */
static inline struct rt_tap rt_window_tap(const struct rt_window *w, int64_t r, int64_t s,
					  int64_t first, int64_t end)
{
	struct rt_tap t = {.down = w->stride[0] * w->in[1], .right = w->stride[1]};

	rt_window_span(w, 0, r, &t.p0, &t.p1);
	rt_window_span(w, 1, s, &t.q0, &t.q1);
	t.p0 = t.p0 > first ? t.p0 : first;
	t.p1 = t.p1 < end ? t.p1 : end;
	if (t.p0 >= t.p1 || t.q0 >= t.q1) {
		t.p0 = t.p1 = first;
		t.q0 = t.q1 = 0;
		return t;
	}
	t.from = (t.p0 * w->stride[0] + r * w->dilation[0] - w->pad[0]) * w->in[1] +
		 t.q0 * w->stride[1] + s * w->dilation[1] - w->pad[1];
	return t;
}

#endif
