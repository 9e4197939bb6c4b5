/* grid_sample.c - GridSample: images sampled at the places of a grid. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/grid_sample.h"

struct grid_sample {
	int mode, padding_mode;
	bool align_corners;
};

static const char *const modes[] = {
	[RT_GRID_BILINEAR] = "bilinear", [RT_GRID_NEAREST] = "nearest",
	[RT_GRID_BICUBIC] = "bicubic", NULL};
static const char *const paddings[] = {
	[RT_GRID_ZEROS] = "zeros", [RT_GRID_BORDER] = "border",
	[RT_GRID_REFLECTION] = "reflection", NULL};

static const struct rt_opt opts[] = {
	{.name = "align_corners", .type = RT_BOOL,
	 .offset = offsetof(struct grid_sample, align_corners), .init = "0",
	 .summary = "-1 and 1 are the outer pixels' centres, not their edges"},
	{.name = "mode", .type = RT_CHOICE, .offset = offsetof(struct grid_sample, mode),
	 .init = "bilinear", .choices = modes, .summary = "interpolation"},
	{.name = "padding_mode", .type = RT_CHOICE,
	 .offset = offsetof(struct grid_sample, padding_mode), .init = "zeros",
	 .choices = paddings, .summary = "what lies outside"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape, *grid = &c->in[1].shape;
	char a[128], b[128];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_f32(c, 1, "grid", err));
	if (x->rank != 4 || grid->rank != 4 || grid->dim[3] != 2 || grid->dim[0] != x->dim[0])
		return rt_fail(
			err, RT_ESHAPE,
			"input is %s and grid %s; N x C x H x W and N x P x Q x 2 are wanted",
			rt_shape_text(a, sizeof(a), x), rt_shape_text(b, sizeof(b), grid));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = RT_SHAPE(x->dim[0], x->dim[1], grid->dim[1], grid->dim[2]);
	return RT_OK;
}

static struct rt_grid_sample geometry(const struct rt_call *c)
{
	const struct grid_sample *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape, *grid = &c->in[1].shape;

	return (struct rt_grid_sample){x->dim[0],
				       x->dim[1],
				       x->dim[2],
				       x->dim[3],
				       grid->dim[1],
				       grid->dim[2],
				       (enum rt_grid_mode)a->mode,
				       (enum rt_grid_padding)a->padding_mode,
				       a->align_corners};
}

static void forward(const struct rt_call *c)
{
	struct rt_grid_sample g = geometry(c);

	rt_grid_sample(&g, c->out[0].data, c->in[0].data, c->in[1].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_grid_sample g = geometry(c);

	if (c->out[0].grad)
		rt_grid_sample_backward(&g, c->in[0].grad, c->in[1].grad, c->out[0].grad,
					c->in[0].data, c->in[1].data);
}

const struct rt_op rt_op_GridSample = {
	.row = {.name = "GridSample", .summary = "images sampled at the places of a grid",
		.opts = opts, .params_size = sizeof(struct grid_sample)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
