/* plane.c - the shape rule of the global pools. */
#include "config.h"

#include "ops/plane.h"
#include "ops/want.h"

#include <inttypes.h>

int64_t rt_planes(const struct rt_call *c)
{
	return rt_shape_span(&c->in[0].shape, 0, 2);
}

int64_t rt_plane_size(const struct rt_call *c)
{
	return rt_shape_span(&c->in[0].shape, 2, c->in[0].shape.rank);
}

enum rt_status rt_plane_infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	char buf[128];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	if (x->rank < 3)
		return rt_fail(err, RT_ESHAPE, "input is %s; batch x channels x size is wanted",
			       rt_shape_text(buf, sizeof(buf), x));
	if (rt_plane_size(c) > INT32_MAX)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "a plane of %" PRId64 " elements; at most %d are possible",
			       rt_plane_size(c), INT32_MAX);
	c->out[0].dtype = RT_F32;
	c->out[0].shape = *x;
	for (int d = 2; d < x->rank; d++)
		c->out[0].shape.dim[d] = 1;
	return RT_OK;
}
