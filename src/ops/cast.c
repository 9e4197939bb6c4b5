/* cast.c - Cast and CastLike: the elements in another type, named or that of in[1].
 *
 * Whole numbers that do not fit a whole type keep their low bits; real numbers out of its range
 * take its nearest end.  Gradients pass between real types as they are; a result of whole numbers
 * has none.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

#include <inttypes.h>

struct attrs {
	int64_t to;
};

static const struct rt_opt opts[] = {
	{"to", "element type, as TensorProto numbers it (1: f32, 6: i32, 7: i64, 9: bool)", RT_INT,
	 offsetof(struct attrs, to), .min = 1, .max = 16, .example = "1", .flags = RT_OPT_REQUIRED},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	int64_t to = RT_ATTRS(attrs, c)->to;

	if (!rt_known_type(&c->out[0].dtype, to))
		return rt_fail(err, RT_EUNSUPPORTED, "element type %" PRId64 " of TensorProto", to);
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void forward(const struct rt_call *c)
{
	rt_convert_wrap(c->out[0].data, c->out[0].dtype, c->in[0].data, c->in[0].dtype,
			rt_shape_count(&c->in[0].shape));
}

static void backward(const struct rt_call *c)
{
	if (rt_dtype(c->out[0].dtype)->is_float && rt_dtype(c->in[0].dtype)->is_float)
		rt_known_view_backward(c);
}

const struct rt_op rt_op_Cast = {
	.row = {.name = "Cast", .summary = "the elements in another type", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
	.backward = backward,
};

static enum rt_status infer_like(struct rt_call *c, struct rt_err *err)
{
	(void)err;
	c->out[0].dtype = c->in[1].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

const struct rt_op rt_op_CastLike = {
	.row = {.name = "CastLike", .summary = "the elements of one input in the type of another"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.infer = infer_like,
	.forward = forward,
	.backward = backward,
};
