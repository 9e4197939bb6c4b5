/* max_pool.c - MaxPool: the largest tap of every window; the gradient goes to it alone. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/pool.h"

struct max_pool {
	struct rt_window_attrs window;
	bool ceil_mode;
	int64_t storage_order;
};

static const struct rt_opt opts[] = {
	RT_WINDOW_OPTS(RT_OPT_REQUIRED),
	RT_WINDOW_DILATIONS,
	{.name = "ceil_mode", .type = RT_BOOL, .offset = offsetof(struct max_pool, ceil_mode),
	 .init = "0", .summary = "keep a last window that is only partly inside"},
	{.name = "storage_order", .type = RT_INT,
	 .offset = offsetof(struct max_pool, storage_order), .init = "0", .min = 0, .max = 1,
	 .summary = "of ONNX's Indices output; without effect here"},
	{0},
};

static enum rt_status geometry(struct rt_pool *g, const struct rt_call *c, struct rt_err *err)
{
	const struct max_pool *a = RT_ATTRS(max_pool, c);
	const struct rt_shape *x = &c->in[0].shape;

	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_window_resolve(&g->win, &a->window, NULL, x, a->ceil_mode, err));
	RT_TRY(rt_window_pads_below_kernel(&g->win, err));
	g->planes = x->dim[0] * x->dim[1];
	g->count_pads = false;
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

/* saved: which element of its plane won, (N,C,P,Q) int32. */
static size_t saved_size(const struct rt_call *c)
{
	return c->purpose == RT_INFER
	       ? 0 : (size_t)rt_shape_count(&c->out[0].shape) * sizeof(int32_t);
}

static void forward(const struct rt_call *c)
{
	struct rt_pool g = known(c);

	rt_maxpool(&g, c->out[0].data, c->purpose == RT_INFER ? NULL : c->saved, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_pool g = known(c);

	if (c->in[0].grad)
		rt_maxpool_backward(&g, c->in[0].grad, c->saved, c->out[0].grad);
}

const struct rt_op rt_op_MaxPool = {
	.row = {.name = "MaxPool", .summary = "largest element of every window",
		.opts = opts, .params_size = sizeof(struct max_pool)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.saved_size = saved_size,
	.forward = forward,
	.backward = backward,
};
