/* scatter_nd.c - ScatterND: slices of in[2] put into a copy of data where the lists of in[1] point
 * (see GatherND); one that points outside is left out.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/place.h"
#include "ops/scatter.h"

struct attrs {
	int reduction;
};

static const struct rt_opt opts[] = {
	{"reduction", "how a slice meets what is there: none replaces it", RT_CHOICE,
	 offsetof(struct attrs, reduction), "none", .choices = rt_scatter_choices},
	{0},
};

static enum rt_scatter how(const struct rt_call *c)
{
	return (enum rt_scatter)RT_ATTRS(attrs, c)->reduction;
}

/* The shape of updates: one slice for each list. */
static struct rt_shape wanted(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape, *m = &c->in[1].shape;
	struct rt_shape u = *m;

	u.rank = m->rank - 1;
	for (int d = (int)m->dim[m->rank - 1]; d < x->rank && u.rank < RT_MAX_RANK; d++)
		u.dim[u.rank++] = x->dim[d];
	return u;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_shape updates;
	char want[128], got[128];

	RT_TRY(rt_scatter_check(c, how(c), err));
	RT_TRY(rt_slice_check(c, 0, err));
	updates = wanted(c);
	if (!rt_shape_equal(&updates, &c->in[2].shape))
		return rt_fail(err, RT_ESHAPE, "updates are %s, %s is wanted",
			       rt_shape_text(got, sizeof(got), &c->in[2].shape),
			       rt_shape_text(want, sizeof(want), &updates));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	return rt_scatter_work(c, rt_slice_count(c));
}

static void forward(const struct rt_call *c)
{
	rt_slice_places(c->work, c, 0);
	rt_scatter_forward(c, how(c), rt_slice_count(c), rt_slice_length(c, 0));
}

static void backward(const struct rt_call *c)
{
	rt_slice_places(c->work, c, 0);
	rt_scatter_backward(c, how(c), rt_slice_count(c), rt_slice_length(c, 0));
}

const struct rt_op rt_op_ScatterND = {
	.row = {.name = "ScatterND", .summary = "slices put into a copy of data", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2 | 4,
	.bwd_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
