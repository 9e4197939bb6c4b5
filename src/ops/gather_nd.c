/* gather_nd.c - GatherND: slices of data picked by lists of whole numbers, one for each of its
 * first axes behind the batch.
 *
 * data (B.., D1, .., DK, S..), indices (B.., M.., K) -> y (B.., M.., S..).  A list that points
 * outside yields NaN (0 in whole numbers), without gradient.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/place.h"

struct attrs {
	int64_t batch_dims;
};

static const struct rt_opt opts[] = {
	{"batch_dims", "how many axes in front data and indices share", RT_INT,
	 offsetof(struct attrs, batch_dims), "0"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape, *m = &c->in[1].shape;
	const int64_t batch = RT_ATTRS(attrs, c)->batch_dims;
	int64_t dim[2 * RT_MAX_RANK];
	int n = 0;

	RT_TRY(rt_slice_check(c, batch, err));
	for (int d = 0; d < m->rank - 1; d++)
		dim[n++] = m->dim[d];
	for (int d = (int)(batch + m->dim[m->rank - 1]); d < x->rank; d++)
		dim[n++] = x->dim[d];
	c->out[0].dtype = c->in[0].dtype;
	return rt_known_shape(&c->out[0].shape, dim, n, err);
}

static size_t work_size(const struct rt_call *c)
{
	return (size_t)rt_slice_count(c) * sizeof(int64_t);
}

static void forward(const struct rt_call *c)
{
	const int64_t batch = RT_ATTRS(attrs, c)->batch_dims;

	rt_slice_places(c->work, c, batch);
	rt_gather_places(c, rt_slice_count(c), c->work, rt_slice_length(c, batch));
}

static void backward(const struct rt_call *c)
{
	const int64_t batch = RT_ATTRS(attrs, c)->batch_dims;

	if (!c->in[0].grad || !c->out[0].grad)
		return;
	rt_slice_places(c->work, c, batch);
	rt_gather_places_backward(c, rt_slice_count(c), c->work, rt_slice_length(c, batch));
}

const struct rt_op rt_op_GatherND = {
	.row = {.name = "GatherND", .summary = "slices picked by lists of whole numbers",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
