/* affine_grid.c - AffineGrid: where an affine map takes the pixels of an image, for GridSample.
 *
 * y (N,H,W,2) = theta (N,2,3) (u, v, 1), and (N,D,H,W,3) = theta (N,3,4) (u, v, w, 1); u, v, w in
 * [-1, 1] from the last axis of the image to its first.  Jaderberg et al., Spatial transformer
 * networks, arXiv 1506.02025, section 3.2.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/window_nd.h"

struct affine_grid {
	bool align_corners;
};

static const struct rt_opt opts[] = {
	{"align_corners", "-1 and 1 are the outer pixels' centres, not their edges", RT_BOOL,
	 offsetof(struct affine_grid, align_corners), "0"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *theta = &c->in[0].shape;
	struct rt_known size;
	int64_t dim[RT_MAX_RANK];
	char text[128];
	int n;

	RT_TRY(rt_want_f32(c, 0, "theta", err));
	RT_TRY(rt_known_list(&size, c, 1, "size", err));
	n = size.n - 2;
	if ((n != 2 && n != 3) || theta->rank != 3 || theta->dim[0] != size.v[0] ||
	    theta->dim[1] != n || theta->dim[2] != n + 1)
		return rt_fail(err, RT_ESHAPE,
			       "theta is %s and size has %d numbers; N x 2 x 3 for N, C, H, W, or "
			       "N x 3 x 4 for N, C, D, H, W is wanted",
			       rt_shape_text(text, sizeof(text), theta), size.n);
	dim[0] = size.v[0];
	for (int d = 0; d < n; d++)
		dim[1 + d] = size.v[2 + d];
	dim[1 + n] = n;
	c->out[0].dtype = RT_F32;
	return rt_known_shape(&c->out[0].shape, dim, n + 2, err);
}

/* (u, v, 1) or (u, v, w, 1) of a pixel. */
static void place(const struct rt_call *c, int64_t pixel, double *u)
{
	const bool corners = RT_ATTRS(affine_grid, c)->align_corners;
	const struct rt_shape *y = &c->out[0].shape;
	int n = y->rank - 2;
	int64_t index[3];

	rt_unravel(n, y->dim + 1, pixel, index);
	for (int d = 0; d < n; d++) {
		double size = (double)y->dim[1 + d], i = (double)index[d];

		if (corners)
			u[n - 1 - d] = size > 1 ? 2 * i / (size - 1) - 1 : -1;
		else
			u[n - 1 - d] = (2 * i + 1) / size - 1;
	}
	u[n] = 1;
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *y = &c->out[0].shape;
	int64_t n = y->rank - 2, P = rt_shape_span(y, 1, y->rank - 1);
	double u[4];

	for (int64_t i = 0; i < y->dim[0] * P; i++) {
		const float *theta = (const float *)c->in[0].data + i / P * n * (n + 1);

		place(c, i % P, u);
		for (int64_t r = 0; r < n; r++) {
			double sum = 0;

			for (int64_t k = 0; k <= n; k++)
				sum += (double)theta[r * (n + 1) + k] * u[k];
			((float *)c->out[0].data)[i * n + r] = (float)sum;
		}
	}
}

/* Sums in f64: every pixel adds to the same few numbers. */
static void backward(const struct rt_call *c)
{
	const struct rt_shape *y = &c->out[0].shape;
	int64_t n = y->rank - 2, P = rt_shape_span(y, 1, y->rank - 1), each = n * (n + 1);
	const float *dy = c->out[0].grad;

	for (int64_t b = 0; c->in[0].grad && dy && b < y->dim[0]; b++) {
		double sum[12] = {0}, u[4];

		for (int64_t i = 0; i < P; i++) {
			place(c, i, u);
			for (int64_t k = 0; k < each; k++)
				sum[k] += (double)dy[(b * P + i) * n + k / (n + 1)] *
					  u[k % (n + 1)];
		}
		for (int64_t k = 0; k < each; k++)
			c->in[0].grad[b * each + k] += (float)sum[k];
	}
}

const struct rt_op rt_op_AffineGrid = {
	.row = {.name = "AffineGrid", .summary = "where an affine map takes the pixels",
		.opts = opts, .params_size = sizeof(struct affine_grid)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
