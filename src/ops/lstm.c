/* lstm.c - LSTM: a recurrent layer with gated memory cells; tensor/recurrent.h has the formulas. */
#include "config.h"

#include "ops/ops.h"
#include "ops/recurrent.h"

static const struct rt_opt opts[] = {
	RT_RECURRENT_OPTS,
	{RT_RECURRENT_OPT(input_forget, RT_BOOL, "the forget gate is 1 - input gate"), .init = "0"},
	{0},
};

static const struct rt_recurrent_kind kind = {
	.gates = 4, .defaults = {"Sigmoid", "Tanh", "Tanh"},
	.forward = rt_lstm_forward, .backward = rt_lstm_backward,
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	return rt_recurrent_infer(&kind, c, err);
}

static size_t saved_size(const struct rt_call *c)
{
	return rt_recurrent_saved_size(&kind, c);
}

static size_t work_size(const struct rt_call *c)
{
	return rt_recurrent_work_size(&kind, c);
}

static void forward(const struct rt_call *c)
{
	rt_recurrent_forward(&kind, c);
}

static void backward(const struct rt_call *c)
{
	rt_recurrent_backward(&kind, c);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	rt_recurrent_cost(&kind, c, cost);
}

const struct rt_op rt_op_LSTM = {
	.row = {.name = "LSTM", .summary = "long short-term memory over a sequence", .opts = opts,
		.params_size = sizeof(struct rt_recurrent_attrs)},
	.min_in = 3, .max_in = 8, .min_out = 1, .max_out = 3,
	.bwd_in = 1 | 2 | 4 | 16 | 32 | 64 | 128,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
