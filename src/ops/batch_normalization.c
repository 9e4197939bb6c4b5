/* batch_normalization.c - by channel, y = (x - mean) / sqrt(var + epsilon) scale + B.
 *
 * Training takes mean and variance of the batch and moves the running ones:
 * running = running momentum + batch (1 - momentum).  As ONNX defines it the variance is the biased
 * one (divided by N, not N - 1) in both places; PyTorch's running variance is the unbiased one, and
 * its momentum is one minus this.  Any other purpose takes the running statistics, unless the
 * attribute training_mode asks for those of the batch; then the moved ones are outputs.
 */
#include "config.h"

#include "ops/batch_normalization.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct batch_normalization {
	double epsilon, momentum;
	bool training_mode;
};

static const struct rt_opt opts[] = {
	{.name = "epsilon", .type = RT_REAL,
	 .offset = offsetof(struct batch_normalization, epsilon), .init = "1e-5", .min = 0,
	 .max = 1, .summary = "added to the variance"},
	{.name = "momentum", .type = RT_REAL,
	 .offset = offsetof(struct batch_normalization, momentum), .init = "0.9", .min = 0,
	 .max = 1, .summary = "share of the old running statistics that is kept"},
	{.name = "training_mode", .type = RT_BOOL,
	 .offset = offsetof(struct batch_normalization, training_mode), .init = "0",
	 .summary = "statistics of the batch in every run, the moved ones as outputs"},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const what[] = {"input", "scale", "bias", "mean", "variance"};
	const struct rt_shape *x = &c->in[0].shape;
	char buf[128];

	for (int i = 0; i < 5; i++)
		RT_TRY(rt_want_f32(c, i, what[i], err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	if (x->rank < 2)
		return rt_fail(err, RT_ESHAPE, "input is %s; batch x channels is wanted",
			       rt_shape_text(buf, sizeof(buf), x));
	for (int i = 1; i < 5; i++)
		if (c->in[i].shape.rank != 1 || c->in[i].shape.dim[0] != x->dim[1])
			return rt_fail(err, RT_ESHAPE, "%s is %s, input has %" PRId64 " channels",
				       what[i], rt_shape_text(buf, sizeof(buf), &c->in[i].shape),
				       x->dim[1]);
	if (c->nout > 1 && !RT_ATTRS(batch_normalization, c)->training_mode)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "running statistics are outputs only with training_mode 1");
	for (int i = 0; i < c->nout; i++) {
		c->out[i].dtype = RT_F32;
		c->out[i].shape = i ? c->in[1].shape : *x;
	}
	return RT_OK;
}

static struct rt_batchnorm geometry(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;

	return (struct rt_batchnorm){x->dim[0], x->dim[1], rt_shape_span(x, 2, x->rank)};
}

/* Both: mean, then 1 / sqrt(var + epsilon), (2,C), as forward used them. */
static size_t saved_size(const struct rt_call *c)
{
	return 2 * (size_t)c->in[0].shape.dim[1] * sizeof(float);
}

/* The variance. */
static size_t work_size(const struct rt_call *c)
{
	return (size_t)c->in[0].shape.dim[1] * sizeof(float);
}

static bool of_batch(const struct rt_call *c)
{
	return c->purpose == RT_TRAIN || RT_ATTRS(batch_normalization, c)->training_mode;
}

/* to = from momentum + batch (1 - momentum) */
static void move(const struct rt_call *c, void *to, const void *from, const float *batch, int64_t C)
{
	const double momentum = RT_ATTRS(batch_normalization, c)->momentum;
	const float keep = (float)momentum, take = (float)(1 - momentum), *old = from;
	float *moved = to;

	for (int64_t k = 0; k < C; k++)
		moved[k] = old[k] * keep + batch[k] * take;
}

/* Moves the running statistics, in place in RT_TRAIN and into outputs that are wanted. */
static void move_statistics(const struct rt_call *c, const float *mean, const float *var, int64_t C)
{
	for (int i = 1; i < c->nout; i++)
		if (c->out[i].present)
			move(c, c->out[i].data, c->in[2 + i].data, i == 1 ? mean : var, C);
	if (c->purpose == RT_TRAIN) {
		move(c, c->in[3].data, c->in[3].data, mean, C);
		move(c, c->in[4].data, c->in[4].data, var, C);
	}
}

void rt_batch_normalization_forward(const struct rt_call *c, const struct rt_batchnorm_post *post)
{
	const float epsilon = (float)RT_ATTRS(batch_normalization, c)->epsilon;
	const struct rt_batchnorm g = geometry(c);
	float *mean = c->saved, *rstd = mean + g.C, *var = c->work;
	const struct rt_batchnorm_map map = {mean, rstd, c->in[1].data, c->in[2].data};

	if (of_batch(c)) {
		rt_batchnorm_train(&g, c->out[0].data, mean, var, rstd, c->in[0].data,
				   c->in[1].data, c->in[2].data, epsilon, post);
		move_statistics(c, mean, var, g.C);
		return;
	}
	memcpy(mean, c->in[3].data, (size_t)g.C * sizeof(*mean));
	for (int64_t k = 0; k < g.C; k++)
		rstd[k] = 1 / sqrtf(((const float *)c->in[4].data)[k] + epsilon);
	rt_batchnorm_apply(&g, c->out[0].data, c->in[0].data, &map, post);
}

static void forward(const struct rt_call *c)
{
	rt_batch_normalization_forward(c, NULL);
}

/* From the moved statistics as outputs, m = N P: dx += take dmean / m + take dvar 2 (x - mean) /
 * m */
static void backward_moved(const struct rt_call *c, const struct rt_batchnorm *g)
{
	const float take = (float)(1 - RT_ATTRS(batch_normalization, c)->momentum);
	const float *dmean = c->nout > 1 ? c->out[1].grad : NULL, *mean = c->saved;
	const float *dvar = c->nout > 2 ? c->out[2].grad : NULL, *x = c->in[0].data;

	for (int64_t i = 0; c->in[0].grad && (dmean || dvar) && i < g->N * g->C * g->P; i++) {
		int64_t k = i / g->P % g->C;
		float d = dmean ? dmean[k] : 0;

		if (dvar)
			d += dvar[k] * 2 * (x[i] - mean[k]);
		c->in[0].grad[i] += take * d / (float)(g->N * g->P);
	}
}

/* The running statistics are constants: nothing flows into them. */
void rt_batch_normalization_backward(const struct rt_call *c, const struct rt_batchnorm_post *post,
				     float *dz)
{
	const struct rt_batchnorm g = geometry(c);
	const float *mean = c->saved;
	const struct rt_batchnorm_map map = {mean, mean + g.C, c->in[1].data, c->in[2].data};
	const struct rt_batchnorm_grads to = {c->in[0].grad, dz, c->in[1].grad, c->in[2].grad,
					      c->fresh & 1, c->fresh >> 5 & 1};

	if (c->out[0].grad)
		rt_batchnorm_backward(&g, &to, c->out[0].grad, c->in[0].data, c->out[0].data, &map,
				      of_batch(c), post);
}

static void backward(const struct rt_call *c)
{
	const struct rt_batchnorm g = geometry(c);

	backward_moved(c, &g);
	rt_batch_normalization_backward(c, NULL, NULL);
}

const struct rt_op rt_op_BatchNormalization = {
	.row = {.name = "BatchNormalization",
		.summary = "every channel to mean 0 and variance 1, then scaled",
		.opts = opts, .params_size = sizeof(struct batch_normalization)},
	.min_in = 5, .max_in = 5, .min_out = 1, .max_out = 3,
	.flags = RT_OP_INPLACE,
	.bwd_in = 1 | 2,
	.bwd_sets = 1, .bwd_place = 1,
	.writes = 8 | 16,
	.infer = infer,
	.saved_size = saved_size,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
