/* reduce.c - what the reductions over axes have in common. */
#include "config.h"

#include "ops/reduce.h"
#include "ops/want.h"
#include "tensor/binary.h"

#include <string.h>

static bool is_summed(unsigned axes, int d)
{
	return axes == 0 || (axes >> d & 1);
}

/* The input's shape with length 1 along the summed axes. */
static struct rt_shape kept_shape(const struct rt_call *c, unsigned axes)
{
	struct rt_shape y = c->in[0].shape;

	for (int d = 0; d < y.rank; d++)
		if (is_summed(axes, d))
			y.dim[d] = 1;
	return y;
}

static double scale(const struct rt_call *c, const struct rt_shape *kept, bool mean)
{
	return mean ? (double)rt_shape_count(kept) / (double)rt_shape_count(&c->in[0].shape) : 1;
}

enum rt_status rt_reduce_infer(struct rt_call *c, unsigned axes, bool keep, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_shape *y = &c->out[0].shape;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	c->out[0].dtype = RT_F32;
	y->rank = 0;
	for (int d = 0; d < x->rank; d++)
		if (keep || !is_summed(axes, d))
			y->dim[y->rank++] = is_summed(axes, d) ? 1 : x->dim[d];
	return RT_OK;
}

void rt_reduce_forward(const struct rt_call *c, unsigned axes, bool mean)
{
	struct rt_shape kept = kept_shape(c, axes);

	memset(c->out[0].data, 0, (size_t)rt_shape_count(&kept) * sizeof(float));
	rt_sum_to(c->out[0].data, &kept, c->in[0].data, &c->in[0].shape, scale(c, &kept, mean));
}

void rt_reduce_backward(const struct rt_call *c, unsigned axes, bool mean)
{
	struct rt_shape kept = kept_shape(c, axes);

	if (c->in[0].grad && c->out[0].grad)
		rt_spread_add(c->in[0].grad, &c->in[0].shape, c->out[0].grad, &kept,
			      (float)scale(c, &kept, mean));
}
