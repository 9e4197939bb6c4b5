/* eye_like.c - EyeLike: 1 on a diagonal of a matrix of the input's shape, 0 elsewhere. */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <inttypes.h>
#include <string.h>

struct attrs {
	int64_t dtype, k;
};

static const struct rt_opt opts[] = {
	{"dtype", "element type, as TensorProto numbers it; the input's by default", RT_INT,
	 offsetof(struct attrs, dtype), .min = 1, .max = 16, .example = "1"},
	{"k", "which diagonal: above the main one when positive, below when negative", RT_INT,
	 offsetof(struct attrs, k), "0", -2147483648.0, 2147483647.0},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int64_t type = RT_ATTRS(attrs, c)->dtype;

	RT_TRY(rt_want_rank(c, 0, "input", 2, err));
	c->out[0].dtype = c->in[0].dtype;
	if (type != RT_UNSET_INT && !rt_known_type(&c->out[0].dtype, type))
		return rt_fail(err, RT_EUNSUPPORTED, "element type %" PRId64 " of TensorProto",
			       type);
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	const int64_t H = c->out[0].shape.dim[0], W = c->out[0].shape.dim[1], one = 1;
	const enum rt_dtype type = c->out[0].dtype;
	const size_t size = rt_dtype(type)->size;

	memset(c->out[0].data, 0, (size_t)(H * W) * size);
	for (int64_t i = 0; i < H; i++) {
		int64_t j = i + RT_ATTRS(attrs, c)->k;

		if (j >= 0 && j < W)
			rt_convert((char *)c->out[0].data + (size_t)(i * W + j) * size, type, &one,
				   RT_I64, 1);
	}
}

const struct rt_op rt_op_EyeLike = {
	.row = {.name = "EyeLike", .summary = "ones on a diagonal of a matrix of the input's shape",
		.opts = opts, .params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.flags = RT_OP_OF_SHAPES,
	.infer = infer,
	.forward = forward,
	.backward = rt_flat_backward,
};
