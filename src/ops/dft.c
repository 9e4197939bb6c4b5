/* dft.c - DFT: the discrete Fourier transform along one axis; the last dimension is 1 (real) or 2
 * (real and imaginary parts).  Inverse and one-sided it makes a real signal of the first half of
 * its spectrum, whose other half mirrors it: X[n - k] = conj(X[k]). */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/fourier.h"

#include <inttypes.h>

struct dft {
	int64_t axis;
	bool inverse, onesided;
};

static const struct rt_opt opts[] = {
	{.name = "axis", .type = RT_INT, .offset = offsetof(struct dft, axis), .init = "1",
	 .summary = "the axis transformed along"},
	{.name = "inverse", .type = RT_BOOL, .offset = offsetof(struct dft, inverse), .init = "0",
	 .summary = "the inverse transform"},
	{.name = "onesided", .type = RT_BOOL, .offset = offsetof(struct dft, onesided),
	 .init = "0", .summary = "only the first half, as the rest of a real input mirrors it"},
	{0},
};

/* From half a spectrum to a signal of real numbers. */
static bool makes_real(const struct rt_call *c)
{
	return RT_ATTRS(dft, c)->inverse && RT_ATTRS(dft, c)->onesided;
}

static int64_t length_of(const struct rt_call *c, const struct rt_known *given, int axis)
{
	int64_t have = c->in[0].shape.dim[axis];

	return given->n ? given->v[0] : makes_real(c) ? 2 * (have - 1) : have;
}

static int64_t length(const struct rt_call *c, int axis)
{
	struct rt_known given = rt_known_again(c, 1);

	return length_of(c, &given, axis);
}

static int axis_of(const struct rt_call *c)
{
	int64_t axis = RT_ATTRS(dft, c)->axis;

	return (int)(axis < 0 ? axis + c->in[0].shape.rank : axis);
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known given;
	int64_t n;
	int axis;

	RT_TRY(rt_want_f32(c, 0, "input", err));
	RT_TRY(rt_want_elements(c, 0, "input", err));
	RT_TRY(rt_want_axis(&axis, RT_ATTRS(dft, c)->axis, x, err));
	if (axis == x->rank - 1 || x->dim[x->rank - 1] > 2)
		return rt_fail(err, RT_ESHAPE,
			       "the last dimension is %" PRId64
			       " and the axis %d; 1 or 2 and another "
			       "axis are wanted",
			       x->dim[x->rank - 1], axis);
	RT_TRY(rt_known_list(&given, c, 1, "dft_length", err));
	n = length_of(c, &given, axis);
	if (n < 1 || n > INT32_MAX)
		return rt_fail(err, RT_ESHAPE, "dft_length is %" PRId64, n);
	c->out[0].dtype = RT_F32;
	c->out[0].shape = *x;
	c->out[0].shape.dim[axis] = RT_ATTRS(dft, c)->onesided && !makes_real(c) ? n / 2 + 1 : n;
	c->out[0].shape.dim[x->rank - 1] = makes_real(c) ? 1 : 2;
	if (makes_real(c) && x->dim[x->rank - 1] != 2)
		return rt_fail(err, RT_ESHAPE, "the last dimension is %" PRId64
			       "; half a spectrum has 2", x->dim[x->rank - 1]);
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	size_t n = (size_t)length(c, axis_of(c));

	/* the table; where a signal is made, its spectrum and itself in pairs */
	return 2 * n * sizeof(double) + (makes_real(c) ? 4 * n * sizeof(float) : 0);
}

/* One line of `have` pairs of a spectrum, x_step apart, to n real numbers, y_step apart. */
static void real_line(const struct rt_fourier *f, float *y, const float *x, double *table)
{
	float *spectrum = (float *)(table + 2 * f->n), *signal = spectrum + 2 * f->n;
	struct rt_fourier whole = {.n = f->n, .have = f->n, .outs = f->n, .complex_in = true,
				   .inverse = true, .x_step = 2, .y_step = 2};

	for (int64_t k = 0; k < f->n; k++) {
		int64_t from = 2 * k <= f->n ? k : f->n - k;
		bool there = from < f->have;

		spectrum[2 * k] = there ? x[from * f->x_step] : 0;
		spectrum[2 * k + 1] = there ? (from == k ? 1.0f : -1.0f) * x[from * f->x_step + 1]
					    : 0;
	}
	rt_fourier(&whole, signal, spectrum, NULL, table);
	for (int64_t t = 0; t < f->n; t++)
		y[t * f->y_step] = signal[2 * t];
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape, *y = &c->out[0].shape;
	int axis = axis_of(c), last = x->rank - 1;
	int64_t A = rt_shape_span(x, 0, axis), B = rt_shape_span(x, axis + 1, last);
	int64_t parts = x->dim[last], n = length(c, axis);
	struct rt_fourier f = {.n = n, .have = x->dim[axis], .outs = y->dim[axis],
			       .complex_in = parts == 2, .inverse = RT_ATTRS(dft, c)->inverse,
			       .x_step = B * parts, .y_step = B * y->dim[last]};

	rt_fourier_table(c->work, n, f.inverse);
	for (int64_t i = 0; makes_real(c) && i < A * B; i++)
		real_line(&f, (float *)c->out[0].data + i / B * n * B + i % B,
			  (const float *)c->in[0].data + (i / B * f.have * B + i % B) * parts,
			  c->work);
	if (makes_real(c))
		return;
	for (int64_t i = 0; i < A * B; i++)
		rt_fourier(&f, (float *)c->out[0].data + (i / B * f.outs * B + i % B) * 2,
			   (const float *)c->in[0].data + (i / B * f.have * B + i % B) * parts,
			   NULL, c->work);
}

const struct rt_op rt_op_DFT = {
	.row = {.name = "DFT", .summary = "discrete Fourier transform along an axis", .opts = opts,
		.params_size = sizeof(struct dft)},
	.min_in = 1, .max_in = 2, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
