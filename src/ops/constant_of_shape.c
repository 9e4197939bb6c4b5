/* constant_of_shape.c - ConstantOfShape: one value repeated to the shape in[0].
 *
 * ONNX has the value and its type in one tensor of one element; here they are two attributes, which
 * reading and writing of files join.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"

#include <inttypes.h>

struct attrs {
	double value;
	int64_t value_type;
};

static const struct rt_opt opts[] = {
	{"value", "what is repeated", RT_REAL, offsetof(struct attrs, value), "0"},
	{"value_type", "its element type, as TensorProto numbers it (1: f32, 7: i64)", RT_INT,
	 offsetof(struct attrs, value_type), "1", 1, 16},
	{0},
};

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct rt_known dims;
	int64_t type = RT_ATTRS(attrs, c)->value_type;

	RT_TRY(rt_known_list(&dims, c, 0, "shape", err));
	if (!rt_known_type(&c->out[0].dtype, type))
		return rt_fail(err, RT_EUNSUPPORTED, "element type %" PRId64 " of TensorProto",
			       type);
	return rt_known_shape(&c->out[0].shape, dims.v, dims.n, err);
}

static void forward(const struct rt_call *c)
{
	enum rt_dtype dtype = c->out[0].dtype;
	size_t size = rt_dtype(dtype)->size;
	int64_t n = rt_shape_count(&c->out[0].shape);
	double value = RT_ATTRS(attrs, c)->value;

	for (int64_t i = 0; i < n; i++)
		rt_convert((char *)c->out[0].data + (size_t)i * size, dtype, &value, RT_F64, 1);
}

const struct rt_op rt_op_ConstantOfShape = {
	.row = {.name = "ConstantOfShape", .summary = "one value repeated to a shape", .opts = opts,
		.params_size = sizeof(struct attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
};
