/* int8_line.c - steps of whole numbers between layers: sums, pools, the way in and out. */
#include "config.h"

#include "ops/int8.h"
#include "base/sys.h"
#include "tensor/int8_line.h"

#include <math.h>

/* --- sums --------------------------------------------------------------------------------- */

static void add(const struct rt_call *c)
{
	const struct rt_int8_add *a = RT_ATTRS(rt_int8_add, c);
	const float scale = rt_int8_scale(c, 6);
	struct rt_int8_sum_of s = {
		.a_zero = rt_int8_zero(c, 2, c->in[0].dtype),
		.b_zero = rt_int8_zero(c, 5, c->in[3].dtype),
		.zero = rt_int8_zero(c, 7, a->y),
		.a_scale = rt_int8_scale(c, 1) / scale,
		.b_scale = rt_int8_scale(c, 4) / scale,
	};

	rt_int8_bounds(&s.lo, &s.hi, a->lo, a->hi, scale, s.zero);
	rt_int8_sum(c->out[0].data, c->in[0].data, c->in[3].data,
		    rt_shape_count(&c->out[0].shape), &s);
}

const struct rt_op rt_op_int8_add = {
	.row = {.name = "Int8Add", .summary = "sum of whole numbers, quantized again",
		.params_size = sizeof(struct rt_int8_add)},
	.min_in = RT_INT8_ADD_INS, .max_in = RT_INT8_ADD_INS, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = add,
};

/* --- pools -------------------------------------------------------------------------------- */

static size_t max_work(const struct rt_call *c)
{
	const struct rt_int8_pool *a = RT_ATTRS(rt_int8_pool, c);

	return (size_t)(rt_threads() * a->win.in[1] * c->in[0].shape.dim[1]);
}

static void max_pool(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;

	rt_int8_maxpool(&RT_ATTRS(rt_int8_pool, c)->win, x->dim[0], x->dim[1], c->out[0].data,
			c->in[0].data, c->work);
}

const struct rt_op rt_op_int8_max_pool = {
	.row = {.name = "Int8MaxPool", .summary = "largest whole number of every window",
		.params_size = sizeof(struct rt_int8_pool)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.work_size = max_work,
	.forward = max_pool,
};

static size_t mean_work(const struct rt_call *c)
{
	return (size_t)(c->in[0].shape.dim[0] * c->in[0].shape.dim[1]) * sizeof(int32_t);
}

static void mean(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	const int64_t B = rt_shape_span(x, 2, x->rank);
	struct rt_int8_mean m = {
		.dtype = RT_F32, .x_zero = rt_int8_zero(c, 2, c->in[0].dtype),
		.scale = rt_int8_scale(c, 1) / (float)B, .lo = -INFINITY, .hi = INFINITY,
	};

	if (c->in[3].present) {
		m.dtype = RT_U8;
		m.zero = rt_int8_zero(c, 4, RT_ATTRS(rt_int8_mean_of, c)->y);
		m.scale /= rt_int8_scale(c, 3);
		m.lo = (float)-m.zero;
		m.hi = (float)(255 - m.zero);
	}
	rt_int8_mean(c->out[0].data, c->in[0].data, x->dim[0], x->dim[1], B, &m, c->work);
}

const struct rt_op rt_op_int8_mean = {
	.row = {.name = "Int8Mean", .summary = "mean of every plane of whole numbers",
		.params_size = sizeof(struct rt_int8_mean_of)},
	.min_in = RT_INT8_MEAN_INS, .max_in = RT_INT8_MEAN_INS, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.work_size = mean_work,
	.forward = mean,
};

/* --- in and out --------------------------------------------------------------------------- */

static void quantize(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;

	rt_int8_quantize(c->out[0].data, c->in[0].data, x->dim[0], x->dim[1],
			 rt_shape_span(x, 2, x->rank), rt_int8_scale(c, 1),
			 rt_int8_zero(c, 2, RT_ATTRS(rt_int8_border, c)->type));
}

static void dequantize(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;

	rt_int8_dequantize(c->out[0].data, c->in[0].data, x->dim[0], x->dim[1],
			   rt_shape_span(x, 2, x->rank), rt_int8_scale(c, 1),
			   rt_int8_zero(c, 2, RT_ATTRS(rt_int8_border, c)->type));
}

const struct rt_op rt_op_int8_quantize = {
	.row = {.name = "Int8Quantize", .summary = "real numbers to bytes, channels innermost",
		.params_size = sizeof(struct rt_int8_border)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = quantize,
};

const struct rt_op rt_op_int8_dequantize = {
	.row = {.name = "Int8Dequantize", .summary = "bytes, channels innermost, to real numbers",
		.params_size = sizeof(struct rt_int8_border)},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.forward = dequantize,
};
