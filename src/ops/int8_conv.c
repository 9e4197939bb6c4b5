/* int8_conv.c - a convolution or dense layer of whole numbers, quantized again at once. */
#include "config.h"

#include "ops/int8.h"
#include "tensor/int8_line.h"

#include <math.h>

int rt_int8_zero(const struct rt_call *c, int i, enum rt_dtype dtype)
{
	const int zero = c->in[i].present ? rt_byte(c->in[i].data, c->in[i].dtype, 0) : 0;

	return dtype == RT_I8 ? zero + 128 : zero;
}

float rt_int8_scale(const struct rt_call *c, int i)
{
	return *(const float *)c->in[i].data;
}

/* Rounding keeps order, so that bounds may be rounded instead of what they bound. */
void rt_int8_bounds(float *whole_lo, float *whole_hi, double lo, double hi, float scale, int zero)
{
	*whole_lo = fmaxf(nearbyintf((float)lo / scale), (float)-zero);
	*whole_hi = fminf(nearbyintf((float)hi / scale), (float)(255 - zero));
	*whole_lo = fminf(*whole_lo, (float)(255 - zero));
	*whole_hi = fmaxf(*whole_hi, *whole_lo);
}

static struct rt_conv geometry(const struct rt_call *c)
{
	struct rt_conv g = RT_ATTRS(rt_int8_conv, c)->g;

	g.N = rt_shape_count(&c->in[RT_INT8_X].shape) / (g.C * g.win.in[0] * g.win.in[1]);
	return g;
}

static size_t factors(const struct rt_conv *g)
{
	return ((size_t)g->K + 15) / 16 * 16;
}

static size_t aligned(int64_t bytes)
{
	return ((size_t)bytes + 63) / 64 * 64;
}

/* Bytes of x and of those like y that lie here because they do not lie inside. */
static size_t x_bytes(const struct rt_call *c)
{
	return RT_ATTRS(rt_int8_conv, c)->x_outside ? aligned(rt_shape_count(&c->in[0].shape)) : 0;
}

static size_t y_bytes(const struct rt_call *c, bool outside)
{
	return outside ? aligned(rt_shape_count(&c->out[0].shape)) : 0;
}

/* Scales, biases, x, branch and y inside, then what the kernels need. */
static size_t work_size(const struct rt_call *c)
{
	const struct rt_int8_conv *a = RT_ATTRS(rt_int8_conv, c);
	const struct rt_conv g = geometry(c);

	return 2 * factors(&g) * sizeof(float) + x_bytes(c) + y_bytes(c, a->b_outside) +
	       y_bytes(c, a->y_outside) + rt_int8_conv_work(&g);
}

/* scale[k] = x_scale w_scale[k] / y_scale, bias[k] = b[k] / y_scale; y_scale 1 where y is f32. */
static void fill_factors(const struct rt_call *c, float *scale, float *bias, int64_t K)
{
	const bool whole = c->in[RT_INT8_Y_SCALE].present, has_b = c->in[RT_INT8_BIAS].present;
	const float x_scale = rt_int8_scale(c, RT_INT8_X_SCALE);
	const float y_scale = whole ? rt_int8_scale(c, RT_INT8_Y_SCALE) : 1;
	const float *w_scale = c->in[RT_INT8_W_SCALE].data, *b = c->in[RT_INT8_BIAS].data;
	const int64_t step = rt_shape_count(&c->in[RT_INT8_W_SCALE].shape) > 1;

	for (int64_t k = 0; k < K; k++) {
		scale[k] = x_scale * w_scale[k * step] / y_scale;
		bias[k] = has_b ? b[k] / y_scale : 0;
	}
}

static void fill_branch(const struct rt_call *c, struct rt_int8_branch *b, const struct rt_conv *g,
			uint8_t *inside)
{
	const struct rt_int8_conv *a = RT_ATTRS(rt_int8_conv, c);
	const float scale = rt_int8_scale(c, RT_INT8_SUM_SCALE);

	b->x = c->in[RT_INT8_B].data;
	if (a->b_outside) {
		rt_int8_inside(inside, b->x, c->in[RT_INT8_B].dtype, g->N, g->K,
			       g->win.out[0] * g->win.out[1]);
		b->x = inside;
	}
	b->x_zero = rt_int8_zero(c, RT_INT8_B_ZERO, c->in[RT_INT8_B].dtype);
	b->zero = rt_int8_zero(c, RT_INT8_SUM_ZERO, a->sum);
	b->own_scale = rt_int8_scale(c, RT_INT8_Y_SCALE) / scale;
	b->scale = rt_int8_scale(c, RT_INT8_B_SCALE) / scale;
	rt_int8_bounds(&b->lo, &b->hi, a->sum_lo, a->sum_hi, scale, b->zero);
}

static void forward(const struct rt_call *c)
{
	const struct rt_int8_conv *a = RT_ATTRS(rt_int8_conv, c);
	const struct rt_conv g = geometry(c);
	float *scale = c->work, *bias = scale + factors(&g);
	struct rt_int8_post post = {
		.dtype = RT_F32, .scale = scale, .bias = bias, .lo = (float)a->lo,
		.hi = (float)a->hi,
	};

	uint8_t *x = (uint8_t *)(bias + factors(&g)), *branch = x + x_bytes(c);
	uint8_t *y = branch + y_bytes(c, a->b_outside);
	void *work = y + y_bytes(c, a->y_outside);

	fill_factors(c, scale, bias, g.K);
	if (c->in[RT_INT8_Y_SCALE].present) {
		post.dtype = RT_U8;
		post.zero = rt_int8_zero(c, RT_INT8_Y_ZERO, a->y);
		rt_int8_bounds(&post.lo, &post.hi, a->lo, a->hi,
			       rt_int8_scale(c, RT_INT8_Y_SCALE), post.zero);
	}
	if (c->in[RT_INT8_B].present)
		fill_branch(c, &post.branch, &g, branch);
	if (a->x_outside)
		rt_int8_inside(x, c->in[0].data, c->in[0].dtype, g.N, g.C,
			       g.win.in[0] * g.win.in[1]);
	rt_int8_conv(&g, a->y_outside ? y : c->out[0].data, a->x_outside ? x : c->in[0].data,
		     rt_int8_zero(c, RT_INT8_X_ZERO, c->in[0].dtype), c->in[RT_INT8_W].data, &post,
		     work);
	if (a->y_outside)
		rt_int8_outside(c->out[0].data, c->out[0].dtype, y, g.N, g.K,
				g.win.out[0] * g.win.out[1]);
}

const struct rt_op rt_op_int8_conv = {
	.row = {.name = "Int8Conv", .summary = "a layer of whole numbers, quantized again",
		.params_size = sizeof(struct rt_int8_conv)},
	.min_in = RT_INT8_CONV_INS,
	.max_in = RT_INT8_CONV_INS,
	.min_out = 1,
	.max_out = 1,
	.flags = RT_OP_INTERNAL,
	.work_size = work_size,
	.forward = forward,
};
