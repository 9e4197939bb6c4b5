/* clip.c - Clip: y = min(max(x, lo), hi), of real or whole numbers; bounds left out do not bind.
 * ReLU6 is Clip from 0 to 6.
 *
 * The derivative at the bounds is 0, as torch.nn.ReLU6 has it.
 */
#include "config.h"

#include "ops/arith.h"
#include "ops/ops.h"
#include "ops/unary.h"
#include "ops/want.h"

#include <math.h>
#include <string.h>

static bool has_bound(const struct rt_call *c, int i)
{
	return i < c->nin && c->in[i].present;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const name[] = {"input", "min", "max"};

	for (int i = 1; i < c->nin; i++) {
		RT_TRY(rt_want_one(c, i, name[i], err));
		if (has_bound(c, i))
			RT_TRY(rt_want_same_type(c, i, err));
	}
	return rt_unary_infer_number(c, err);
}

static double bound(const struct rt_call *c, int i, double fallback)
{
	if (has_bound(c, i))
		rt_convert(&fallback, RT_F64, c->in[i].data, c->in[i].dtype, 1);
	return fallback;
}

static void clip_whole(const struct rt_call *c)
{
	size_t size = rt_dtype(c->out[0].dtype)->size;

	if (c->out[0].data != c->in[0].data)
		memcpy(c->out[0].data, c->in[0].data,
		       (size_t)rt_shape_count(&c->out[0].shape) * size);
	for (int i = 1; i < c->nin; i++)
		if (has_bound(c, i))
			rt_arith_scalar(c, i == 1 ? RT_BINARY_MAX : RT_BINARY_MIN, c->out[0].data,
					c->in[i].data);
}

static void forward(const struct rt_call *c)
{
	if (rt_dtype(c->in[0].dtype)->is_float)
		rt_unary_forward(c, RT_POINT_CLIP, bound(c, 1, -INFINITY), bound(c, 2, INFINITY));
	else
		clip_whole(c);
}

static void backward(const struct rt_call *c)
{
	if (rt_dtype(c->in[0].dtype)->is_float)
		rt_unary_backward(c, RT_POINT_CLIP, c->out[0].data, bound(c, 1, -INFINITY),
				  bound(c, 2, INFINITY));
}

const struct rt_op rt_op_Clip = {
	.row = {.name = "Clip", .summary = "x held between two bounds"},
	.min_in = 1, .max_in = 3, .min_out = 1, .max_out = 1,
	.flags = RT_OP_INPLACE | RT_OP_ACTIVATION,
	.bwd_in = 2 | 4,
	.bwd_out = 1,
	.bwd_sets = 1, .bwd_place = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};
