/* conv.c - Conv: y[n,k] = b[k] + sum over c of x[n,c] * w[k,c], cross-correlation over one or two
 * spatial dimensions, with groups, strides, dilations and padding. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/conv.h"

#include <inttypes.h>

struct conv {
	struct rt_window_attrs window;
	int64_t group;
};

static const struct rt_opt opts[] = {
	RT_WINDOW_OPTS(0),
	RT_WINDOW_DILATIONS,
	{.name = "group", .type = RT_INT, .offset = offsetof(struct conv, group), .init = "1",
	 .min = 1, .max = RT_WINDOW_MAX, .summary = "into how many groups channels are divided"},
	{0},
};

/* The shapes of x and w as the kernels see them. */
static enum rt_status geometry(struct rt_conv *g, const struct rt_call *c, struct rt_err *err)
{
	const struct conv *a = RT_ATTRS(conv, c);
	const struct rt_shape *x = &c->in[0].shape, *w = &c->in[1].shape;
	char buf[2][128];

	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_want_elements(c, 1, "weight", err));
	if (x->rank != w->rank)
		return rt_fail(err, RT_ESHAPE,
			       "input %s and weight %s differ in their number of dimensions",
			       rt_shape_text(buf[0], sizeof(buf[0]), x),
			       rt_shape_text(buf[1], sizeof(buf[1]), w));
	RT_TRY(rt_window_resolve(&g->win, &a->window, w->dim + 2, x, false, err));
	g->N = x->dim[0];
	g->C = x->dim[1];
	g->K = w->dim[0];
	g->groups = a->group;
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *w = &c->in[1].shape, *b = c->nin > 2 ? &c->in[2].shape : NULL;
	struct rt_conv g;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_f32(c, 1, "weight", err));
	RT_TRY(rt_want_f32(c, 2, "bias", err));
	RT_TRY(geometry(&g, c, err));
	if (g.C % g.groups || g.C / g.groups != w->dim[1])
		return rt_fail(err, RT_ESHAPE,
			       "input has %" PRId64 " channels, weight wants %" PRId64
			       " (groups %" PRId64 ")",
			       g.C, w->dim[1] * g.groups, g.groups);
	if (g.K % g.groups)
		return rt_fail(err, RT_ESHAPE,
			       "%" PRId64 " output channels do not divide into %" PRId64 " groups",
			       g.K, g.groups);
	if (b && c->in[2].present && (b->rank != 1 || b->dim[0] != g.K))
		return rt_fail(err, RT_ESHAPE,
			       "bias has %" PRId64 " elements, weight makes %" PRId64 " channels",
			       rt_shape_count(b), g.K);
	RT_TRY(rt_want_product(g.K, g.win.out[0] * g.win.out[1], rt_shape_span(w, 1, w->rank),
			       err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = rt_window_shape(&g.win, &c->in[0].shape, g.K);
	return RT_OK;
}

/* What infer has found sound. */
static struct rt_conv known(const struct rt_call *c)
{
	struct rt_conv g;
	struct rt_err err;

	RT_ASSERT(geometry(&g, c, &err) == RT_OK);
	return g;
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_conv g = known(c);

	return rt_conv_work(&g, c->purpose != RT_INFER);
}

static void forward(const struct rt_call *c)
{
	struct rt_conv g = known(c);
	const float *b = c->nin > 2 && c->in[2].present ? c->in[2].data : NULL;

	rt_conv_forward(&g, c->out[0].data, c->in[0].data, c->in[1].data, b, c->work);
}

static void backward(const struct rt_call *c)
{
	struct rt_conv g = known(c);
	const float *dy = c->out[0].grad;

	if (c->in[0].grad)
		rt_conv_backward_data(&g, c->in[0].grad, dy, c->in[1].data, c->work);
	if (c->in[1].grad)
		rt_conv_backward_weights(&g, c->in[1].grad, dy, c->in[0].data, c->work);
	if (c->nin > 2 && c->in[2].present && c->in[2].grad)
		rt_conv_backward_bias(&g, c->in[2].grad, dy);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	struct rt_conv g = known(c);

	cost->macs = rt_conv_macs(&g);
}

const struct rt_op rt_op_Conv = {
	.row = {.name = "Conv", .summary = "convolution over one or two spatial dimensions",
		.opts = opts, .params_size = sizeof(struct conv)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
