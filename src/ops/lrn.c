/* lrn.c - LRN: local response normalization across channels (Krizhevsky et al., NIPS 2012, 3.3).
 *
 * x (N,C,P); s[c] = bias + alpha / size * sum of x^2 over the `size` channels around c;
 * y = x s^-beta;
 * dx[c] = dy[c] s[c]^-beta - 2 alpha beta / size * x[c] * sum over the channels d that have c
 * around them of dy[d] x[d] s[d]^(-beta-1).
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/parallel.h"

#include <math.h>

struct attrs {
	double alpha, beta, bias;
	int64_t size;
};

static const struct rt_opt opts[] = {
	{"alpha", "weight of the squares", RT_REAL, offsetof(struct attrs, alpha), "0.0001"},
	{"beta", "exponent", RT_REAL, offsetof(struct attrs, beta), "0.75"},
	{"bias", "added to the squares", RT_REAL, offsetof(struct attrs, bias), "1"},
	{"size", "how many channels are summed over", RT_INT, offsetof(struct attrs, size),
	 .min = 1, .max = INT32_MAX, .example = "5", .flags = RT_OPT_REQUIRED},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	char buf[128];

	RT_TRY(rt_want_f32(c, 0, "input", err));
	if (c->in[0].shape.rank < 2)
		return rt_fail(err, RT_ESHAPE, "input is %s; batch x channels is wanted",
			       rt_shape_text(buf, sizeof(buf), &c->in[0].shape));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* What the channels [*lo, *hi) around one are, counted with `before` in front of it. */
static void around(int64_t c, int64_t C, int64_t before, int64_t behind, int64_t *lo, int64_t *hi)
{
	*lo = c - before > 0 ? c - before : 0;
	*hi = c + behind + 1 < C ? c + behind + 1 : C;
}

/* s of one element; x points at its pixel of channel 0. */
static double scale(const struct attrs *a, const float *x, int64_t c, int64_t C, int64_t P)
{
	double sum = 0;
	int64_t lo, hi;

	around(c, C, (a->size - 1) / 2, a->size / 2, &lo, &hi);
	for (int64_t k = lo; k < hi; k++)
		sum += (double)x[k * P] * (double)x[k * P];
	return a->bias + a->alpha / (double)a->size * sum;
}

static void forward(const struct rt_call *call)
{
	const struct attrs *a = call->attrs;
	const struct rt_shape *shape = &call->in[0].shape;
	const int64_t C = shape->dim[1], P = rt_shape_span(shape, 2, shape->rank);
	const int64_t pixels = shape->dim[0] * P;
	const float *X = call->in[0].data;
	float *Y = call->out[0].data;
	int n = rt_split(pixels, pixels * C * 32);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < pixels; i++) {
		const int64_t at = i / P * C * P + i % P;

		for (int64_t c = 0; c < C; c++)
			Y[at + c * P] = (float)((double)X[at + c * P] *
						pow(scale(a, X + at, c, C, P), -a->beta));
	}
}

/* The gradient of one element; x and dy point at its pixel of channel 0. */
static double gradient(const struct attrs *a, const float *x, const float *dy, int64_t c, int64_t C,
		       int64_t P)
{
	double sum = 0;
	int64_t lo, hi;

	around(c, C, a->size / 2, (a->size - 1) / 2, &lo, &hi);
	for (int64_t d = lo; d < hi; d++)
		sum += (double)dy[d * P] * (double)x[d * P] *
		       pow(scale(a, x, d, C, P), -a->beta - 1);
	return (double)dy[c * P] * pow(scale(a, x, c, C, P), -a->beta) -
	       2 * a->alpha * a->beta / (double)a->size * (double)x[c * P] * sum;
}

static void backward(const struct rt_call *call)
{
	const struct rt_shape *shape = &call->in[0].shape;
	const int64_t C = shape->dim[1], P = rt_shape_span(shape, 2, shape->rank);
	const int64_t pixels = shape->dim[0] * P;
	const float *X = call->in[0].data, *DY = call->out[0].grad;
	float *DX = call->in[0].grad;
	int n = rt_split(pixels, pixels * C * 128);

	if (!DX || !DY)
		return;
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < pixels; i++) {
		const int64_t at = i / P * C * P + i % P;

		for (int64_t c = 0; c < C; c++)
			DX[at + c * P] +=
				(float)gradient(call->attrs, X + at, DY + at, c, C, P);
	}
}

const struct rt_op rt_op_LRN = {
	.row = {.name = "LRN",
		.summary = "every element over the squares of its neighbour channels",
		.opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1,
	.max_in = 1,
	.min_out = 1,
	.max_out = 1,
	.bwd_in = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
