/* gru.c - GRU: a recurrent layer with update and reset gates; tensor/recurrent.h has the
 * formulas. */
#include "config.h"

#include "ops/ops.h"
#include "ops/recurrent.h"

static const struct rt_opt opts[] = {
	RT_RECURRENT_OPTS,
	{RT_RECURRENT_OPT(linear_before_reset, RT_BOOL, "the reset gate acts behind the product"),
	 .init = "0"},
	{0},
};

static const struct rt_recurrent_kind kind = {
	.gates = 3, .defaults = {"Sigmoid", "Tanh"},
	.forward = rt_gru_forward, .backward = rt_gru_backward,
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

const struct rt_op rt_op_GRU = {
	.row = {.name = "GRU", .summary = "gated recurrent units over a sequence", .opts = opts,
		.params_size = sizeof(struct rt_recurrent_attrs)},
	.min_in = 3, .max_in = 6, .min_out = 1, .max_out = 2,
	.bwd_in = 1 | 2 | 4 | 16 | 32,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
