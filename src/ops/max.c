/* max.c - Max and Min of any number of inputs, with broadcasting; NaN wins.
 *
 * Inputs that equal the result share its gradient evenly, as torch.maximum has it.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/many.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/compare.h"

#include <string.h>

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	return rt_many_infer(c, RT_NUMBERS, err);
}

/* Two floats and a byte for every element of the result. */
static size_t work_size(const struct rt_call *c)
{
	return (size_t)rt_shape_count(&c->out[0].shape) * (2 * sizeof(float) + 1);
}

/* equal[k]: whether input i, repeated, is the result there. */
static void find_equal(const struct rt_call *c, int i, unsigned char *equal)
{
	rt_compare(RT_EQUAL, c->out[0].dtype, equal, &c->out[0].shape, rt_operand(&c->out[0]),
		   rt_operand(&c->in[i]));
}

static void backward(const struct rt_call *c)
{
	int64_t n = rt_shape_count(&c->out[0].shape);
	float *winners = c->work, *part = winners + n;
	unsigned char *equal = (unsigned char *)(part + n);

	if (!c->out[0].grad || !rt_dtype(c->out[0].dtype)->is_float)
		return;
	memset(winners, 0, (size_t)n * sizeof(float));
	for (int i = 0; i < c->nin; i++) {
		find_equal(c, i, equal);
		for (int64_t k = 0; k < n; k++)
			winners[k] += equal[k];
	}
	for (int i = 0; i < c->nin; i++) {
		if (!c->in[i].grad)
			continue;
		find_equal(c, i, equal);
		for (int64_t k = 0; k < n; k++)
			part[k] = equal[k] ? c->out[0].grad[k] / winners[k] : 0;
		rt_sum_to(c->in[i].grad, &c->in[i].shape, part, &c->out[0].shape, 1);
	}
}

static void max_forward(const struct rt_call *c)
{
	rt_many_forward(c, RT_BINARY_MAX);
}

static void min_forward(const struct rt_call *c)
{
	rt_many_forward(c, RT_BINARY_MIN);
}

const struct rt_op rt_op_Max = {
	.row = {.name = "Max", .summary = "the largest of several inputs, with broadcasting"},
	.min_in = 1, .max_in = -1, .min_out = 1, .max_out = 1,
	.bwd_in = ~0u,
	.bwd_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = max_forward,
	.backward = backward,
};

const struct rt_op rt_op_Min = {
	.row = {.name = "Min", .summary = "the smallest of several inputs, with broadcasting"},
	.min_in = 1, .max_in = -1, .min_out = 1, .max_out = 1,
	.bwd_in = ~0u,
	.bwd_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = min_forward,
	.backward = backward,
};
