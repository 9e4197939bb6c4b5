/* conv_transpose.c - ConvTranspose: the transposed convolution, which is the gradient by the data
 * of the convolution with the same weight; its own gradient by the data is that convolution. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/conv_nd.h"

#include <inttypes.h>

struct conv_transpose {
	struct rt_window_attrs window;
	int64_t group;
	struct rt_ints output_padding, output_shape;
};

static const struct rt_opt opts[] = {
	RT_WINDOW_OPTS(0),
	RT_WINDOW_DILATIONS,
	{.name = "group", .type = RT_INT, .offset = offsetof(struct conv_transpose, group),
	 .init = "1", .min = 1, .max = RT_WINDOW_MAX,
	 .summary = "into how many groups channels are divided"},
	{.name = "output_padding", .type = RT_INTS,
	 .offset = offsetof(struct conv_transpose, output_padding), .min = 0, .max = RT_WINDOW_MAX,
	 .summary = "elements added behind the result"},
	{.name = "output_shape", .type = RT_INTS,
	 .offset = offsetof(struct conv_transpose, output_shape), .min = 1, .max = RT_WINDOW_MAX,
	 .summary = "spatial sizes of the result, from which pads follow"},
	{0},
};

/* Along dimension d of y: its size and pads.  ONNX ConvTranspose, "total_padding". */
static enum rt_status resolve(struct rt_window_nd *w, const struct conv_transpose *a, int d,
			      struct rt_err *err)
{
	int64_t span = (w->kernel[d] - 1) * w->dilation[d] + 1, total;
	int64_t full = (w->out[d] - 1) * w->stride[d] + span +
		       rt_window_number(&a->output_padding, d, 0);
	bool same = a->window.auto_pad == RT_PAD_SAME_UPPER ||
		    a->window.auto_pad == RT_PAD_SAME_LOWER;

	if (a->output_shape.n || same) {
		w->in[d] = a->output_shape.n ? a->output_shape.v[d] : w->out[d] * w->stride[d];
		total = full > w->in[d] ? full - w->in[d] : 0;
		w->pad[d] = a->window.auto_pad == RT_PAD_SAME_UPPER ? total / 2 : total - total / 2;
		w->pad_end[d] = total - w->pad[d];
		return RT_OK;
	}
	if (a->window.auto_pad == RT_PAD_NOTSET) {
		w->pad[d] = rt_window_number(&a->window.pads, d, 0);
		w->pad_end[d] = rt_window_number(&a->window.pads, w->n + d, 0);
	}
	w->in[d] = full - w->pad[d] - w->pad_end[d];
	if (w->in[d] > 0)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE,
		       "pads %" PRId64 " and %" PRId64 " leave nothing of %" PRId64
		       " in spatial dimension %d",
		       w->pad[d], w->pad_end[d], full, d + 1);
}

static enum rt_status check_extra(const struct conv_transpose *a, int spatial, struct rt_err *err)
{
	if (a->output_padding.n && a->output_padding.n != spatial)
		return rt_fail(err, RT_ESHAPE, "output_padding has %d numbers, %d are wanted",
			       a->output_padding.n, spatial);
	if (a->output_shape.n && a->output_shape.n != spatial)
		return rt_fail(err, RT_ESHAPE, "output_shape has %d numbers, %d are wanted",
			       a->output_shape.n, spatial);
	return RT_OK;
}

