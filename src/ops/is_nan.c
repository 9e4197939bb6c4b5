/* is_nan.c - IsNaN and IsInf: which elements are not a number, or infinite. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <math.h>

#define PART 256 /* elements looked at together */

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_want_type(c, 0, "input is", RT_FLOATS, err));
	c->out[0].dtype = RT_BOOL8;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* y[i] = what(x[i]) */
static void forward(const struct rt_call *c, bool (*what)(const struct rt_call *c, double v))
{
	int64_t n = rt_shape_count(&c->in[0].shape);
	size_t size = rt_dtype(c->in[0].dtype)->size;
	unsigned char *y = c->out[0].data;
	double part[PART];

	for (int64_t i = 0; i < n; i += PART) {
		int64_t len = n - i < PART ? n - i : PART;

		rt_convert(part, RT_F64, (const char *)c->in[0].data + (size_t)i * size,
			   c->in[0].dtype, len);
		for (int64_t k = 0; k < len; k++)
			y[i + k] = what(c, part[k]);
	}
}

static bool is_nan(const struct rt_call *c, double v)
{
	(void)c;
	return isnan(v);
}

static void forward_nan(const struct rt_call *c)
{
	forward(c, is_nan);
}

const struct rt_op rt_op_IsNaN = {
	.row = {.name = "IsNaN", .summary = "which elements are not a number"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward_nan,
	.backward = rt_flat_backward,
};

/* --- IsInf -------------------------------------------------------------------------------- */

struct is_inf {
	bool detect_negative, detect_positive;
};

static const struct rt_opt inf_opts[] = {
	{"detect_negative", "whether -infinity counts", RT_BOOL,
	 offsetof(struct is_inf, detect_negative), "yes"},
	{"detect_positive", "whether +infinity counts", RT_BOOL,
	 offsetof(struct is_inf, detect_positive), "yes"},
	{0},
};

static bool is_inf(const struct rt_call *c, double v)
{
	const struct is_inf *a = c->attrs;

	return isinf(v) && (v > 0 ? a->detect_positive : a->detect_negative);
}

static void forward_inf(const struct rt_call *c)
{
	forward(c, is_inf);
}

const struct rt_op rt_op_IsInf = {
	.row = {.name = "IsInf", .summary = "which elements are infinite", .opts = inf_opts,
		.params_size = sizeof(struct is_inf)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward_inf,
	.backward = rt_flat_backward,
};
