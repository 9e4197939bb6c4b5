/* reduce.c - what the reductions over axes have in common. */
#include "config.h"

#include "ops/reduce.h"
#include "ops/widen.h"

static bool is_reduced(unsigned axes, int d)
{
	return axes == 0 || (axes >> d & 1);
}

void rt_reduce_shape(struct rt_shape *y, const struct rt_shape *x, unsigned axes, bool keep)
{
	y->rank = 0;
	for (int d = 0; d < x->rank; d++)
		if (keep || !is_reduced(axes, d))
			y->dim[y->rank++] = is_reduced(axes, d) ? 1 : x->dim[d];
}

void rt_reduce_forward(const struct rt_call *c, enum rt_reduction f, unsigned axes)
{
	struct rt_shape kept;

	rt_reduce_shape(&kept, &c->in[0].shape, axes, true);
	rt_reduce(f, c->in[0].dtype, c->out[0].data, &kept, c->in[0].data, &c->in[0].shape);
}

/* f32 copies of other floating types, then what rt_reduce_grad() takes. */
size_t rt_reduce_work(const struct rt_call *c)
{
	return rt_widen_size(c) + 2 * (size_t)rt_shape_count(&c->out[0].shape) * sizeof(float);
}

void rt_reduce_backward(const struct rt_call *c, enum rt_reduction f, unsigned axes)
{
	struct rt_shape kept;
	struct rt_wide w;

	if (!c->in[0].grad || !c->out[0].grad || !rt_dtype(c->in[0].dtype)->is_float)
		return;
	rt_widen(&w, c, true);
	rt_reduce_shape(&kept, &c->in[0].shape, axes, true);
	rt_reduce_grad(f, c->in[0].grad, &c->in[0].shape, c->out[0].grad, &kept,
		       w.call.in[0].data, w.call.out[0].data, w.call.work);
}
