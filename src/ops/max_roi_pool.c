/* max_roi_pool.c - MaxRoiPool: the maxima of the cells of regions, 0 in cells without a pixel.
 *
 * x (N,C,H,W), rois (R,5) of image, x1 y1 x2 y2 -> y (R,C,P,Q).  A region takes in the pixels of
 * both its corners; its cells overlap by what rounding makes of their edges.  Girshick, Fast R-CNN,
 * arXiv 1504.08083, section 2.1.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/parallel.h"

#include <math.h>

struct max_roi_pool {
	struct rt_ints pooled_shape;
	double spatial_scale;
};

static const struct rt_opt opts[] = {
	{.name = "pooled_shape", .summary = "rows and columns of the result", .type = RT_INTS,
	 .offset = offsetof(struct max_roi_pool, pooled_shape), .min = 1, .max = 65536,
	 .example = "2 2", .flags = RT_OPT_REQUIRED},
	{"spatial_scale", "of the regions' coordinates", RT_REAL,
	 offsetof(struct max_roi_pool, spatial_scale), "1"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_ints *size = &RT_ATTRS(max_roi_pool, c)->pooled_shape;
	const struct rt_shape *x = &c->in[0].shape, *rois = &c->in[1].shape;
	char buf[2][128];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_f32(c, 1, "rois", err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	if (x->rank != 4 || rois->rank != 2 || rois->dim[1] != 5)
		return rt_fail(err, RT_ESHAPE,
			       "input is %s and rois %s; N x C x H x W and R x 5 are wanted",
			       rt_shape_text(buf[0], sizeof(buf[0]), x),
			       rt_shape_text(buf[1], sizeof(buf[1]), rois));
	if (size->n != 2)
		return rt_fail(err, RT_ESHAPE, "pooled_shape has %d numbers, 2 are wanted",
			       size->n);
	c->out[0].dtype = RT_F32;
	c->out[0].shape = RT_SHAPE(rois->dim[0], x->dim[1], size->v[0], size->v[1]);
	return RT_OK;
}

/* Pixels [*from, *to) of cell i of n, of a region from `low` to `high` of an axis. */
static void cell(double low, double high, double scale, int64_t i, int64_t n, int64_t size,
		 int64_t *from, int64_t *to)
{
	double first = round(low * scale), length = fmax(round(high * scale) - first + 1, 1);
	double a = first + floor((double)i * length / (double)n);
	double b = first + ceil((double)(i + 1) * length / (double)n);

	*from = (int64_t)fmin(fmax(a, 0), (double)size);
	*to = (int64_t)fmin(fmax(b, 0), (double)size);
}

/* The pixel of x that output i is, -1 when its cell has none. */
static int64_t winner(const struct rt_call *c, int64_t i)
{
	const struct rt_shape *s = &c->in[0].shape, *y = &c->out[0].shape;
	const int64_t C = s->dim[1], H = s->dim[2], W = s->dim[3], P = y->dim[2], Q = y->dim[3];
	const float *x = c->in[0].data, *roi = (const float *)c->in[1].data + i / Q / P / C * 5;
	const double scale = RT_ATTRS(max_roi_pool, c)->spatial_scale;
	int64_t y0, y1, x0, x1, plane, best = -1;

	if (!(roi[0] >= 0 && roi[0] < (float)s->dim[0]))
		return -1;
	plane = ((int64_t)roi[0] * C + i / Q / P % C) * H * W;
	cell((double)roi[1], (double)roi[3], scale, i % Q, Q, W, &x0, &x1);
	cell((double)roi[2], (double)roi[4], scale, i / Q % P, P, H, &y0, &y1);
	for (int64_t h = y0; h < y1; h++)
		for (int64_t w = x0; w < x1; w++)
			if (best < 0 || x[plane + h * W + w] > x[best])
				best = plane + h * W + w;
	return best;
}

static void forward(const struct rt_call *c)
{
	int64_t n = rt_shape_count(&c->out[0].shape);
	const float *x = c->in[0].data;
	float *y = c->out[0].data;
	int threads = rt_split(n, n * 64);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < n; i++) {
		int64_t at = winner(c, i);

		y[i] = at < 0 ? 0 : x[at];
	}
}

static void backward(const struct rt_call *c)
{
	int64_t n = rt_shape_count(&c->out[0].shape);

	for (int64_t i = 0; c->in[0].grad && c->out[0].grad && i < n; i++) {
		int64_t at = winner(c, i);

		if (at >= 0)
			c->in[0].grad[at] += c->out[0].grad[i];
	}
}

const struct rt_op rt_op_MaxRoiPool = {
	.row = {.name = "MaxRoiPool", .summary = "maxima of the cells of regions",
		.opts = opts, .params_size = sizeof(struct max_roi_pool)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
