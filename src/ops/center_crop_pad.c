/* center_crop_pad.c - CenterCropPad: the middle of axes that are too long, zeros around those that
 * are too short.
 *
 * Of d elements too many or too few, d / 2 rounded down are before the middle, the rest behind it.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "tensor/layout.h"

struct center_crop_pad {
	struct rt_ints axes;
};

static const struct rt_opt opts[] = {
	{"axes", "which axes the sizes are of; all by default", RT_INTS,
	 offsetof(struct center_crop_pad, axes)},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_ints *axes = &RT_ATTRS(center_crop_pad, c)->axes;
	const struct rt_shape *x = &c->in[0].shape;
	int wanted = axes->n ? axes->n : x->rank;
	int64_t dim[RT_MAX_RANK];
	struct rt_known size;
	unsigned bits;

	RT_TRY(rt_known_list(&size, c, 1, "shape", err));
	RT_TRY(rt_known_axes(&bits, axes->v, axes->n, x->rank, err));
	if (size.n != wanted)
		return rt_fail(err, RT_ESHAPE, "shape has %d numbers for %d axes", size.n, wanted);
	for (int d = 0; d < x->rank; d++)
		dim[d] = x->dim[d];
	for (int i = 0; i < size.n; i++) {
		int64_t axis = axes->n ? axes->v[i] : i;

		dim[axis < 0 ? axis + x->rank : axis] = size.v[i];
	}
	c->out[0].dtype = c->in[0].dtype;
	return rt_known_shape(&c->out[0].shape, dim, x->rank, err);
}

/* As Pad has them: before all axes, then behind them; below 0 cuts. */
static void find_pads(int64_t pads[2 * RT_MAX_RANK], const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape, *y = &c->out[0].shape;

	for (int d = 0; d < x->rank; d++) {
		int64_t more = y->dim[d] - x->dim[d];

		pads[d] = more / 2;
		pads[x->rank + d] = more - more / 2;
	}
}

static void forward(const struct rt_call *c)
{
	static const uint64_t zero;
	int64_t pads[2 * RT_MAX_RANK];

	find_pads(pads, c);
	rt_pad(c->out[0].data, &c->out[0].shape, c->in[0].data, &c->in[0].shape,
	       rt_dtype(c->in[0].dtype)->size, pads, RT_PAD_CONSTANT, &zero);
}

static void backward(const struct rt_call *c)
{
	int64_t pads[2 * RT_MAX_RANK];

	find_pads(pads, c);
	if (c->in[0].grad && c->out[0].grad)
		rt_pad_add(c->in[0].grad, &c->in[0].shape, c->out[0].grad, &c->out[0].shape, pads,
			   RT_PAD_CONSTANT);
}

const struct rt_op rt_op_CenterCropPad = {
	.row = {.name = "CenterCropPad", .summary = "the middle cut out, or zeros around it",
		.opts = opts, .params_size = sizeof(struct center_crop_pad)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
