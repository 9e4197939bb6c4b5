/* rnn.c - RNN: a plain recurrent layer; tensor/recurrent.h has the formula. */
#include "config.h"

#include "ops/ops.h"
#include "ops/recurrent.h"

static const struct rt_opt opts[] = {
	RT_RECURRENT_OPTS,
	{0},
};

static const struct rt_recurrent_kind kind = {
	.gates = 1, .defaults = {"Tanh"},
	.forward = rt_rnn_forward, .backward = rt_rnn_backward,
};

RT_RECURRENT(RNN, "a plain recurrent layer over a sequence", 6, 2, 1 | 2 | 4 | 16 | 32)
