/* resize.c - Resize: the input resampled to other sizes, by scales or by sizes. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/resize.h"

#include <inttypes.h>

struct resize {
	int coordinate_transformation_mode, mode, nearest_mode;
	double cubic_coeff_a, extrapolation_value;
	bool antialias, exclude_outside;
};

static const char *const coordinates[] = {
	[RT_COORD_HALF_PIXEL] = "half_pixel",
	[RT_COORD_PYTORCH_HALF_PIXEL] = "pytorch_half_pixel",
	[RT_COORD_ALIGN_CORNERS] = "align_corners", [RT_COORD_ASYMMETRIC] = "asymmetric",
	[RT_COORD_TF_CROP_AND_RESIZE] = "tf_crop_and_resize",
	[RT_COORD_HALF_PIXEL_SYMMETRIC] = "half_pixel_symmetric",
	[RT_COORD_TF_HALF_PIXEL_FOR_NN] = "tf_half_pixel_for_nn", NULL};
static const char *const modes[] = {
	[RT_RESIZE_NEAREST] = "nearest", [RT_RESIZE_LINEAR] = "linear", [RT_RESIZE_CUBIC] = "cubic",
	NULL};
static const char *const rounds[] = {[RT_ROUND_PREFER_FLOOR] = "round_prefer_floor",
				     [RT_ROUND_PREFER_CEIL] = "round_prefer_ceil",
				     [RT_ROUND_FLOOR] = "floor",
				     [RT_ROUND_CEIL] = "ceil",
				     NULL};

static const struct rt_opt opts[] = {
	{.name = "antialias", .type = RT_BOOL, .offset = offsetof(struct resize, antialias),
	 .init = "0", .summary = "wider filters where the result is smaller"},
	{.name = "coordinate_transformation_mode", .type = RT_CHOICE,
	 .offset = offsetof(struct resize, coordinate_transformation_mode), .init = "half_pixel",
	 .choices = coordinates, .summary = "where in the input an output lies"},
	{.name = "cubic_coeff_a", .type = RT_REAL, .offset = offsetof(struct resize, cubic_coeff_a),
	 .init = "-0.75", .summary = "a of cubic interpolation"},
	{.name = "exclude_outside", .type = RT_BOOL,
	 .offset = offsetof(struct resize, exclude_outside), .init = "0",
	 .summary = "what lies outside has no weight, instead of the edge's value"},
	{.name = "extrapolation_value", .type = RT_REAL,
	 .offset = offsetof(struct resize, extrapolation_value), .init = "0",
	 .summary = "of what tf_crop_and_resize finds outside"},
	{.name = "mode", .type = RT_CHOICE, .offset = offsetof(struct resize, mode),
	 .init = "nearest", .choices = modes, .summary = "interpolation"},
	{.name = "nearest_mode", .type = RT_CHOICE, .offset = offsetof(struct resize, nearest_mode),
	 .init = "round_prefer_floor", .choices = rounds, .summary = "what is nearest"},
	{0},
};

enum { IN_X, IN_ROI, IN_SCALES, IN_SIZES };

static bool has(const struct rt_call *c, int i)
{
	return i < c->nin && c->in[i].present && rt_shape_count(&c->in[i].shape) > 0;
}

/* The numbers of input i, one or two an axis, as doubles. */
static enum rt_status numbers(double *out, const struct rt_call *c, int i, const char *what,
			      int n, struct rt_err *err)
{
	if (rt_shape_count(&c->in[i].shape) != n)
		return rt_fail(err, RT_ESHAPE, "%s has %" PRId64 " numbers, %d are wanted", what,
			       rt_shape_count(&c->in[i].shape), n);
	if (!c->in[i].data)
		return rt_fail(err, RT_EUNKNOWN,
			       "%s is computed while running; it must be a constant of the model",
			       what);
	rt_convert(out, RT_F64, c->in[i].data, c->in[i].dtype, n);
	return RT_OK;
}

static enum rt_status geometry(struct rt_resize *r, const struct rt_call *c, struct rt_err *err)
{
	const struct resize *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape;
	double given[RT_MAX_RANK * 2];
	bool by_size = has(c, IN_SIZES);

	*r = (struct rt_resize){.x = *x, .y = *x, .mode = (enum rt_resize_mode)a->mode,
				.round = (enum rt_resize_round)a->nearest_mode,
				.coordinate =
				(enum rt_resize_coordinate)a->coordinate_transformation_mode,
				.exclude_outside = a->exclude_outside,
				.antialias = a->antialias,
				.cubic_a = a->cubic_coeff_a,
				.extrapolation = (float)a->extrapolation_value};
	if (has(c, IN_SCALES) == by_size)
		return rt_fail(err, RT_ESHAPE, "%s of scales and sizes is given; one is wanted",
			       by_size ? "each" : "none");
	RT_TRY(numbers(given, c, by_size ? IN_SIZES : IN_SCALES, by_size ? "sizes" : "scales",
		       x->rank, err));
	for (int d = 0; d < x->rank; d++) {
		double y = by_size ? given[d] : floor(given[d] * (double)x->dim[d]);

		if (!(y >= 1 && y <= INT32_MAX))
			return rt_fail(err, RT_ESHAPE,
				       "dimension %d of %" PRId64 " cannot become %g", d, x->dim[d],
				       y);
		r->y.dim[d] = (int64_t)y;
		r->scale[d] = by_size ? y / (double)x->dim[d] : given[d];
		r->end[d] = 1;
	}
	if (r->coordinate != RT_COORD_TF_CROP_AND_RESIZE)
		return RT_OK;
	if (!has(c, IN_ROI))
		return rt_fail(err, RT_ESHAPE, "tf_crop_and_resize wants a region (roi)");
	RT_TRY(numbers(given, c, IN_ROI, "roi", 2 * x->rank, err));
	for (int d = 0; d < x->rank; d++) {
		r->begin[d] = given[d];
		r->end[d] = given[x->rank + d];
	}
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_resize r;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(geometry(&r, c, err));
	c->out[0].dtype = RT_F32;
	return rt_known_shape(&c->out[0].shape, r.y.dim, r.y.rank, err);
}

static struct rt_resize known(const struct rt_call *c)
{
	struct rt_resize r;
	struct rt_err err;

	RT_ASSERT(geometry(&r, c, &err) == RT_OK);
	return r;
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_resize r = known(c);

	return rt_resize_work(&r);
}

static void forward(const struct rt_call *c)
{
	struct rt_resize r = known(c);

	rt_resize(&r, c->out[0].data, c->in[0].data, c->work);
}

static void backward(const struct rt_call *c)
{
	struct rt_resize r = known(c);

	if (c->in[0].grad && c->out[0].grad)
		rt_resize_backward(&r, c->in[0].grad, c->out[0].grad, c->work);
}

const struct rt_op rt_op_Resize = {
	.row = {.name = "Resize", .summary = "the input resampled to other sizes", .opts = opts,
		.params_size = sizeof(struct resize)},
	.min_in = 1, .max_in = 4, .min_out = 1, .max_out = 1,
	.bwd_in = 2 | 4 | 8,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
