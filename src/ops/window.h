/* window.h - the attributes Conv and the pools share, and the geometry that follows from them. */
#ifndef RT_OPS_WINDOW_H
#define RT_OPS_WINDOW_H

#include "graph/op.h"
#include "tensor/window.h"
#include "tensor/window_nd.h"

/* Lists hold one number a spatial dimension (pads: all begins, then all ends), or nothing: 1 each,
 * pads 0. */
struct rt_window_attrs {
	int auto_pad;		/* enum rt_auto_pad */
	struct rt_ints dilations, kernel_shape, pads, strides;
};

enum rt_auto_pad { RT_PAD_NOTSET, RT_PAD_SAME_UPPER, RT_PAD_SAME_LOWER, RT_PAD_VALID };
extern const char *const rt_auto_pads[];

#define RT_WINDOW_OPT(field, kind, flag, lo, text)                                                 \
	{.name = #field, .type = kind, .offset = offsetof(struct rt_window_attrs, field),          \
	 .min = lo, .max = RT_WINDOW_MAX, .flags = flag, .summary = text}
#define RT_WINDOW_MAX 2147483647.0

/* Options of a row whose params struct begins with struct rt_window_attrs.  need: RT_OPT_REQUIRED
 * where kernel_shape cannot be taken from a weight. */
#define RT_WINDOW_OPTS(need)                                                                       \
	{.name = "auto_pad", .type = RT_CHOICE,                                                    \
	 .offset = offsetof(struct rt_window_attrs, auto_pad), .init = "NOTSET",                   \
	 .choices = rt_auto_pads, .summary = "padding chosen by rule instead of pads"},            \
	RT_WINDOW_OPT(kernel_shape, RT_INTS, need, 1, "size of the window"),                       \
	RT_WINDOW_OPT(pads, RT_INTS, 0, 0, "padding: before each dimension, then behind each"),    \
	RT_WINDOW_OPT(strides, RT_INTS, 0, 1, "step of the window")
#define RT_WINDOW_DILATIONS                                                                        \
	RT_WINDOW_OPT(dilations, RT_INTS, 0, 1, "distance between taps of the window")

/* Geometry of a window over x (N,C,W) or (N,C,H,W).  kernel: spatial dimensions of a weight, or
 * NULL for kernel_shape.  ceil_mode: a last window that starts inside the input or its padding
 * before is kept even if it ends outside.  Errors RT_ESHAPE: `kernel 7x7 larger than input 5x5` and
 * its like; RT_EUNSUPPORTED: more than two spatial dimensions, planes of 2^31 elements. */
enum rt_status rt_window_resolve(struct rt_window *w, const struct rt_window_attrs *a,
				 const int64_t *kernel, const struct rt_shape *x, bool ceil_mode,
				 struct rt_err *err);

/* The same for one to six spatial dimensions. */
enum rt_status rt_window_nd_resolve(struct rt_window_nd *w, const struct rt_window_attrs *a,
				    const int64_t *kernel, const struct rt_shape *x, bool ceil_mode,
				    struct rt_err *err);
struct rt_shape rt_window_nd_shape(const struct rt_window_nd *w, const struct rt_shape *x,
				   int64_t K);

/* Number i of a list that may be left out. */
int64_t rt_window_number(const struct rt_ints *list, int i, int64_t fallback);

/* The lists of a have as many numbers as there are spatial dimensions.  Errors RT_ESHAPE,
 * RT_EINVAL. */
enum rt_status rt_window_check_lists(const struct rt_window_attrs *a, const int64_t *kernel,
				     int spatial, struct rt_err *err);

/* Pools want every window to touch the input.  Error RT_ESHAPE: `pad 2 is not below kernel 2`. */
enum rt_status rt_window_pads_below_kernel(const struct rt_window *w, struct rt_err *err);

/* Shape of the result with K channels. */
struct rt_shape rt_window_shape(const struct rt_window *w, const struct rt_shape *x, int64_t K);

#endif
