/* non_max_suppression.c - NonMaxSuppression: which boxes stay when those that overlap a better one
 * go.  How many stay depends on the boxes. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "base/mem.h"
#include "tensor/nms.h"

#include <math.h>
#include <stdlib.h>

struct non_max_suppression {
	bool center_point_box;
};

static const struct rt_opt opts[] = {
	{.name = "center_point_box", .type = RT_BOOL,
	 .offset = offsetof(struct non_max_suppression, center_point_box), .init = "0",
	 .summary = "boxes are x y width height, not y1 x1 y2 x2"},
	{0},
};

/* The number that input i holds. */
static double number(const struct rt_call *c, int i, double fallback)
{
	double v = fallback;

	if (i < c->nin && c->in[i].present && rt_shape_count(&c->in[i].shape) > 0)
		rt_convert(&v, RT_F64, c->in[i].data, c->in[i].dtype, 1);
	return v;
}

static struct rt_nms geometry(const struct rt_call *c)
{
	const struct rt_shape *scores = &c->in[1].shape;
	double most = number(c, 2, 0);

	return (struct rt_nms){
		.B = scores->dim[0], .C = scores->dim[1], .N = scores->dim[2],
		.boxes = c->in[0].data, .scores = c->in[1].data,
		.centers = RT_ATTRS(non_max_suppression, c)->center_point_box,
		.most = most > 0 ? most < INT32_MAX ? (int64_t)most : INT32_MAX : 0,
		.overlap = (float)number(c, 3, 0), .least = (float)number(c, 4, -INFINITY)};
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *boxes = &c->in[0].shape, *scores = &c->in[1].shape;
	char a[128], b[128];
	int64_t *order;
	struct rt_nms g;

	RT_TRY(rt_want_f32(c, 0, "boxes", err));
	RT_TRY(rt_want_f32(c, 1, "scores", err));
	if (boxes->rank != 3 || scores->rank != 3 || boxes->dim[2] != 4 ||
	    boxes->dim[0] != scores->dim[0] || boxes->dim[1] != scores->dim[2])
		return rt_fail(err, RT_ESHAPE,
			       "boxes are %s and scores %s; B x N x 4 and B x C x N are wanted",
			       rt_shape_text(a, sizeof(a), boxes),
			       rt_shape_text(b, sizeof(b), scores));
	for (int i = 0; i < c->nin; i++)
		if (c->in[i].present && !c->in[i].data)
			return rt_fail(err, RT_EUNKNOWN,
				       "how many boxes stay is known only while running");
	g = geometry(c);
	order = rt_alloc((size_t)g.N, sizeof(*order));
	c->out[0].dtype = RT_I64;
	c->out[0].shape = RT_SHAPE(rt_nms(&g, NULL, order), 3);
	free(order);
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	return (size_t)c->in[1].shape.dim[2] * sizeof(int64_t);
}

static void forward(const struct rt_call *c)
{
	struct rt_nms g = geometry(c);

	rt_nms(&g, c->out[0].data, c->work);
}

const struct rt_op rt_op_NonMaxSuppression = {
	.row = {.name = "NonMaxSuppression", .summary = "which boxes overlap no better one",
		.opts = opts, .params_size = sizeof(struct non_max_suppression)},
	.min_in = 2, .max_in = 5, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
