/* unsqueeze.c - Unsqueeze: new axes of length 1 at the places in[1], counted in the result. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known axes;
	struct rt_shape y = {0};
	unsigned added;

	RT_TRY(rt_known_list(&axes, c, 1, "axes", err));
	y.rank = x->rank + axes.n;
	if (y.rank > RT_MAX_RANK)
		return rt_fail(err, RT_ESHAPE, "%d dimensions and %d more; at most %d are possible",
			       x->rank, axes.n, RT_MAX_RANK);
	RT_TRY(rt_known_axes(&added, axes.v, axes.n, y.rank, err));
	for (int d = 0, from = 0; d < y.rank; d++)
		y.dim[d] = added >> d & 1 ? 1 : x->dim[from++];
	return rt_known_view(c, &y, err);
}

const struct rt_op rt_op_Unsqueeze = {
	.row = {.name = "Unsqueeze", .summary = "with further axes of length 1"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_VIEW,
	.infer = infer,
	.backward = rt_known_view_backward,
};
