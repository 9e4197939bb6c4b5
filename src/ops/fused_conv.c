/* fused_conv.c - y = clamp(a conv(x, w, b) + c), with a and c from batch normalization:
 * a = scale / sqrt(variance + epsilon), c = shift - mean a (Ioffe and Szegedy 2015, algorithm 2). */
#include "config.h"

#include "ops/fused_conv.h"
#include "ops/ops.h"
#include "tensor/parallel.h"

#include <math.h>

/* The call as the Conv inside sees it. */
static struct rt_call conv_call(const struct rt_call *c)
{
	struct rt_call inner = *c;

	inner.attrs = RT_ATTRS(rt_fused_conv, c)->conv;
	inner.nin = c->in[2].present ? 3 : 2;
	return inner;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_call inner = conv_call(c);

	return rt_op_Conv.infer(&inner, err);
}

static size_t work_size(const struct rt_call *c)
{
	struct rt_call inner = conv_call(c);

	return rt_op_Conv.work_size ? rt_op_Conv.work_size(&inner) : 0;
}

/* One plane of P*Q numbers. */
static void finish_plane(float *restrict y, int64_t PQ, float a, float c, float lo, float hi)
{
	for (int64_t i = 0; i < PQ; i++) {
		float v = a * y[i] + c;

		v = v < lo ? lo : v;
		y[i] = v > hi ? hi : v;
	}
}

static void forward(const struct rt_call *c)
{
	const struct rt_fused_conv *f = RT_ATTRS(rt_fused_conv, c);
	struct rt_call inner = conv_call(c);
	const struct rt_shape *s = &c->out[0].shape;
	int64_t N = s->dim[0], K = s->dim[1], PQ = rt_shape_span(s, 2, s->rank);
	bool bn = c->nin > 3 && c->in[3].present;
	const float *scale = bn ? c->in[3].data : NULL, *shift = bn ? c->in[4].data : NULL;
	const float *mean = bn ? c->in[5].data : NULL, *var = bn ? c->in[6].data : NULL;
	float *y = c->out[0].data;
	int n = rt_split(N * K, N * K * PQ);

	rt_op_Conv.forward(&inner);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t nk = 0; nk < N * K; nk++) {
		int64_t k = nk % K;
		float a = bn ? scale[k] / sqrtf(var[k] + (float)f->epsilon) : 1;

		finish_plane(y + nk * PQ, PQ, a, bn ? shift[k] - mean[k] * a : 0, (float)f->lo,
			     (float)f->hi);
	}
}

static void cost(const struct rt_call *c, struct rt_cost *out)
{
	struct rt_call inner = conv_call(c);

	rt_op_Conv.cost(&inner, out);
}

const struct rt_op rt_op_fused_conv = {
	.row = {.name = "FusedConv", .summary = "convolution, batch normalization and clamping at once",
		.params_size = sizeof(struct rt_fused_conv)},
	.min_in = 2, .max_in = 7, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INTERNAL,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.cost = cost,
};
