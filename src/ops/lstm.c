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

RT_RECURRENT(LSTM, "long short-term memory over a sequence", 8, 3, 1 | 2 | 4 | 16 | 32 | 64 | 128)
