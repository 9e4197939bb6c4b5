/* stft.c - STFT: Fourier transforms of windowed frames of a signal (B,L,1 or 2) ->
 * (B,frames,bins,2). */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/fourier.h"

#include <inttypes.h>

struct stft {
	bool onesided;
};

static const struct rt_opt opts[] = {
	{.name = "onesided", .type = RT_BOOL, .offset = offsetof(struct stft, onesided),
	 .init = "1", .summary = "only the first half, as the rest of a real signal mirrors it"},
	{0},
};

static bool has_window(const struct rt_call *c)
{
	return c->nin > 2 && c->in[2].present;
}

/* frame_length, or that of the window. */
static int64_t length(const struct rt_call *c)
{
	struct rt_known given = rt_known_again(c, 3);

	return given.n ? given.v[0] : has_window(c) ? rt_shape_count(&c->in[2].shape) : 0;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	struct rt_known step, given;
	int64_t n;
	char buf[128];

	RT_TRY(rt_want_f32(c, 0, "signal", err));
	RT_TRY(rt_want_f32(c, 2, "window", err));
	if (x->rank != 3 || x->dim[2] < 1 || x->dim[2] > 2)
		return rt_fail(err, RT_ESHAPE, "signal is %s; B x L x 1 or 2 is wanted",
			       rt_shape_text(buf, sizeof(buf), x));
	RT_TRY(rt_known_list(&step, c, 1, "frame_step", err));
	RT_TRY(rt_known_list(&given, c, 3, "frame_length", err));
	n = given.n ? given.v[0] : has_window(c) ? rt_shape_count(&c->in[2].shape) : 0;
	if (step.n != 1 || step.v[0] < 1 || n < 1 || n > x->dim[1] ||
	    (has_window(c) && rt_shape_count(&c->in[2].shape) != n))
		return rt_fail(err, RT_ESHAPE,
			       "frames of %" PRId64 " every %" PRId64 " of a signal of %" PRId64, n,
			       step.n ? step.v[0] : 0, x->dim[1]);
	c->out[0].dtype = RT_F32;
	c->out[0].shape = RT_SHAPE(x->dim[0], (x->dim[1] - n) / step.v[0] + 1,
				   RT_ATTRS(stft, c)->onesided ? n / 2 + 1 : n, 2);
	return RT_OK;
}

static size_t work_size(const struct rt_call *c)
{
	return 2 * (size_t)length(c) * sizeof(double);
}

static void forward(const struct rt_call *c)
{
	const struct rt_shape *x = &c->in[0].shape, *y = &c->out[0].shape;
	int64_t n = length(c), step = rt_known_again(c, 1).v[0], frames = y->dim[1];
	struct rt_fourier f = {.n = n, .have = n, .outs = y->dim[2], .complex_in = x->dim[2] == 2,
			       .x_step = x->dim[2], .y_step = 2};

	rt_fourier_table(c->work, n, false);
	for (int64_t i = 0; i < x->dim[0] * frames; i++)
		rt_fourier(&f, (float *)c->out[0].data + i * f.outs * 2,
			   (const float *)c->in[0].data +
			   (i / frames * x->dim[1] + i % frames * step) * x->dim[2],
			   has_window(c) ? c->in[2].data : NULL, c->work);
}

const struct rt_op rt_op_STFT = {
	.row = {.name = "STFT", .summary = "Fourier transforms of the frames of a signal",
		.opts = opts, .params_size = sizeof(struct stft)},
	.min_in = 2, .max_in = 4, .min_out = 1, .max_out = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
};
