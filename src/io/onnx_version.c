/* onnx_version.c - how operators of other opsets differ from opset 17, as data.
 *
 * From the change log of the operators (https://onnx.ai/onnx/operators/, Changelog.md).
 */
#include "config.h"

#include "io/onnx.h"

#include <string.h>

static const struct onnx_version versions[] = {
	/* attributes that became inputs */
	{"Reshape", ONNX_TO_INPUT, 1, 5, "shape", 1, 0},
	{"TopK", ONNX_TO_INPUT, 1, 10, "k", 1, 0},
	{"Slice", ONNX_TO_INPUT, 1, 10, "starts", 1, 0},
	{"Slice", ONNX_TO_INPUT, 1, 10, "ends", 2, 0},
	{"Slice", ONNX_TO_INPUT, 1, 10, "axes", 3, 0},
	{"Clip", ONNX_TO_INPUT, 6, 11, "min", 1, 0},
	{"Clip", ONNX_TO_INPUT, 6, 11, "max", 2, 0},
	{"Pad", ONNX_TO_INPUT, 2, 11, "pads", 1, 0},
	{"Pad", ONNX_TO_INPUT, 2, 11, "value", 2, 0},
	{"Dropout", ONNX_TO_INPUT, 7, 12, "ratio", 1, 0},
	{"Squeeze", ONNX_TO_INPUT, 1, 13, "axes", 1, 0},
	{"Unsqueeze", ONNX_TO_INPUT, 1, 13, "axes", 1, 0},
	{"ReduceSum", ONNX_TO_INPUT, 1, 13, "axes", 1, 0},
	{"Split", ONNX_TO_INPUT, 2, 13, "split", 1, 0},
	{"Resize", ONNX_TO_INPUT, 1, 9, "scales", 1, 0},	/* of Upsample */

	/* inputs that were attributes at opset 17 */
	{"ReduceMean", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceMax", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceMin", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceProd", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceL1", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceL2", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceLogSum", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceLogSumExp", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},
	{"ReduceSumSquare", ONNX_TO_ATTR, 18, 99, "axes", 1, 0},

	{"DFT", ONNX_TO_ATTR, 20, 99, "axis", 2, 0},
	{"DFT", ONNX_DEFAULT, 20, 99, "axis", 0, -2},

	/* what opset 17 says in another way */
	{"GridSample", ONNX_FORM, 20, 99, "mode", 0, 0},
	{"Resize", ONNX_FORM, 18, 99, "axes", 0, 0},
	{"Resize", ONNX_FORM, 18, 99, "keep_aspect_ratio_policy", 0, 0},

	/* attributes that opset 17 does not have */
	{"Gemm", ONNX_NEUTRAL, 1, 99, "broadcast", 0, ONNX_ANYTHING},
	{"BatchNormalization", ONNX_NEUTRAL, 1, 9, "spatial", 0, 1},
	{"BatchNormalization", ONNX_NEUTRAL, 1, 9, "is_test", 0, ONNX_ANYTHING},
	{"Dropout", ONNX_NEUTRAL, 1, 12, "is_test", 0, ONNX_ANYTHING},
	{"AveragePool", ONNX_NEUTRAL, 19, 99, "dilations", 0, 1},
	{"Cast", ONNX_NEUTRAL, 19, 99, "saturate", 0, ONNX_ANYTHING},
	{"QuantizeLinear", ONNX_NEUTRAL, 19, 99, "saturate", 0, ONNX_ANYTHING},
	{"QuantizeLinear", ONNX_NEUTRAL, 21, 99, "block_size", 0, 0},
	{"QuantizeLinear", ONNX_NEUTRAL, 21, 99, "output_dtype", 0, 0},
	{"DequantizeLinear", ONNX_NEUTRAL, 21, 99, "block_size", 0, 0},
	{"ReduceMean", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceMax", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceMin", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceProd", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceL1", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceL2", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceLogSum", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceLogSumExp", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"ReduceSumSquare", ONNX_NEUTRAL, 18, 99, "noop_with_empty_axes", 0, 0},
	{"Split", ONNX_NEUTRAL, 18, 99, "num_outputs", 0, ONNX_ANYTHING},
	{"CastLike", ONNX_NEUTRAL, 19, 99, "saturate", 0, ONNX_ANYTHING},
	{"LayerNormalization", ONNX_NEUTRAL, 17, 99, "stash_type", 0, 1},

	/* before inputs broadcast by themselves */
	{"Add", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Add", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"And", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"And", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Div", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Div", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Equal", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Equal", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Greater", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Greater", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Less", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Less", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Mul", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Mul", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Or", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Or", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Pow", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Pow", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Sub", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Sub", ONNX_ALIGNED, 1, 7, "axis", 0, 0},
	{"Xor", ONNX_NEUTRAL, 1, 7, "broadcast", 0, ONNX_ANYTHING},
	{"Xor", ONNX_ALIGNED, 1, 7, "axis", 0, 0},

	/* the axis was 1 by default, and the input taken as a matrix split there */
	{"Softmax", ONNX_FLATTENED, 1, 13, "axis", 0, 1},
	{"LogSoftmax", ONNX_FLATTENED, 1, 13, "axis", 0, 1},
	{"Hardmax", ONNX_FLATTENED, 1, 13, "axis", 0, 1},
};

const struct onnx_version *onnx_version_find(const char *op, int64_t opset, enum onnx_change change,
					     const char *attr)
{
	for (size_t i = 0; i < RT_COUNT(versions); i++) {
		const struct onnx_version *v = &versions[i];

		if (v->change == change && opset >= v->from && opset < v->below &&
		    strcmp(v->op, op) == 0 && (!attr || strcmp(v->attr, attr) == 0))
			return v;
	}
	return NULL;
}

bool onnx_attr_is_neutral(const Onnx__AttributeProto *a, int64_t neutral)
{
	bool listed = a->has_type && a->type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;

	if (neutral == ONNX_ANYTHING)
		return true;
	for (size_t i = 0; listed && i < a->n_ints; i++)
		if (a->ints[i] != neutral)
			return false;
	return listed || (a->has_i && a->i == neutral);
}
