/* window.c - from pads, strides, dilations and auto_pad to the geometry of a window. */
#include "config.h"

#include "ops/window.h"

#include <inttypes.h>
#include <stdio.h>

#define MOST_TAPS (1 << 24)	/* of a window */

const char *const rt_auto_pads[] = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", NULL};

/* "3x3" of the last `spatial` of two numbers. */
static const char *sizes(char buf[48], const int64_t v[2], int spatial)
{
	if (spatial == 1)
		snprintf(buf, 48, "%" PRId64, v[1]);
	else
		snprintf(buf, 48, "%" PRId64 "x%" PRId64, v[0], v[1]);
	return buf;
}

static enum rt_status check_list(const char *name, const struct rt_ints *list, int n, int spatial,
				 struct rt_err *err)
{
	if (list->n == 0 || list->n == n)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s has %d numbers, %d spatial dimensions want %d", name,
		       list->n, spatial, n);
}

/* A damaged file may ask for windows that no input has, and that would be walked for hours. */
static enum rt_status check_taps(const int64_t *kernel, int spatial, struct rt_err *err)
{
	int64_t taps = 1;

	for (int i = 0; i < spatial; i++)
		if (__builtin_mul_overflow(taps, kernel[i], &taps) || taps > MOST_TAPS)
			return rt_fail(err, RT_EUNSUPPORTED,
				       "a window of %" PRId64 " in spatial dimension %d; at most "
				       "%d elements in all are possible", kernel[i], i + 1,
				       MOST_TAPS);
	return RT_OK;
}

enum rt_status rt_window_check_lists(const struct rt_window_attrs *a, const int64_t *kernel,
				     int spatial, struct rt_err *err)
{
	RT_TRY(check_list("dilations", &a->dilations, spatial, spatial, err));
	RT_TRY(check_list("kernel_shape", &a->kernel_shape, spatial, spatial, err));
	RT_TRY(check_list("pads", &a->pads, 2 * spatial, spatial, err));
	RT_TRY(check_list("strides", &a->strides, spatial, spatial, err));
	if (!kernel && !a->kernel_shape.n)
		return rt_fail(err, RT_EINVAL, "kernel_shape is missing");
	RT_TRY(check_taps(kernel ? kernel : a->kernel_shape.v, spatial, err));
	for (int i = 0; kernel && i < a->kernel_shape.n; i++)
		if (a->kernel_shape.v[i] != kernel[i])
			return rt_fail(err, RT_ESHAPE,
				       "kernel_shape %" PRId64 ", the weight has %" PRId64
				       " in spatial dimension %d",
				       a->kernel_shape.v[i], kernel[i], i + 1);
	return RT_OK;
}

/* Output size along axis i from the window's size and pads, 0 where the window does not fit.  With
 * ceil_mode a last window that starts behind the input is dropped, as PyTorch and ONNX Runtime do;
 * ONNX's rule for VALID gives no partial windows. */
static int64_t out_size(struct rt_window *w, int i, int auto_pad, bool ceil_mode)
{
	const int64_t span = (w->kernel[i] - 1) * w->dilation[i] + 1, s = w->stride[i];
	int64_t room, out;

	if (auto_pad == RT_PAD_SAME_UPPER || auto_pad == RT_PAD_SAME_LOWER) {
		out = (w->in[i] + s - 1) / s;
		room = (out - 1) * s + span - w->in[i];
		room = room > 0 ? room : 0;
		w->pad[i] = auto_pad == RT_PAD_SAME_UPPER ? room / 2 : room - room / 2;
		w->pad_end[i] = room - w->pad[i];
		return out;
	}
	ceil_mode = ceil_mode && auto_pad != RT_PAD_VALID;
	room = w->in[i] + w->pad[i] + w->pad_end[i] - span + (ceil_mode ? s - 1 : 0);
	if (room < 0)
		return 0;
	out = room / s + 1;
	return ceil_mode && (out - 1) * s >= w->in[i] + w->pad[i] ? out - 1 : out;
}

static enum rt_status too_large(const struct rt_window *w, int spatial, struct rt_err *err)
{
	char kernel[48], span[48], in[48], padded[48];
	int64_t spans[2], room[2];

	for (int i = 0; i < 2; i++) {
		spans[i] = (w->kernel[i] - 1) * w->dilation[i] + 1;
		room[i] = w->in[i] + w->pad[i] + w->pad_end[i];
	}
	sizes(kernel, w->kernel, spatial);
	sizes(span, spans, spatial);
	sizes(in, w->in, spatial);
	sizes(padded, room, spatial);
	return rt_fail(err, RT_ESHAPE, "kernel %s%s%s%s larger than input %s%s%s%s", kernel,
		       w->dilation[0] * w->dilation[1] > 1 ? " (dilated to " : "",
		       w->dilation[0] * w->dilation[1] > 1 ? span : "",
		       w->dilation[0] * w->dilation[1] > 1 ? ")" : "", in,
		       room[0] > w->in[0] || room[1] > w->in[1] ? " (padded to " : "",
		       room[0] > w->in[0] || room[1] > w->in[1] ? padded : "",
		       room[0] > w->in[0] || room[1] > w->in[1] ? ")" : "");
}

static enum rt_status check_plane(const int64_t size[2], struct rt_err *err)
{
	int64_t product;

