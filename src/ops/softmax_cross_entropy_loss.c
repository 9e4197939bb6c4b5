/* softmax_cross_entropy_loss.c - SoftmaxCrossEntropyLoss: the negative log likelihood of labels
 * from scores, with l = log softmax(x) along the classes; l is the second output. */
#include "config.h"

#include "ops/nll.h"
#include "ops/ops.h"
#include "tensor/softmax.h"

#include <string.h>

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	RT_TRY(rt_nll_infer(c, err));
	if (c->nout > 1) {
		c->out[1].dtype = RT_F32;
		c->out[1].shape = c->in[0].shape;
	}
	return RT_OK;
}

static size_t bytes(const struct rt_call *c)
{
	return (size_t)rt_shape_count(&c->in[0].shape) * sizeof(float);
}

/* saved: l.  work: l where nothing is saved, else the gradient of l. */
static size_t saved_size(const struct rt_call *c)
{
	return c->purpose == RT_INFER ? 0 : bytes(c);
}

static void forward(const struct rt_call *c)
{
	struct rt_nll g = rt_nll_of(c);
	float *l = c->purpose == RT_INFER ? c->work : c->saved;

	rt_log_softmax(g.N, g.C, g.B, l, c->in[0].data);
	rt_nll(&g, c->out[0].data, l);
	if (c->nout > 1 && c->out[1].present)
		memcpy(c->out[1].data, l, bytes(c));
}

static void backward(const struct rt_call *c)
{
	struct rt_nll g = rt_nll_of(c);
	float *dl = c->work;

	if (!c->in[0].grad)
		return;
	if (c->nout > 1 && c->out[1].present && c->out[1].grad)
		memcpy(dl, c->out[1].grad, bytes(c));
	else
		memset(dl, 0, bytes(c));
	if (c->out[0].grad)
		rt_nll_backward(&g, dl, c->out[0].grad);
	rt_log_softmax_backward(g.N, g.C, g.B, c->in[0].grad, dl, c->saved, false);
}

const struct rt_op rt_op_SoftmaxCrossEntropyLoss = {
	.row = {.name = "SoftmaxCrossEntropyLoss",
		.summary = "negative log likelihood of labels from scores",
		.opts = rt_nll_opts, .params_size = sizeof(struct rt_nll_attrs)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 2,
	.bwd_in = 2 | 4,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = bytes,
	.forward = forward,
	.backward = backward,
};
