/* deform_conv.c - DeformConv: a convolution whose taps are moved and weighted by other inputs.
 *
 * x (N,C,H,W), w (K,C/groups,R), offset (N,G R 2,P), b (K), mask (N,G R,P) -> y (N,K,P): the
 * product of w with what tensor/deform.h gathers.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "ops/window.h"
#include "tensor/conv_nd.h"
#include "tensor/deform.h"
#include "tensor/gemm.h"

#include <inttypes.h>

struct deform_conv {
	struct rt_window_attrs window;
	int64_t group, offset_group;
};

static const struct rt_opt opts[] = {
	RT_WINDOW_OPT(kernel_shape, RT_INTS, 0, 1, "size of the window"),
	RT_WINDOW_OPT(pads, RT_INTS, 0, 0, "padding: before each dimension, then behind each"),
	RT_WINDOW_OPT(strides, RT_INTS, 0, 1, "step of the window"),
	RT_WINDOW_DILATIONS,
	{"group", "groups of channels convolved apart", RT_INT,
	 offsetof(struct deform_conv, group), "1", 1, 1 << 20},
	{"offset_group", "groups of channels moved apart", RT_INT,
	 offsetof(struct deform_conv, offset_group), "1", 1, 1 << 20},
	{0},
};

enum { IN_X, IN_W, IN_OFFSET, IN_B, IN_MASK };

static bool has(const struct rt_call *c, int i)
{
	return i < c->nin && c->in[i].present;
}

/* Input i must be (N,channels,out...). */
static enum rt_status check_map(const struct rt_call *c, int i, const char *what,
				const struct rt_deform *f, int64_t channels, struct rt_err *err)
{
	struct rt_shape wanted = RT_SHAPE(c->in[0].shape.dim[0], channels, f->win.out[0],
					  f->win.out[1]);
	char a[128], b[128];

	RT_TRY(rt_want_f32(c, i, what, err));
	if (rt_shape_equal(&c->in[i].shape, &wanted))
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s is %s, %s is wanted", what,
		       rt_shape_text(a, sizeof(a), &c->in[i].shape),
		       rt_shape_text(b, sizeof(b), &wanted));
}

static enum rt_status geometry(struct rt_deform *f, const struct rt_call *c, struct rt_err *err)
{
	const struct deform_conv *a = c->attrs;
	const struct rt_shape *x = &c->in[IN_X].shape, *w = &c->in[IN_W].shape;
	int64_t taps;

	RT_TRY(rt_want_rank(c, IN_X, "input", 4, err));
	RT_TRY(rt_want_rank(c, IN_W, "weight", 4, err));
	RT_TRY(rt_want_elements(c, IN_X, "input", err));
	RT_TRY(rt_want_elements(c, IN_W, "weight", err));
	if (x->dim[1] % a->offset_group || x->dim[1] % a->group || w->dim[0] % a->group ||
	    x->dim[1] / a->group != w->dim[1])
		return rt_fail(err, RT_ESHAPE,
			       "%" PRId64 " channels, weights of %" PRId64 " outputs and %" PRId64
			       " channels do not go with %" PRId64 " groups, moved in %" PRId64,
			       x->dim[1], w->dim[0], w->dim[1], a->group, a->offset_group);
	*f = (struct rt_deform){.C = x->dim[1], .G = a->offset_group};
	RT_TRY(rt_window_nd_resolve(&f->win, &a->window, w->dim + 2, x, false, err));
	taps = f->G * rt_sizes(2, f->win.kernel);
	RT_TRY(check_map(c, IN_OFFSET, "offset", f, 2 * taps, err));
	RT_TRY(rt_want_product(w->dim[0], rt_sizes(2, f->win.out), x->dim[1] * taps / f->G, err));
	return has(c, IN_MASK) ? check_map(c, IN_MASK, "mask", f, taps, err) : RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_deform f;

	RT_TRY(rt_want_f32(c, IN_X, "input", err));
	RT_TRY(rt_want_f32(c, IN_W, "weight", err));
	RT_TRY(geometry(&f, c, err));
	if (has(c, IN_B)) {
		RT_TRY(rt_want_f32(c, IN_B, "bias", err));
		if (c->in[IN_B].shape.rank != 1 ||
		    c->in[IN_B].shape.dim[0] != c->in[IN_W].shape.dim[0])
			return rt_fail(err, RT_ESHAPE, "bias must be %" PRId64 " numbers",
				       c->in[IN_W].shape.dim[0]);
	}
	c->out[0].dtype = RT_F32;
	c->out[0].shape = rt_window_nd_shape(&f.win, &c->in[IN_X].shape,
					     c->in[IN_W].shape.dim[0]);
	return RT_OK;
}

