/* conv.c - Conv: y[n,k] = b[k] + sum over c of x[n,c] * w[k,c], cross-correlation over one or more
 * spatial dimensions, with groups, strides, dilations and padding. */
#include "config.h"

#include "ops/conv.h"
#include "ops/conv_nd.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/clear.h"

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

/* More than two spatial dimensions have kernels of their own. */
static bool is_nd(const struct rt_call *c)
{
	return c->in[0].shape.rank > 4;
}

/* The shapes of x and w as the kernels see them; of an nd one all but the window. */
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
	*g = (struct rt_conv){0};
	if (!is_nd(c))
		RT_TRY(rt_window_resolve(&g->win, &a->window, w->dim + 2, x, false, err));
	g->N = x->dim[0];
	g->C = x->dim[1];
	g->K = w->dim[0];
	g->groups = a->group;
	return RT_OK;
}

/* Shape of the result; elements of one of its planes. */
static enum rt_status result(struct rt_shape *y, int64_t *plane, const struct rt_conv *g,
			     const struct rt_call *c, struct rt_err *err)
{
	const struct conv *a = c->attrs;
	struct rt_conv_nd nd;

	if (is_nd(c)) {
		RT_TRY(rt_conv_nd_geometry(&nd, &a->window, a->group, c, err));
		*y = rt_window_nd_shape(&nd.win, &c->in[0].shape, g->K);
	} else {
		*y = rt_window_shape(&g->win, &c->in[0].shape, g->K);
	}
	*plane = rt_shape_span(y, 2, y->rank);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *w = &c->in[1].shape, *b = c->nin > 2 ? &c->in[2].shape : NULL;
	struct rt_conv g;
	int64_t plane;

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
	c->out[0].dtype = RT_F32;
	RT_TRY(result(&c->out[0].shape, &plane, &g, c, err));
	return rt_want_product(g.K, plane, rt_shape_span(w, 1, w->rank), err);
}

/* What infer has found sound. */
static struct rt_conv known(const struct rt_call *c)
{
	struct rt_conv g;
	struct rt_err err;

	RT_ASSERT(geometry(&g, c, &err) == RT_OK);
	return g;
}

bool rt_conv_of_call(struct rt_conv *g, const struct rt_call *c)
{
	*g = known(c);
	g->kept = c->kept;
	g->ready = c->ready;
	return !is_nd(c);
}

static struct rt_conv_nd known_nd(const struct rt_call *c)
{
	const struct conv *a = c->attrs;
	struct rt_conv_nd g;
	struct rt_err err;

	RT_ASSERT(rt_conv_nd_geometry(&g, &a->window, a->group, c, &err) == RT_OK);
	return g;
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_conv g = known(c);

	if (is_nd(c)) {
		struct rt_conv_nd nd = known_nd(c);

		return rt_conv_nd_work(&nd);
	}
	return rt_conv_work(&g, c->purpose != RT_INFER);
}

static size_t kept_size(const struct rt_call *c)
{
	struct rt_conv g = known(c);

	return is_nd(c) ? 0 : rt_conv_kept(&g);
}

static void forward(const struct rt_call *c)
{
	struct rt_conv g = known(c);
	const float *b = c->nin > 2 && c->in[2].present ? c->in[2].data : NULL;

	if (is_nd(c)) {
		struct rt_conv_nd nd = known_nd(c);

		rt_conv_nd_call_forward(&nd, c);
		return;
	}
	g.kept = c->kept;
	g.ready = c->ready;
	rt_conv_forward(&g, c->out[0].data, c->in[0].data, c->in[1].data, b, c->work);
}

static void backward(const struct rt_call *c)
{
	struct rt_conv g = known(c);
	const float *dy = c->out[0].grad;

	if (is_nd(c)) {
		struct rt_conv_nd nd = known_nd(c);

		if (c->fresh & 1)
			rt_clear(c->in[0].grad, rt_shape_count(&c->in[0].shape));
		rt_conv_nd_call_backward(&nd, c);
		return;
	}
	g.fresh = c->fresh & 1;
	if (c->in[0].grad)
		rt_conv_backward_data(&g, c->in[0].grad, dy, c->in[1].data, c->work);
	if (c->in[1].grad)
		rt_conv_backward_weights(&g, c->in[1].grad, dy, c->in[0].data, c->work);
	if (c->nin > 2 && c->in[2].present && c->in[2].grad)
		rt_conv_backward_bias(&g, c->in[2].grad, dy);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	const struct rt_shape *w = &c->in[1].shape;

	/* taps in the padding counted, as papers do */
	cost->macs = rt_shape_count(&c->out[0].shape) * rt_shape_span(w, 1, w->rank);
}

const struct rt_op rt_op_Conv = {
	.row = {.name = "Conv", .summary = "convolution over spatial dimensions",
		.opts = opts, .params_size = sizeof(struct conv)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2,
	.bwd_sets = 1,
	.infer = infer,
	.work_size = work_size,
	.kept_size = kept_size,
	.kept_in = 2 | 4,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