/* As the convolution sees it: its input is our output. */
static enum rt_status geometry(struct rt_conv_nd *g, const struct rt_call *c, struct rt_err *err)
{
	const struct conv_transpose *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape, *w = &c->in[1].shape;
	const int spatial = x->rank - 2;
	char buf[2][128];

	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_want_elements(c, 1, "weight", err));
	if (x->rank != w->rank || spatial < 1 || spatial > RT_WINDOW_DIMS)
		return rt_fail(err, RT_ESHAPE,
			       "input %s and weight %s; batch x channels x sizes and channels x "
			       "channels x sizes are wanted",
			       rt_shape_text(buf[0], sizeof(buf[0]), x),
			       rt_shape_text(buf[1], sizeof(buf[1]), w));
	RT_TRY(rt_window_check_lists(&a->window, w->dim + 2, spatial, err));
	RT_TRY(check_extra(a, spatial, err));
	if (w->dim[0] != x->dim[1] || w->dim[0] % a->group)
		return rt_fail(err, RT_ESHAPE,
			       "input has %" PRId64 " channels, weight wants %" PRId64
			       " (groups %" PRId64 ")",
			       x->dim[1], w->dim[0], a->group);
	*g = (struct rt_conv_nd){.N = x->dim[0], .C = w->dim[1] * a->group, .K = x->dim[1],
				 .groups = a->group, .win.n = spatial};
	for (int d = 0; d < spatial; d++) {
		g->win.out[d] = x->dim[2 + d];
		g->win.kernel[d] = w->dim[2 + d];
		g->win.stride[d] = rt_window_number(&a->window.strides, d, 1);
		g->win.dilation[d] = rt_window_number(&a->window.dilations, d, 1);
		RT_TRY(resolve(&g->win, a, d, err));
	}
	return RT_OK;
}

static bool has_bias(const struct rt_call *c)
{
	return c->nin > 2 && c->in[2].present;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *w = &c->in[1].shape;
	struct rt_shape *y = &c->out[0].shape;
	struct rt_conv_nd g;
	int64_t size[RT_MAX_RANK];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_f32(c, 1, "weight", err));
	RT_TRY(rt_want_f32(c, 2, "bias", err));
	RT_TRY(geometry(&g, c, err));
	if (has_bias(c) && (c->in[2].shape.rank != 1 || c->in[2].shape.dim[0] != g.C))
		return rt_fail(err, RT_ESHAPE,
			       "bias has %" PRId64 " elements, weight makes %" PRId64 " channels",
			       rt_shape_count(&c->in[2].shape), g.C);
	RT_TRY(rt_want_product(g.K, rt_sizes(g.win.n, g.win.out), rt_shape_span(w, 1, w->rank),
			       err));
	*y = (struct rt_shape){.rank = w->rank, .dim = {g.N, g.C}};
	for (int d = 0; d < g.win.n; d++)
		y->dim[2 + d] = size[d] = g.win.in[d];
	c->out[0].dtype = RT_F32;
	return rt_want_product(rt_sizes(g.win.n, size), g.C, 1, err);
}

static struct rt_conv_nd known(const struct rt_call *c)
{
	struct rt_conv_nd g;
	struct rt_err err;

	RT_ASSERT(geometry(&g, c, &err) == RT_OK);
	return g;
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_conv_nd g = known(c);

	return rt_conv_nd_work(&g);
}

static void forward(const struct rt_call *c)
{
	struct rt_conv_nd g = known(c);

	rt_conv_nd_bias(g.N, g.C, rt_sizes(g.win.n, g.win.in), c->out[0].data,
			has_bias(c) ? c->in[2].data : NULL);
	rt_conv_nd_backward_data(&g, c->out[0].data, c->in[0].data, c->in[1].data, c->work);
}

static void backward(const struct rt_call *c)
{
	struct rt_conv_nd g = known(c);
	const float *dy = c->out[0].grad;

	if (c->in[0].grad)
		rt_conv_nd_forward(&g, c->in[0].grad, dy, c->in[1].data, c->work);
	if (c->in[1].grad)
		rt_conv_nd_backward_weights(&g, c->in[1].grad, c->in[0].data, dy, c->work);
	if (has_bias(c) && c->in[2].grad)
		rt_conv_nd_backward_bias(g.N, g.C, rt_sizes(g.win.n, g.win.in), c->in[2].grad, dy);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	const struct rt_shape *w = &c->in[1].shape;

	cost->macs = rt_shape_count(&c->in[0].shape) * rt_shape_span(w, 1, w->rank);
}

const struct rt_op rt_op_ConvTranspose = {
	.row = {.name = "ConvTranspose", .summary = "transposed convolution, which enlarges",
		.opts = opts, .params_size = sizeof(struct conv_transpose)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
