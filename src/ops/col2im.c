/* col2im.c - Col2Im: overlapping blocks of images summed at the places they come from.
 *
 * columns (N, C R, L), R elements of a block, L blocks -> y (N,C,image...); the transpose of what
 * a convolution gathers.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/conv_nd.h"

#include <inttypes.h>
#include <string.h>

static const struct rt_opt opts[] = {
	RT_WINDOW_DILATIONS,
	RT_WINDOW_OPT(pads, RT_INTS, 0, 0, "padding: before each dimension, then behind each"),
	RT_WINDOW_OPT(strides, RT_INTS, 0, 1, "step of the blocks"),
	{0},
};

/* The image and where its blocks lie. */
struct fold {
	struct rt_shape y;
	struct rt_window_nd win;
};

static enum rt_status geometry(struct fold *f, const struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known image, block;
	int64_t taps = 1, dim[RT_MAX_RANK];

	RT_TRY(rt_known_list(&image, c, 1, "image_shape", err));
	RT_TRY(rt_known_list(&block, c, 2, "block_shape", err));
	if (image.n != block.n || image.n < 1 || image.n > RT_WINDOW_DIMS)
		return rt_fail(err, RT_ESHAPE,
			       "image_shape has %d numbers and block_shape %d; as many, 1 to %d, "
			       "are wanted", image.n, block.n, RT_WINDOW_DIMS);
	for (int i = 0; i < block.n; i++)
		if (block.v[i] < 1 || __builtin_mul_overflow(taps, block.v[i], &taps))
			return rt_fail(err, RT_ESHAPE, "block_shape has %" PRId64, block.v[i]);
	if (x->dim[1] % taps)
		return rt_fail(err, RT_ESHAPE,
			       "dimension 1 is %" PRId64 ", no multiple of the %" PRId64
			       " elements of a block", x->dim[1], taps);
	dim[0] = x->dim[0];
	dim[1] = x->dim[1] / taps;
	memcpy(dim + 2, image.v, (size_t)image.n * sizeof(*dim));
	RT_TRY(rt_known_shape(&f->y, dim, image.n + 2, err));
	RT_TRY(rt_window_nd_resolve(&f->win, c->attrs, block.v, &f->y, false, err));
	if (rt_sizes(f->win.n, f->win.out) != x->dim[2])
		return rt_fail(err, RT_ESHAPE, "the image has %" PRId64 " blocks, the input %"
			       PRId64, rt_sizes(f->win.n, f->win.out), x->dim[2]);
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct fold f;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_rank(c, 0, "input", 3, err));
	RT_TRY(geometry(&f, c, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = f.y;
	return RT_OK;
}

static struct fold known(const struct rt_call *c)
{
	struct fold f;
	struct rt_err err;

	RT_ASSERT(geometry(&f, c, &err) == RT_OK);
	return f;
}

static void forward(const struct rt_call *c)
{
	struct fold f = known(c);

	memset(c->out[0].data, 0, (size_t)rt_shape_count(&f.y) * sizeof(float));
	rt_fold_nd(f.y.dim[0] * f.y.dim[1], &f.win, c->out[0].data, c->in[0].data);
}

/* The gradient of the columns, before it is added. */
static size_t work_size(const struct rt_call *c)
{
	return (size_t)rt_shape_count(&c->in[0].shape) * sizeof(float);
}

static void backward(const struct rt_call *c)
{
	struct fold f = known(c);
	int64_t n = rt_shape_count(&c->in[0].shape);
	const float *gathered = c->work;

	if (!c->in[0].grad || !c->out[0].grad)
		return;
	rt_unfold_nd(f.y.dim[0] * f.y.dim[1], &f.win, c->work, c->out[0].grad);
	for (int64_t i = 0; i < n; i++)
		c->in[0].grad[i] += gathered[i];
}

const struct rt_op rt_op_Col2Im = {
	.row = {.name = "Col2Im", .summary = "blocks of images summed at their places",
		.opts = opts, .params_size = sizeof(struct rt_window_attrs)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 2 | 4,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