/* Sizes of one image and group: w (k,cR), columns (cR,P); elements of an image of each array. */
struct sizes {
	struct rt_deform f;
	int64_t N, K, groups, k, cR, P, x, offset, mask;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct deform_conv *a = c->attrs;
	struct sizes s = {.N = c->in[0].shape.dim[0], .K = c->in[IN_W].shape.dim[0],
			  .groups = a->group};
	struct rt_err err;
	int64_t R;

	RT_ASSERT(geometry(&s.f, c, &err) == RT_OK);
	R = rt_sizes(2, s.f.win.kernel);
	s.P = rt_sizes(2, s.f.win.out);
	s.k = s.K / s.groups;
	s.cR = s.f.C / s.groups * R;
	s.x = s.f.C * rt_sizes(2, s.f.win.in);
	s.mask = s.f.G * R * s.P;
	s.offset = 2 * s.mask;
	return s;
}

static size_t work_size(const struct rt_call *c)
{
	struct sizes s = sizes(c);

	return 2 * (size_t)(s.groups * s.cR * s.P) * sizeof(float);
}

static const float *mask_of(const struct rt_call *c, int64_t at)
{
	return has(c, IN_MASK) ? (const float *)c->in[IN_MASK].data + at : NULL;
}

static void forward(const struct rt_call *c)
{
	struct sizes s = sizes(c);
	const float *w = c->in[IN_W].data;
	float *y = c->out[0].data, *col = c->work;

	rt_conv_nd_bias(s.N, s.K, s.P, y, has(c, IN_B) ? c->in[IN_B].data : NULL);
	for (int64_t n = 0; n < s.N; n++) {
		rt_deform(&s.f, col, (const float *)c->in[IN_X].data + n * s.x,
			  (const float *)c->in[IN_OFFSET].data + n * s.offset,
			  mask_of(c, n * s.mask));
		for (int64_t g = 0; g < s.groups; g++)
			rt_gemm(false, false, s.k, s.P, s.cR, 1, w + g * s.k * s.cR, s.cR,
				col + g * s.cR * s.P, s.P, 1,
				y + (n * s.K + g * s.k) * s.P, s.P);
	}
}

static float *grad_of(const struct rt_call *c, int i, int64_t at)
{
	return has(c, i) && c->in[i].grad ? c->in[i].grad + at : NULL;
}

static void backward(const struct rt_call *c)
{
	struct sizes s = sizes(c);
	const float *w = c->in[IN_W].data, *dy = c->out[0].grad;
	float *col = c->work, *dcol = col + s.groups * s.cR * s.P, *dw = c->in[IN_W].grad;

	if (!dy)
		return;
	if (grad_of(c, IN_B, 0))
		rt_conv_nd_backward_bias(s.N, s.K, s.P, c->in[IN_B].grad, dy);
	for (int64_t n = 0; n < s.N; n++) {
		const float *x = (const float *)c->in[IN_X].data + n * s.x;
		const float *offset = (const float *)c->in[IN_OFFSET].data + n * s.offset;

		rt_deform(&s.f, col, x, offset, mask_of(c, n * s.mask));
		for (int64_t g = 0; g < s.groups; g++) {
			const float *d = dy + (n * s.K + g * s.k) * s.P;

			if (dw)
				rt_gemm(false, true, s.k, s.cR, s.P, 1, d, s.P,
					col + g * s.cR * s.P, s.P, 1, dw + g * s.k * s.cR, s.cR);
			rt_gemm(true, false, s.cR, s.P, s.k, 1, w + g * s.k * s.cR, s.cR, d, s.P,
				0, dcol + g * s.cR * s.P, s.P);
		}
		rt_deform_backward(&s.f, grad_of(c, IN_X, n * s.x),
				   grad_of(c, IN_OFFSET, n * s.offset),
				   grad_of(c, IN_MASK, n * s.mask), dcol, x, offset,
				   mask_of(c, n * s.mask));
	}
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	struct sizes s = sizes(c);

	cost->macs = s.N * s.K * s.cR * s.P;
}

const struct rt_op rt_op_DeformConv = {
	.row = {.name = "DeformConv", .summary = "convolution whose taps are moved",
		.opts = opts, .params_size = sizeof(struct deform_conv)},
	.min_in = 3, .max_in = 5, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2 | 4 | 16,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
