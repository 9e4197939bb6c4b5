/* average_pool.c - AveragePool: the mean of every window, with or without the padding. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/pool.h"
#include "tensor/pool_nd.h"

struct average_pool {
	struct rt_window_attrs window;
	bool ceil_mode, count_include_pad;
};

static const struct rt_opt opts[] = {
	RT_WINDOW_OPTS(RT_OPT_REQUIRED),
	{.name = "ceil_mode", .type = RT_BOOL, .offset = offsetof(struct average_pool, ceil_mode),
	 .init = "0", .summary = "keep a last window that is only partly inside"},
	{.name = "count_include_pad", .type = RT_BOOL,
	 .offset = offsetof(struct average_pool, count_include_pad), .init = "0",
	 .summary = "the padding counts as zeros"},
	{0},
};

/* The kernels for planes, and those for any number of dimensions. */
struct pool {
	bool is_nd;
	struct rt_pool plane;
	struct rt_window_nd nd;
	int64_t planes;
};

static enum rt_status geometry(struct pool *g, const struct rt_call *c, struct rt_err *err)
{
	const struct average_pool *a = RT_ATTRS(average_pool, c);
	const struct rt_shape *x = &c->in[0].shape;

	RT_TRY(rt_want_elements(c, 0, "input", err));
	g->is_nd = x->rank > 4;
	g->planes = x->dim[0] * (x->rank > 1 ? x->dim[1] : 1);
	if (g->is_nd)
		return rt_window_nd_resolve(&g->nd, &a->window, NULL, x, a->ceil_mode, err);
	RT_TRY(rt_window_resolve(&g->plane.win, &a->window, NULL, x, a->ceil_mode, err));
	RT_TRY(rt_window_pads_below_kernel(&g->plane.win, err));
	g->plane.planes = g->planes;
	g->plane.count_pads = a->count_include_pad;
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct pool g;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(geometry(&g, c, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = g.is_nd ? rt_window_nd_shape(&g.nd, x, x->dim[1])
				  : rt_window_shape(&g.plane.win, x, x->dim[1]);
	return RT_OK;
}

static struct pool known(const struct rt_call *c)
{
	struct pool g;
	struct rt_err err;

	RT_ASSERT(geometry(&g, c, &err) == RT_OK);
	return g;
}

static void forward(const struct rt_call *c)
{
	bool count_pads = RT_ATTRS(average_pool, c)->count_include_pad;
	struct pool g = known(c);

	if (g.is_nd)
		rt_avgpool_nd(g.planes, &g.nd, count_pads, c->out[0].data, c->in[0].data);
	else
		rt_avgpool(&g.plane, c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	bool count_pads = RT_ATTRS(average_pool, c)->count_include_pad;
	struct pool g = known(c);

	if (c->in[0].grad && g.is_nd)
		rt_avgpool_nd_backward(g.planes, &g.nd, count_pads, c->in[0].grad, c->out[0].grad);
	else if (c->in[0].grad)
		rt_avgpool_backward(&g.plane, c->in[0].grad, c->out[0].grad);
}

const struct rt_op rt_op_AveragePool = {
	.row = {.name = "AveragePool", .summary = "mean of every window",
		.opts = opts, .params_size = sizeof(struct average_pool)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
