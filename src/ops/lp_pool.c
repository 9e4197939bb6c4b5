/* lp_pool.c - LpPool and GlobalLpPool: the length of every window, and of every plane, by the
 * p-norm; tensor/lp.h has the formulas. */
#include "config.h"

#include "ops/ops.h"
#include "ops/plane.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/lp.h"

struct lp_pool {
	struct rt_window_attrs window;
	bool ceil_mode;
	int64_t p;
};

#define P_OPT(type)                                                                                \
	{"p", "exponent of the norm", RT_INT, offsetof(struct type, p), "2", 1, 1024}

static const struct rt_opt opts[] = {
	RT_WINDOW_OPTS(RT_OPT_REQUIRED),
	RT_WINDOW_DILATIONS,
	{"ceil_mode", "keep a last window that is only partly inside", RT_BOOL,
	 offsetof(struct lp_pool, ceil_mode), "0"},
	P_OPT(lp_pool),
	{0},
};

static enum rt_status geometry(struct rt_window_nd *w, const struct rt_call *c, struct rt_err *err)
{
	const struct lp_pool *a = c->attrs;

	RT_TRY(rt_want_elements(c, 0, "input", err));
	return rt_window_nd_resolve(w, &a->window, NULL, &c->in[0].shape, a->ceil_mode, err);
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_window_nd w;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(geometry(&w, c, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = rt_window_nd_shape(&w, x, x->dim[1]);
	return RT_OK;
}

static struct rt_window_nd known(const struct rt_call *c)
{
	struct rt_window_nd w;
	struct rt_err err;

	RT_ASSERT(geometry(&w, c, &err) == RT_OK);
	return w;
}

static int64_t planes(const struct rt_call *c)
{
	return c->in[0].shape.dim[0] * c->in[0].shape.dim[1];
}

static void forward(const struct rt_call *c)
{
	struct rt_window_nd w = known(c);

	rt_lp_pool(planes(c), &w, RT_ATTRS(lp_pool, c)->p, c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_window_nd w = known(c);

	if (c->in[0].grad && c->out[0].grad)
		rt_lp_pool_backward(planes(c), &w, RT_ATTRS(lp_pool, c)->p, c->in[0].grad,
				    c->out[0].grad, c->out[0].data, c->in[0].data);
}

const struct rt_op rt_op_LpPool = {
	.row = {.name = "LpPool", .summary = "length of every window by the p-norm",
		.opts = opts, .params_size = sizeof(struct lp_pool)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.bwd_in = 1, .bwd_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};

struct global_lp_pool {
	int64_t p;
};

static const struct rt_opt global_opts[] = {P_OPT(global_lp_pool), {0}};

static void global_forward(const struct rt_call *c)
{
	rt_lp(rt_planes(c), rt_plane_size(c), 1, RT_ATTRS(global_lp_pool, c)->p, c->out[0].data,
	      c->in[0].data);
}

static void global_backward(const struct rt_call *c)
{
	if (c->in[0].grad && c->out[0].grad)
		rt_lp_backward(rt_planes(c), rt_plane_size(c), 1, RT_ATTRS(global_lp_pool, c)->p,
			       c->in[0].grad, c->out[0].grad, c->out[0].data, c->in[0].data);
}

const struct rt_op rt_op_GlobalLpPool = {
	.row = {.name = "GlobalLpPool", .summary = "length of every plane by the p-norm",
		.opts = global_opts, .params_size = sizeof(struct global_lp_pool)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.bwd_in = 1, .bwd_out = 1,
	.infer = rt_plane_infer,
	.forward = global_forward,
	.backward = global_backward,
};
