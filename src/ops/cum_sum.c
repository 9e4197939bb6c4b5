/* cum_sum.c - CumSum: the sums of all elements up to each along the axis in in[1].
 *
 * y[d] = sum of x[0 .. d], without d itself when exclusive, from the end when reversed;
 * dx[d] = sum of dy over the results that x[d] is in, the same sum from the other end.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/binary.h"

#include <string.h>

struct attrs {
	bool exclusive, reverse;
};

static const struct rt_opt opts[] = {
	{"exclusive", "leave the element itself out of its sum", RT_BOOL,
	 offsetof(struct attrs, exclusive), "no"},
	{"reverse", "sum from the end", RT_BOOL, offsetof(struct attrs, reverse), "no"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int64_t given = 0;
	int axis;

	RT_TRY(rt_want_type(c, 0, "input is", RT_NUMBERS, err));
	RT_TRY(rt_known_number(&given, c, 1, "axis", -RT_MAX_RANK, err));
	RT_TRY(rt_want_axis(&axis, given, &c->in[0].shape, err));
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* x as (A,D,B), D along the axis. */
struct sizes {
	int64_t A, D, B;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t axis = rt_known_number_again(c, 1, 0);

	axis += axis < 0 ? x->rank : 0;
	return (struct sizes){rt_shape_span(x, 0, (int)axis), x->dim[axis],
			      rt_shape_span(x, (int)axis + 1, x->rank)};
}

static void forward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;
	const struct sizes s = sizes(c);
	const enum rt_dtype type = c->in[0].dtype;
	const size_t row = (size_t)s.B * rt_dtype(type)->size;

	for (int64_t i = 0; i < s.A; i++)
		for (int64_t k = 0; k < s.D; k++) {
			int64_t d = a->reverse ? s.D - 1 - k : k,
				before = a->reverse ? d + 1 : d - 1;
			const char *x = (const char *)c->in[0].data + (size_t)(i * s.D) * row;
			char *y = (char *)c->out[0].data + (size_t)(i * s.D) * row;
			const char *term = x + (size_t)(a->exclusive ? before : d) * row;

			if (k > 0)
				rt_binary_line(RT_BINARY_ADD, type, s.B, y + (size_t)d * row,
					       y + (size_t)before * row, 1, term, 1);
			else if (a->exclusive)
				memset(y + (size_t)d * row, 0, row);
			else
				memcpy(y + (size_t)d * row, x + (size_t)d * row, row);
		}
}

static void backward(const struct rt_call *c)
{
	const struct attrs *a = c->attrs;
	const struct sizes s = sizes(c);

	if (!c->in[0].grad || !c->out[0].grad)
		return;
	for (int64_t i = 0; i < s.A * s.B; i++) {
		const int64_t from = i / s.B * s.D * s.B + i % s.B;
		double sum = 0;

		for (int64_t k = 0; k < s.D; k++) {
			const int64_t at = from + (a->reverse ? k : s.D - 1 - k) * s.B;
			const double dy = (double)c->out[0].grad[at];

			c->in[0].grad[at] += (float)(a->exclusive ? sum : sum + dy);
			sum += dy;
		}
	}
}

const struct rt_op rt_op_CumSum = {
	.row = {.name = "CumSum", .summary = "running sums along an axis", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
