/* range.c - Range: start, start + delta, ... up to but not including limit. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <math.h>

static double real(const struct rt_arg *a)
{
	double v;

	rt_convert(&v, RT_F64, a->data, a->dtype, 1);
	return v;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const name[] = {"start", "limit", "delta"};
	int64_t n;
	double count;

	for (int i = 0; i < 3; i++) {
		RT_TRY(rt_want_type(c, i, "the inputs are", RT_NUMBERS, err));
		RT_TRY(rt_want_same_type(c, i, err));
		RT_TRY(rt_want_one(c, i, name[i], err));
	}
	for (int i = 0; i < 3; i++) {
		RT_TRY(rt_known_data(c, i, name[i], err));
		if (!(fabs(real(&c->in[i])) <= 0x1p53))
			return rt_fail(err, RT_ESHAPE, "%s is %g; at most 2^53 is possible",
				       name[i], real(&c->in[i]));
	}
	if (real(&c->in[2]) == 0)
		return rt_fail(err, RT_ESHAPE, "delta is 0");
	/* whole numbers up to 2^53 are exact */
	count = ceil((real(&c->in[1]) - real(&c->in[0])) / real(&c->in[2]));
	n = count > 0 ? count < INT32_MAX ? (int64_t)count : (int64_t)INT32_MAX + 1 : 0;
	c->out[0].dtype = c->in[0].dtype;
	return rt_known_shape(&c->out[0].shape, &n, 1, err);
}

static void forward(const struct rt_call *c)
{
	const struct rt_arg *in = c->in;
	const size_t size = rt_dtype(in[0].dtype)->size;
	const int64_t n = rt_shape_count(&c->out[0].shape);

	for (int64_t i = 0; i < n; i++) {
		void *to = (char *)c->out[0].data + (size_t)i * size;
		const double x = real(&in[0]) + (double)i * real(&in[2]);

		rt_convert(to, in[0].dtype, &x, RT_F64, 1);
	}
}

const struct rt_op rt_op_Range = {
	.row = {.name = "Range", .summary = "numbers at equal distances"},
	.min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = rt_flat_backward,
};
