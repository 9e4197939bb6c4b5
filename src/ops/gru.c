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

RT_RECURRENT(GRU, "gated recurrent units over a sequence", 6, 2, 1 | 2 | 4 | 16 | 32)
