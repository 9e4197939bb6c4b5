/* conv_nd.c - Conv over more than two spatial dimensions. */
#include "config.h"

#include "ops/conv_nd.h"

enum rt_status rt_conv_nd_geometry(struct rt_conv_nd *g, const struct rt_window_attrs *a,
				   int64_t groups, const struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape, *w = &c->in[1].shape;

	RT_TRY(rt_window_nd_resolve(&g->win, a, w->dim + 2, x, false, err));
	g->N = x->dim[0];
	g->C = x->dim[1];
	g->K = w->dim[0];
	g->groups = groups;
	return RT_OK;
}

void rt_conv_nd_call_forward(const struct rt_conv_nd *g, const struct rt_call *c)
{
	const float *b = c->nin > 2 && c->in[2].present ? c->in[2].data : NULL;

	rt_conv_nd_bias(g->N, g->K, rt_sizes(g->win.n, g->win.out), c->out[0].data, b);
	rt_conv_nd_forward(g, c->out[0].data, c->in[0].data, c->in[1].data, c->work);
}

void rt_conv_nd_call_backward(const struct rt_conv_nd *g, const struct rt_call *c)
{
	const float *dy = c->out[0].grad;

	if (c->in[0].grad)
		rt_conv_nd_backward_data(g, c->in[0].grad, dy, c->in[1].data, c->work);
	if (c->in[1].grad)
		rt_conv_nd_backward_weights(g, c->in[1].grad, dy, c->in[0].data, c->work);
	if (c->nin > 2 && c->in[2].present && c->in[2].grad)
		rt_conv_nd_backward_bias(g->N, g->K, rt_sizes(g->win.n, g->win.out), c->in[2].grad,
					 dy);
}
