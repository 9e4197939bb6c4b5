/* tile.c - Tile: the input repeated in[1][d] times along each axis d. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "tensor/layout.h"

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known repeats;

	RT_TRY(rt_known_list(&repeats, c, 1, "repeats", err));
	if (repeats.n != x->rank)
		return rt_fail(err, RT_ESHAPE, "%d repeats for %d dimensions", repeats.n, x->rank);
	for (int d = 0; d < x->rank; d++)
		if (__builtin_mul_overflow(repeats.v[d], x->dim[d], &repeats.v[d]))
			return rt_fail(err, RT_ESHAPE, "more elements than can be counted");
	c->out[0].dtype = c->in[0].dtype;
	return rt_known_shape(&c->out[0].shape, repeats.v, repeats.n, err);
}

static const int64_t nowhere[RT_MAX_RANK];

static void forward(const struct rt_call *c)
{
	rt_pad(c->out[0].data, &c->out[0].shape, c->in[0].data, &c->in[0].shape,
	       rt_dtype(c->in[0].dtype)->size, nowhere, RT_PAD_WRAP, NULL);
}

static void backward(const struct rt_call *c)
{
	if (c->in[0].grad && c->out[0].grad && rt_shape_count(&c->out[0].shape) > 0)
		rt_pad_add(c->in[0].grad, &c->in[0].shape, c->out[0].grad, &c->out[0].shape,
			   nowhere, RT_PAD_WRAP);
}

const struct rt_op rt_op_Tile = {
	.row = {.name = "Tile", .summary = "the input repeated along its axes"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
