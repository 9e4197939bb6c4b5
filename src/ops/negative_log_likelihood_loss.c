/* negative_log_likelihood_loss.c - NegativeLogLikelihoodLoss: -w[t] x[t] of log probabilities x and
 * labels t, reduced. */
#include "config.h"

#include "ops/nll.h"
#include "ops/ops.h"

static void forward(const struct rt_call *c)
{
	struct rt_nll g = rt_nll_of(c);

	rt_nll(&g, c->out[0].data, c->in[0].data);
}

static void backward(const struct rt_call *c)
{
	struct rt_nll g = rt_nll_of(c);

	if (c->in[0].grad && c->out[0].grad)
		rt_nll_backward(&g, c->in[0].grad, c->out[0].grad);
}

const struct rt_op rt_op_NegativeLogLikelihoodLoss = {
	.row = {.name = "NegativeLogLikelihoodLoss",
		.summary = "negative log likelihood of labels from log probabilities",
		.opts = rt_nll_opts, .params_size = sizeof(struct rt_nll_attrs)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 2 | 4,
	.infer = rt_nll_infer,
	.forward = forward,
	.backward = backward,
};
