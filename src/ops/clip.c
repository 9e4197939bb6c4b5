/* clip.c - Clip: y = min(max(x, lo), hi); bounds left out do not bind.  ReLU6 is Clip from 0 to 6.
 *
 * The derivative at the bounds is 0, as torch.nn.ReLU6 has it.
 */
#include "config.h"

#include "ops/ops.h"
#include "ops/unary.h"
#include "ops/want.h"

#include <math.h>

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const name[] = {"input", "min", "max"};

	for (int i = 1; i < c->nin; i++) {
		RT_TRY(rt_want_f32(c, i, name[i], err));
		if (c->in[i].present && rt_shape_count(&c->in[i].shape) != 1)
			return rt_fail(err, RT_ESHAPE, "%s has %lld values, 1 is wanted", name[i],
				       (long long)rt_shape_count(&c->in[i].shape));
	}
	return rt_unary_infer(c, err);
}

static double bound(const struct rt_call *c, int i, double fallback)
{
	return i < c->nin && c->in[i].present ? (double)*(const float *)c->in[i].data : fallback;
}

static void forward(const struct rt_call *c)
{
	rt_unary_forward(c, RT_POINT_CLIP, bound(c, 1, -INFINITY), bound(c, 2, INFINITY));
}

static void backward(const struct rt_call *c)
{
	rt_unary_backward(c, RT_POINT_CLIP, c->out[0].data, bound(c, 1, -INFINITY),
			  bound(c, 2, INFINITY));
}

const struct rt_op rt_op_Clip = {
	.row = {.name = "Clip", .summary = "x held between two bounds"},
	.min_in = 1, .max_in = 3, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 2 | 4,
	.bwd_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
