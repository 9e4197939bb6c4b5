/* squeeze.c - Squeeze: drops axes of length 1, all of them or those named by in[1]. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

#include <inttypes.h>

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known axes;
	struct rt_shape y = {0};
	unsigned drop;

	RT_TRY(rt_known_list(&axes, c, 1, "axes", err));
	RT_TRY(rt_known_axes(&drop, axes.v, axes.n, x->rank, err));
	for (int d = 0; d < x->rank; d++) {
		bool named = drop >> d & 1;

		if (named && x->dim[d] != 1)
			return rt_fail(err, RT_ESHAPE,
				       "axis %d has length %" PRId64 ", only 1 can be dropped", d,
				       x->dim[d]);
		if (!(named || (axes.n == 0 && x->dim[d] == 1)))
			y.dim[y.rank++] = x->dim[d];
	}
	return rt_known_view(c, &y, err);
}

const struct rt_op rt_op_Squeeze = {
	.row = {.name = "Squeeze", .summary = "without axes of length 1"},
	.min_in = 1, .max_in = 2, .min_out = 1, .max_out = 1,
	.flags = RT_OP_VIEW,
	.infer = infer,
	.backward = rt_known_view_backward,
};
