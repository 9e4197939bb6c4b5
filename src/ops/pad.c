/* pad.c - Pad: new elements around the input, constant, mirrored or repeated; less than 0 cuts. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "tensor/layout.h"

#include <inttypes.h>

struct attrs {
	int mode;
};

static const char *const choices[] = {
	[RT_PAD_CONSTANT] = "constant", [RT_PAD_REFLECT] = "reflect", [RT_PAD_EDGE] = "edge", NULL};

static const struct rt_opt opts[] = {
	{"mode", "constant: one value; reflect: mirrored at the edge; edge: the edge repeated",
	 RT_CHOICE, offsetof(struct attrs, mode), "constant", .choices = choices},
	{0},
};

static enum rt_status check_axis(const struct rt_call *c, int d, int64_t before, int64_t behind,
				 struct rt_err *err)
{
	int64_t n = c->in[0].shape.dim[d], more = before > behind ? before : behind;
	int mode = RT_ATTRS(attrs, c)->mode;

	if (before > INT32_MAX || behind > INT32_MAX || before < -n || behind < -n ||
	    n + before + behind < 0)
		return rt_fail(err, RT_ESHAPE,
			       "pads %" PRId64 " and %" PRId64
			       " of dimension %d, which has %" PRId64,
			       before, behind, d, n);
	if (mode == RT_PAD_REFLECT && more >= n && more > 0)
		return rt_fail(err, RT_ESHAPE,
			       "pad %" PRId64
			       " of dimension %d: reflect needs less than its length %" PRId64,
			       more, d, n);
	if (mode == RT_PAD_EDGE && n == 0 && more > 0)
		return rt_fail(err, RT_ESHAPE, "dimension %d has no edge to repeat", d);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known pads;
	int64_t dim[RT_MAX_RANK];

	RT_TRY(rt_known_list(&pads, c, 1, "pads", err));
	if (pads.n != 2 * x->rank)
		return rt_fail(err, RT_ESHAPE, "%d pads for %d dimensions; two for each are wanted",
			       pads.n, x->rank);
	if (c->nin > 2 && c->in[2].present &&
	    (c->in[2].dtype != c->in[0].dtype || rt_shape_count(&c->in[2].shape) != 1))
		return rt_fail(err, RT_ESHAPE, "constant_value must be one %s",
			       rt_dtype(c->in[0].dtype)->row.name);
	for (int d = 0; d < x->rank; d++) {
		RT_TRY(check_axis(c, d, pads.v[d], pads.v[d + x->rank], err));
		dim[d] = x->dim[d] + pads.v[d] + pads.v[d + x->rank];
	}
	c->out[0].dtype = c->in[0].dtype;
	return rt_known_shape(&c->out[0].shape, dim, x->rank, err);
}

static void forward(const struct rt_call *c)
{
	static const uint64_t zero;
	const void *value = c->nin > 2 && c->in[2].present ? c->in[2].data : &zero;
	struct rt_known pads = rt_known_again(c, 1);

	rt_pad(c->out[0].data, &c->out[0].shape, c->in[0].data, &c->in[0].shape,
	       rt_dtype(c->in[0].dtype)->size, pads.v, (enum rt_pad_mode)RT_ATTRS(attrs, c)->mode,
	       value);
}

static void backward(const struct rt_call *c)
{
	struct rt_known pads = rt_known_again(c, 1);

	if (c->in[0].grad && c->out[0].grad)
		rt_pad_add(c->in[0].grad, &c->in[0].shape, c->out[0].grad, &c->out[0].shape, pads.v,
			   (enum rt_pad_mode)RT_ATTRS(attrs, c)->mode);
}

const struct rt_op rt_op_Pad = {
	.row = {.name = "Pad", .summary = "new elements around the input", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
