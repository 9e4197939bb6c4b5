/* max_pool.c - MaxPool: the largest tap of every window; the gradient goes to it alone. */
#include "config.h"

#include "ops/max_pool.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/pool_nd.h"

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
	 .summary = "how Indices count a plane: 0 by rows, 1 by columns"},
	{0},
};

/* The kernels for planes of f32; those for any number of dimensions, which tell indices too. */
struct pool {
	bool is_nd;
	struct rt_pool plane;
	struct rt_window_nd nd;
	int64_t planes, nx, ny;	/* planes; elements of one of x and of y */
};

static enum rt_status geometry(struct pool *g, const struct rt_call *c, struct rt_err *err)
{
	const struct max_pool *a = RT_ATTRS(max_pool, c);
	const struct rt_shape *x = &c->in[0].shape;

	RT_TRY(rt_want_elements(c, 0, "input", err));
	*g = (struct pool){.is_nd = x->rank > 4 || c->nout > 1 || c->in[0].dtype != RT_F32};
	if (g->is_nd)
		RT_TRY(rt_window_nd_resolve(&g->nd, &a->window, NULL, x, a->ceil_mode, err));
	else
		RT_TRY(rt_window_resolve(&g->plane.win, &a->window, NULL, x, a->ceil_mode, err));
	if (!g->is_nd)
		RT_TRY(rt_window_pads_below_kernel(&g->plane.win, err));
	g->planes = g->plane.planes = x->dim[0] * x->dim[1];
	g->nx = rt_shape_span(x, 2, x->rank);
	g->ny = g->is_nd ? rt_sizes(g->nd.n, g->nd.out)
			 : g->plane.win.out[0] * g->plane.win.out[1];
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct pool g;

	if (c->in[0].dtype != RT_U8 && c->in[0].dtype != RT_I8)
		RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(geometry(&g, c, err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = g.is_nd ? rt_window_nd_shape(&g.nd, x, x->dim[1])
				  : rt_window_shape(&g.plane.win, x, x->dim[1]);
	if (c->nout > 1) {
		c->out[1].dtype = RT_I64;
		c->out[1].shape = c->out[0].shape;
	}
	return RT_OK;
}

static struct pool known(const struct rt_call *c)
{
	struct pool g;
	struct rt_err err;

	RT_ASSERT(geometry(&g, c, &err) == RT_OK);
	return g;
}

bool rt_max_pool_of_call(struct rt_pool *plane, const struct rt_call *c)
{
	struct pool g = known(c);

	*plane = g.plane;
	return !g.is_nd;
}

/* Which element of its plane won: (N,C,P,Q) int32, or (N,C,...) int64 by the nd kernels. */
static size_t argmax_size(const struct rt_call *c)
{
	struct pool g = known(c);

	return (size_t)(g.planes * g.ny) * (g.is_nd ? sizeof(int64_t) : sizeof(int32_t));
}

static size_t saved_size(const struct rt_call *c)
{
	return c->purpose == RT_INFER ? 0 : argmax_size(c);
}

/* Whole numbers are compared as f32, which holds all of a byte. */
static size_t f32_size(const struct rt_call *c)
{
	struct pool g = known(c);

	return c->in[0].dtype == RT_F32 ? 0 : (size_t)(g.planes * (g.nx + g.ny)) * sizeof(float);
}

static size_t work_size(const struct rt_call *c)
{
	if (!known(c).is_nd)
		return 0;
	return f32_size(c) + (c->purpose == RT_INFER ? argmax_size(c) : 0);
}

/* Indices count through the whole input; with storage_order 1 the spatial dimensions of a plane are
 * counted from the first to the last. */
static void write_indices(const struct rt_call *c, const struct pool *g, const int64_t *argmax)
{
	int64_t *to = c->out[1].data, index[RT_WINDOW_DIMS];

	for (int64_t i = 0; i < g->planes * g->ny; i++) {
		int64_t at = argmax[i];

		if (RT_ATTRS(max_pool, c)->storage_order && at >= 0) {
			rt_unravel(g->nd.n, g->nd.in, at, index);
			at = 0;
			for (int d = g->nd.n - 1; d >= 0; d--)
				at = at * g->nd.in[d] + index[d];
		}
		to[i] = i / g->ny * g->nx + at;
	}
}

static void forward_nd(const struct rt_call *c, const struct pool *g)
{
	int64_t *argmax = c->purpose == RT_INFER ? c->work : c->saved;
	char *rest = (char *)c->work + (c->purpose == RT_INFER ? argmax_size(c) : 0);
	float *x = c->in[0].data, *y = c->out[0].data;

	if (c->in[0].dtype != RT_F32) {
		x = (float *)rest;
		y = x + g->planes * g->nx;
		rt_convert(x, RT_F32, c->in[0].data, c->in[0].dtype, g->planes * g->nx);
	}
	rt_maxpool_nd(g->planes, &g->nd, y, argmax, x);
	if (c->in[0].dtype != RT_F32)
		rt_convert(c->out[0].data, c->out[0].dtype, y, RT_F32, g->planes * g->ny);
	if (c->nout > 1 && c->out[1].present)
		write_indices(c, g, argmax);
}

static void forward(const struct rt_call *c)
{
	struct pool g = known(c);

	if (g.is_nd)
		forward_nd(c, &g);
	else
		rt_maxpool(&g.plane, c->out[0].data, c->purpose == RT_INFER ? NULL : c->saved,
			   c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct pool g = known(c);
	const int64_t *argmax = c->saved;
	const float *dy = c->out[0].grad;

	if (!c->in[0].grad || !dy)
		return;
	if (!g.is_nd)
		rt_maxpool_backward(&g.plane, c->in[0].grad, c->saved, dy);
	for (int64_t i = 0; g.is_nd && i < g.planes * g.ny; i++)
		if (argmax[i] >= 0)
			c->in[0].grad[i / g.ny * g.nx + argmax[i]] += dy[i];
}

const struct rt_op rt_op_MaxPool = {
	.row = {.name = "MaxPool", .summary = "largest element of every window",
		.opts = opts, .params_size = sizeof(struct max_pool)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 2,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
