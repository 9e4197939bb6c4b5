/* roi_align.c - RoiAlign: regions of images pooled to one size. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/roi_align.h"

#include <inttypes.h>

struct roi_align {
	int coordinate_transformation_mode, mode;
	int64_t output_height, output_width, sampling_ratio;
	double spatial_scale;
};

static const char *const coordinates[] = {"half_pixel", "output_half_pixel", NULL};
static const char *const modes[] = {"avg", "max", NULL};

#define OPT(field, kind) .name = #field, .type = kind, .offset = offsetof(struct roi_align, field)

static const struct rt_opt opts[] = {
	{OPT(coordinate_transformation_mode, RT_CHOICE), .init = "half_pixel",
	 .choices = coordinates, .summary = "whether pixels' centres are at half numbers"},
	{OPT(mode, RT_CHOICE), .init = "avg", .choices = modes, .summary = "what of a bin counts"},
	{OPT(output_height, RT_INT), .init = "1", .min = 1, .max = 65536,
	 .summary = "rows of the result"},
	{OPT(output_width, RT_INT), .init = "1", .min = 1, .max = 65536,
	 .summary = "columns of the result"},
	{OPT(sampling_ratio, RT_INT), .init = "0", .min = 0, .max = 1024,
	 .summary = "samples a bin and axis; 0: as many as it has pixels"},
	{OPT(spatial_scale, RT_REAL), .init = "1", .summary = "of the regions' coordinates"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct roi_align *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape, *rois = &c->in[1].shape;
	char buf[2][128];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_f32(c, 1, "rois", err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	if (x->rank != 4 || rois->rank != 2 || rois->dim[1] != 4)
		return rt_fail(err, RT_ESHAPE,
			       "input is %s and rois %s; N x C x H x W and R x 4 are wanted",
			       rt_shape_text(buf[0], sizeof(buf[0]), x),
			       rt_shape_text(buf[1], sizeof(buf[1]), rois));
	if (c->in[2].dtype != RT_I64 || rt_shape_count(&c->in[2].shape) != rois->dim[0])
		return rt_fail(err, RT_ESHAPE, "batch_indices must be %" PRId64 " i64 numbers",
			       rois->dim[0]);
	c->out[0].dtype = RT_F32;
	c->out[0].shape = RT_SHAPE(rois->dim[0], x->dim[1], a->output_height, a->output_width);
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	const struct roi_align *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_roi_align g = {
		x->dim[0], x->dim[1], x->dim[2], x->dim[3], c->in[1].shape.dim[0],
		a->output_height, a->output_width, a->sampling_ratio, (float)a->spatial_scale,
		a->coordinate_transformation_mode == 0, a->mode == 1};

	rt_roi_align(&g, c->out[0].data, c->in[0].data, c->in[1].data, c->in[2].data);
}

const struct rt_op rt_op_RoiAlign = {
	.row = {.name = "RoiAlign", .summary = "regions of images pooled to one size", .opts = opts,
		.params_size = sizeof(struct roi_align)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
};
