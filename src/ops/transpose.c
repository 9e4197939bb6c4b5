/* transpose.c - Transpose: axis d of the result is axis perm[d] of the input. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "tensor/layout.h"
#include "tensor/nest.h"

struct attrs {
	struct rt_ints perm;
};

static const struct rt_opt opts[] = {
	{"perm", "the input's axes in the order of the result", RT_INTS,
	 offsetof(struct attrs, perm)},
	{0},
};

static int source(const struct rt_call *c, int d)
{
	const struct rt_ints *perm = &RT_ATTRS(attrs, c)->perm;
	int rank = c->in[0].shape.rank;

	if (perm->n == 0)
		return rank - 1 - d;
	return (int)(perm->v[d] < 0 ? perm->v[d] + rank : perm->v[d]);
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_ints *perm = &RT_ATTRS(attrs, c)->perm;
	const struct rt_shape *x = &c->in[0].shape;
	unsigned seen;

	if (perm->n != 0 && perm->n != x->rank)
		return rt_fail(err, RT_ESHAPE, "perm names %d axes, the input has %d", perm->n,
			       x->rank);
	RT_TRY(rt_known_axes(&seen, perm->v, perm->n, x->rank, err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape.rank = x->rank;
	for (int d = 0; d < x->rank; d++)
		c->out[0].shape.dim[d] = x->dim[source(c, d)];
	return RT_OK;
}

/* Steps of the input under the axes of the result. */
static void steps(const struct rt_call *c, int64_t x[RT_MAX_RANK], int64_t y[RT_MAX_RANK])
{
	int64_t dense[RT_MAX_RANK];

	rt_steps_dense(dense, &c->in[0].shape);
	rt_steps_dense(y, &c->out[0].shape);
	for (int d = 0; d < c->in[0].shape.rank; d++)
		x[d] = dense[source(c, d)];
}

static void forward(const struct rt_call *c)
{
	int64_t x[RT_MAX_RANK] = {0}, y[RT_MAX_RANK];

	steps(c, x, y);
	rt_copy_steps(c->out[0].data, y, c->in[0].data, x, rt_dtype(c->in[0].dtype)->size,
		      &c->out[0].shape);
}

static void backward(const struct rt_call *c)
{
	int64_t x[RT_MAX_RANK] = {0}, y[RT_MAX_RANK];

	if (!c->in[0].grad || !c->out[0].grad)
		return;
	steps(c, x, y);
	rt_add_steps(c->in[0].grad, x, c->out[0].grad, y, &c->out[0].shape);
}

const struct rt_op rt_op_Transpose = {
	.row = {.name = "Transpose", .summary = "axes in another order", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
