/* lp_normalization.c - LpNormalization: lines of length 1 by the p-norm, p = 1 or 2.
 *
 * n = (sum |x|^p)^(1/p), y = x / n, 0 where n is; dx = (dy - sign(x) (|x| / n)^(p-1) sum(dy y)) / n
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/lp.h"
#include "tensor/parallel.h"

#include <math.h>

struct lp_normalization {
	int64_t axis, p;
};

static const struct rt_opt opts[] = {
	{"axis", "of the lines", RT_INT, offsetof(struct lp_normalization, axis), "-1",
	 -RT_MAX_RANK, RT_MAX_RANK - 1},
	{"p", "exponent of the norm", RT_INT, offsetof(struct lp_normalization, p), "2", 1, 2},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int axis;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(lp_normalization, c)->axis, &c->in[0].shape, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

/* The input as (A,D,B), D along the axis. */
struct lines {
	int64_t A, D, B;
};

static struct lines lines(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape;
	int64_t axis = RT_ATTRS(lp_normalization, c)->axis;
	int at = (int)(axis < 0 ? axis + x->rank : axis);

	return (struct lines){rt_shape_span(x, 0, at), x->dim[at],
			      rt_shape_span(x, at + 1, x->rank)};
}

/* A length for each line. */
static size_t saved_size(const struct rt_call *c)
{
	struct lines l = lines(c);

	return (size_t)(l.A * l.B) * sizeof(float);
}

static void forward(const struct rt_call *c)
{
	struct lines l = lines(c);
	const float *x = c->in[0].data, *length = c->saved;
	float *y = c->out[0].data;
	int threads = rt_split(l.A * l.B, l.A * l.D * l.B * 2);

	rt_lp(l.A, l.D, l.B, RT_ATTRS(lp_normalization, c)->p, c->saved, x);
#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < l.A * l.B; i++)
		for (int64_t d = 0; d < l.D; d++) {
			int64_t at = (i / l.B * l.D + d) * l.B + i % l.B;

			y[at] = length[i] == 0 ? 0 : x[at] / length[i];
		}
}

static void backward(const struct rt_call *c)
{
	struct lines l = lines(c);
	const float *y = c->out[0].data, *dy = c->out[0].grad, *length = c->saved;
	const bool square = RT_ATTRS(lp_normalization, c)->p == 2;
	float *dx = c->in[0].grad;
	int threads = rt_split(l.A * l.B, l.A * l.D * l.B * 4);

	if (!dx || !dy)
		return;
#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < l.A * l.B; i++) {
		const int64_t first = i / l.B * l.D * l.B + i % l.B;
		double sum = 0;

		for (int64_t at = first, d = 0; d < l.D; d++, at += l.B)
			sum += (double)dy[at] * (double)y[at];
		for (int64_t at = first, d = 0; d < l.D && length[i] != 0; d++, at += l.B) {
			float slope = square ? y[at] : (float)((y[at] > 0) - (y[at] < 0));

			dx[at] += (dy[at] - slope * (float)sum) / length[i];
		}
	}
}

const struct rt_op rt_op_LpNormalization = {
	.row = {.name = "LpNormalization", .summary = "lines of length 1 by the p-norm",
		.opts = opts, .params_size = sizeof(struct lp_normalization)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.bwd_out = 1,
	.infer = infer,
	.saved_size = saved_size,
	.forward = forward,
	.backward = backward,
};
