/* whole.c - what the operators on bytes share. */
#include "config.h"

#include "ops/whole.h"
#include "ops/want.h"

#include <inttypes.h>

const struct rt_opt rt_whole_conv_opts[] = {
	RT_WINDOW_OPTS(0),
	RT_WINDOW_DILATIONS,
	{.name = "group", .type = RT_INT, .offset = offsetof(struct rt_whole_conv_attrs, group),
	 .init = "1", .min = 1, .max = RT_WINDOW_MAX,
	 .summary = "into how many groups channels are divided"},
	{0},
};

enum rt_status rt_want_bytes(const struct rt_call *c, int i, const char *what, struct rt_err *err)
{
	if (c->in[i].dtype == RT_I8 || c->in[i].dtype == RT_U8)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s is %s; i8 or u8 is wanted", what,
		       rt_dtype(c->in[i].dtype)->row.name);
}

enum rt_status rt_want_zero(const struct rt_call *c, int i, int like, const char *what, int64_t n,
			    struct rt_err *err)
{
	int64_t have;

	if (i >= c->nin || !c->in[i].present)
		return RT_OK;
	have = rt_shape_count(&c->in[i].shape);
	if (c->in[i].dtype == c->in[like].dtype && (have == 1 || have == n))
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s: %" PRId64 " of %s; 1 or %" PRId64 " of %s are wanted",
		       what, have, rt_dtype(c->in[i].dtype)->row.name, n,
		       rt_dtype(c->in[like].dtype)->row.name);
}

enum rt_status rt_want_scale(const struct rt_call *c, int i, const char *what, int64_t n,
			     struct rt_err *err)
{
	int64_t have = rt_shape_count(&c->in[i].shape);

	RT_TRY(rt_want_f32(c, i, what, err));
	if (have == 1 || have == n)
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s has %" PRId64 " numbers; 1 or %" PRId64 " are wanted",
		       what, have, n);
}

struct rt_bytes rt_bytes_of(const struct rt_call *c, int data, int zero)
{
	bool has = zero < c->nin && c->in[zero].present;

	return (struct rt_bytes){c->in[data].data, c->in[data].dtype,
				 has ? c->in[zero].data : NULL,
				 has ? rt_shape_count(&c->in[zero].shape) : 1};
}

enum rt_status rt_whole_conv_geometry(struct rt_conv_nd *g, const struct rt_call *c, int x, int w,
				      struct rt_err *err)
{
	const struct rt_whole_conv_attrs *a = c->attrs;
	const struct rt_shape *xs = &c->in[x].shape, *ws = &c->in[w].shape;
	char buf[2][128];

	RT_TRY(rt_want_elements(c, x, "input", err));
	RT_TRY(rt_want_elements(c, w, "weight", err));
	if (xs->rank != ws->rank || xs->rank < 3 || ws->dim[1] * a->group != xs->dim[1] ||
	    ws->dim[0] % a->group)
		return rt_fail(err, RT_ESHAPE,
			       "input %s does not fit weight %s (groups %" PRId64 ")",
			       rt_shape_text(buf[0], sizeof(buf[0]), xs),
			       rt_shape_text(buf[1], sizeof(buf[1]), ws), a->group);
	*g = (struct rt_conv_nd){.N = xs->dim[0], .C = xs->dim[1], .K = ws->dim[0],
				 .groups = a->group};
	return rt_window_nd_resolve(&g->win, &a->window, ws->dim + 2, xs, false, err);
}

enum rt_status rt_whole_product(struct rt_whole_product *p, const struct rt_shape *a,
				const struct rt_shape *b, struct rt_err *err)
{
	struct rt_shape ao, bo;
	char buf[2][128];

	if (a->rank < 1 || b->rank < 1)
		return rt_fail(err, RT_ESHAPE, "a scalar; a matrix is wanted");
	p->a = a->rank == 1 ? RT_SHAPE(1, a->dim[0]) : *a;
	p->b = b->rank == 1 ? RT_SHAPE(b->dim[0], 1) : *b;
	ao = p->a;
	bo = p->b;
	ao.rank -= 2;
	bo.rank -= 2;
	if (p->a.dim[p->a.rank - 1] != p->b.dim[p->b.rank - 2])
		return rt_fail(err, RT_ESHAPE, "A is %s and B %s: inner sizes differ",
			       rt_shape_text(buf[0], sizeof(buf[0]), a),
			       rt_shape_text(buf[1], sizeof(buf[1]), b));
	RT_TRY(rt_shape_broadcast(&p->all, &ao, &bo, err));
	p->y = p->all;
	if (a->rank > 1)
		p->y.dim[p->y.rank++] = p->a.dim[p->a.rank - 2];
	if (b->rank > 1)
		p->y.dim[p->y.rank++] = p->b.dim[p->b.rank - 1];
	p->all.dim[p->all.rank++] = p->a.dim[p->a.rank - 2];
	p->all.dim[p->all.rank++] = p->b.dim[p->b.rank - 1];
	return RT_OK;
}