	if (!__builtin_mul_overflow(size[0], size[1], &product) && product <= INT32_MAX)
		return RT_OK;
	return rt_fail(err, RT_EUNSUPPORTED,
		       "a plane of %" PRId64 "x%" PRId64 "; at most %d elements are possible",
		       size[0], size[1], INT32_MAX);
}

enum rt_status rt_window_resolve(struct rt_window *w, const struct rt_window_attrs *a,
				 const int64_t *kernel, const struct rt_shape *x, bool ceil_mode,
				 struct rt_err *err)
{
	const int spatial = x->rank - 2;
	char buf[128];
	bool fits = true;

	if (spatial < 1)
		return rt_fail(err, RT_ESHAPE,
			       "input is %s; batch x channels x size or x height x width is wanted",
			       rt_shape_text(buf, sizeof(buf), x));
	if (spatial > 2)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "%d spatial dimensions (input %s); 1 or 2 are possible", spatial,
			       rt_shape_text(buf, sizeof(buf), x));
	RT_TRY(rt_window_check_lists(a, kernel, spatial, err));
	*w = (struct rt_window){{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}};
	for (int d = 0, i = 2 - spatial; d < spatial; d++, i++) {
		w->in[i] = x->dim[2 + d];
		w->kernel[i] = kernel ? kernel[d] : a->kernel_shape.v[d];
		w->stride[i] = a->strides.n ? a->strides.v[d] : 1;
		w->dilation[i] = a->dilations.n ? a->dilations.v[d] : 1;
		if (a->auto_pad == RT_PAD_NOTSET && a->pads.n) {
			w->pad[i] = a->pads.v[d];
			w->pad_end[i] = a->pads.v[spatial + d];
		}
		w->out[i] = out_size(w, i, a->auto_pad, ceil_mode);
		fits = fits && w->out[i] > 0;
	}
	if (!fits)
		return too_large(w, spatial, err);
	RT_TRY(check_plane(w->in, err));
	return check_plane(w->out, err);
}

enum rt_status rt_window_pads_below_kernel(const struct rt_window *w, struct rt_err *err)
{
	for (int i = 0; i < 2; i++) {
		int64_t pad = w->pad[i] > w->pad_end[i] ? w->pad[i] : w->pad_end[i];
		int64_t span = (w->kernel[i] - 1) * w->dilation[i] + 1;

		if (pad >= span)
			return rt_fail(err, RT_ESHAPE,
				       "pad %" PRId64 " is not below kernel %" PRId64, pad, span);
	}
	return RT_OK;
}

struct rt_shape rt_window_shape(const struct rt_window *w, const struct rt_shape *x, int64_t K)
{
	struct rt_shape y = *x;

	y.dim[1] = K;
	for (int d = 2; d < x->rank; d++)
		y.dim[d] = w->out[d - 2 + 4 - x->rank];
	return y;
}

int64_t rt_window_number(const struct rt_ints *list, int i, int64_t fallback)
{
	return list->n ? list->v[i] : fallback;
}

/* One axis as the first of a plane's window. */
static void resolve_axis(struct rt_window_nd *nd, int d, int auto_pad, bool ceil_mode)
{
	struct rt_window w = {.in = {nd->in[d]}, .kernel = {nd->kernel[d]},
			      .stride = {nd->stride[d]}, .dilation = {nd->dilation[d]},
			      .pad = {nd->pad[d]}, .pad_end = {nd->pad_end[d]}};

	nd->out[d] = out_size(&w, 0, auto_pad, ceil_mode);
	nd->pad[d] = w.pad[0];
	nd->pad_end[d] = w.pad_end[0];
}

enum rt_status rt_window_nd_resolve(struct rt_window_nd *w, const struct rt_window_attrs *a,
				    const int64_t *kernel, const struct rt_shape *x, bool ceil_mode,
				    struct rt_err *err)
{
	const int spatial = x->rank - 2;
	bool pads = a->auto_pad == RT_PAD_NOTSET;
	char buf[128];

	if (spatial < 1 || spatial > RT_WINDOW_DIMS)
		return rt_fail(err, RT_ESHAPE, "input is %s; batch x channels x sizes is wanted",
			       rt_shape_text(buf, sizeof(buf), x));
	RT_TRY(rt_window_check_lists(a, kernel, spatial, err));
	*w = (struct rt_window_nd){.n = spatial};
	for (int d = 0; d < spatial; d++) {
		w->in[d] = x->dim[2 + d];
		w->kernel[d] = kernel ? kernel[d] : a->kernel_shape.v[d];
		w->stride[d] = rt_window_number(&a->strides, d, 1);
		w->dilation[d] = rt_window_number(&a->dilations, d, 1);
		w->pad[d] = pads ? rt_window_number(&a->pads, d, 0) : 0;
		w->pad_end[d] = pads ? rt_window_number(&a->pads, spatial + d, 0) : 0;
		resolve_axis(w, d, a->auto_pad, ceil_mode);
		if (w->out[d] < 1)
			return rt_fail(err, RT_ESHAPE,
				       "kernel %" PRId64 " (dilation %" PRId64
				       ") larger than input %" PRId64 " in spatial dimension %d",
				       w->kernel[d], w->dilation[d], w->in[d], d + 1);
	}
	return RT_OK;
}

struct rt_shape rt_window_nd_shape(const struct rt_window_nd *w, const struct rt_shape *x,
				   int64_t K)
{
	struct rt_shape y = *x;

	y.dim[1] = K;
	for (int d = 0; d < w->n; d++)
		y.dim[2 + d] = w->out[d];
	return y;
}
