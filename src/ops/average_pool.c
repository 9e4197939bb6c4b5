/* average_pool.c - AveragePool: the mean of every window, with or without the padding. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/pool.h"

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

static enum rt_status geometry(struct rt_pool *g, const struct rt_call *c, struct rt_err *err)
{
	const struct average_pool *a = RT_ATTRS(average_pool, c);
	const struct rt_shape *x = &c->in[0].shape;

	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_window_resolve(&g->win, &a->window, NULL, x, a->ceil_mode, err));
	RT_TRY(rt_window_pads_below_kernel(&g->win, err));
	g->planes = x->dim[0] * x->dim[1];
	g->count_pads = a->count_include_pad;
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_pool g;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(geometry(&g, c, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = rt_window_shape(&g.win, &c->in[0].shape, c->in[0].shape.dim[1]);
	return RT_OK;
}

static struct rt_pool known(const struct rt_call *c)
{
	struct rt_pool g;
	struct rt_err err;

	RT_ASSERT(geometry(&g, c, &err) == RT_OK);
	return g;
}

static void forward(const struct rt_call *c)
{
	struct rt_pool g = known(c);

	rt_avgpool(&g, c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_pool g = known(c);

	if (c->in[0].grad)
		rt_avgpool_backward(&g, c->in[0].grad, c->out[0].grad);
}

const struct rt_op rt_op_AveragePool = {
	.row = {.name = "AveragePool", .summary = "mean of every window",
		.opts = opts, .params_size = sizeof(struct average_pool)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
