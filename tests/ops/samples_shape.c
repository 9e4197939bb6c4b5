/* samples_shape.c - operators that rename, count or convert elements. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Identity", .name = "keeps everything",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, 5, -6)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 2, 3, 4, 5, -6)},
	},
	{
		.op = "Cast", .name = "f32 to i64", .attrs = {{"to", "7"}},
		.in = {{.shape = RT_SHAPE(4), GIVEN(-1.75, 0, 2.5, 3.99000001)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(-1, 0, 2, 3)},
	},
	{
		.op = "Cast", .name = "i64 to f32", .attrs = {{"to", "1"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(-3, 0, 1099511627776)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(-3, 0, 1099511627776)},
	},
	{
		.op = "Cast", .name = "i64 to i32", .attrs = {{"to", "6"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(-3, 0, 250)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(-3, 0, 250)},
	},
	{
		.op = "Cast", .name = "f32 to bool", .attrs = {{"to", "9"}},
		.in = {{.shape = RT_SHAPE(3), GIVEN(0, 0.5, -2)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "Cast", .name = "bool to f32", .attrs = {{"to", "1"}},
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(0, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(0, 1)},
	},
	{
		.op = "Cast", .name = "f32 to f64", .attrs = {{"to", "11"}},
		.in = {{.shape = RT_SHAPE(2), GIVEN(0.100000001, -2)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(0.100000001, -2)},
	},
	{
		.op = "Cast", .name = "same type", .attrs = {{"to", "1"}},
		.in = {{.shape = RT_SHAPE(2, 5)}}, OUT_SHAPE(2, 5),
	},
	{
		.op = "Cast", .name = "64-bit to 32-bit", .attrs = {{"to", "1"}},
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(2, 5)}}, OUT_SHAPE(2, 5),
	},
	{
		.op = "Cast", .name = "to text", .attrs = {{"to", "8"}},
		.in = {{.shape = RT_SHAPE(2)}}, .fails = "element type 8 of TensorProto",
	},
	{
		.op = "ConstantOfShape", .name = "zeros",
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 3), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 0, 0, 0, 0, 0)},
	},
	{
		.op = "ConstantOfShape", .name = "whole numbers",
		.attrs = {{"value", "7"}, {"value_type", "7"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(3), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(7, 7, 7)},
	},
	{
		.op = "ConstantOfShape", .name = "a scalar", .attrs = {{"value", "-0.5"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(0), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SCALAR, .expect = {VALUES(-0.5)},
	},
	{
		.op = "ConstantOfShape", .name = "not known",
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2), .lo = 1, .hi = 3}},
		.fails = "shape is computed while running",
	},
	{
		.op = "ConstantOfShape", .name = "a negative dimension",
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, -3), .known = true}},
		.fails = "dimension 1 is -3",
	},
	{
		.op = "ConstantOfShape", .name = "too large", .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2147483647, 2147483647,
			    2147483647, 2147483647), .known = true},
		}, .fails = "more elements than can be counted",
	},
	{
		.op = "Flatten", .name = "axis by default",
		.in = {{.shape = RT_SHAPE(2, 3, 4)}}, OUT_SHAPE(2, 12),
	},
	{
		.op = "Flatten", .name = "axis 0", .attrs = {{"axis", "0"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)}}, OUT_SHAPE(1, 24),
	},
	{
		.op = "Flatten", .name = "axis 2", .attrs = {{"axis", "2"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)}}, OUT_SHAPE(6, 4),
	},
	{
		.op = "Flatten", .name = "axis 3", .attrs = {{"axis", "3"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)}}, OUT_SHAPE(24, 1),
	},
	{
		.op = "Flatten", .name = "axis -1", .attrs = {{"axis", "-1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)}}, OUT_SHAPE(6, 4),
	},
	{
		.op = "Flatten", .name = "axis out of range", .attrs = {{"axis", "4"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)}},
		.fails = "axis 4 of an input with 3 dimensions",
	},
	{
		.op = "Reshape", .name = "keeps and infers", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, -1), .known = true},
		}, OUT_SHAPE(2, 12),
	},
	{
		.op = "Reshape", .name = "given", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, 5, 6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(1, 2, 3, 4, 5, 6)},
	},
	{
		.op = "Reshape", .name = "to a scalar", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 1), GIVEN(5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(0), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SCALAR, .expect = {VALUES(5)},
	},
	{
		.op = "Reshape", .name = "whole numbers under 32-bit dimensions", .nin = 2,
		.in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_I32, .shape = RT_SHAPE(2), GIVEN(2, -1), .known = true},
		}, .source = "definition", OUT_SHAPE(2, 2), .expect = {VALUES(1, 2, 3, 4)},
	},
	{
		.op = "Reshape", .name = "0 is no elements", .attrs = {{"allowzero", "1"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(0, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 0), .known = true},
		}, OUT_SHAPE(3, 0),
	},
	{
		.op = "Reshape", .name = "too many elements", .nin = 2, .in = {
			{.shape = RT_SHAPE(5, 16, 4, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 256), .known = true},
		}, .fails = "5x16x4x4 (1280 elements) cannot become 1x256 (256)",
	},
	{
		.op = "Reshape", .name = "does not divide", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, -1), .known = true},
		}, .fails = "2x3 (6 elements) cannot be cut into parts of 4",
	},
	{
		.op = "Reshape", .name = "two unknown", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(-1, -1), .known = true},
		}, .fails = "dimensions 0 and 1 are both -1",
	},
	{
		.op = "Reshape", .name = "keeps what is not there", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(6, 0), .known = true},
		}, .fails = "0 keeps dimension 1, but the input has only 1",
	},
	{
		.op = "Reshape", .name = "not known", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 3)},
		}, .fails = "shape is computed while running",
	},
	{
		.op = "Reshape", .name = "real dimensions", .nin = 2,
		.in = {{.shape = RT_SHAPE(6)}, {.shape = RT_SHAPE(2), GIVEN(2, 3), .known = true}},
		.fails = "shape is f32; whole numbers (i64) are wanted",
	},
	{
		.op = "Reshape", .name = "nine dimensions", .nin = 2, .in = {
			{.shape = RT_SHAPE(1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(9), GIVEN(1, 1, 1, 1, 1, 1, 1, 1,
			    1), .known = true},
		}, .fails = "9 dimensions; at most 8 are possible",
	},
	{
		.op = "Reshape", .name = "more elements than can be counted", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(5), GIVEN(2147483647, 2147483647,
			    2147483647, 2147483647, 2147483647), .known = true},
		}, .fails = "more elements than can be counted",
	},
	{
		.op = "Shape", .name = "all", .in = {{.shape = RT_SHAPE(2, 3, 4)}},
		.source = "definition", OUT_SHAPE(3), .expect = {VALUES(2, 3, 4)},
	},
	{
		.op = "Shape", .name = "some", .attrs = {{"start", "1"}, {"end", "-1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4, 5)}}, .source = "definition", OUT_SHAPE(2),
		.expect = {VALUES(3, 4)},
	},
	{
		.op = "Shape", .name = "none", .attrs = {{"start", "2"}, {"end", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)}}, OUT_SHAPE(0),
	},
	{
		.op = "Shape", .name = "beyond both ends",
		.attrs = {{"start", "-9"}, {"end", "9"}}, .in = {{.shape = RT_SHAPE(2, 3)}},
		.source = "definition", OUT_SHAPE(2), .expect = {VALUES(2, 3)},
	},
	{
		.op = "Squeeze", .name = "all", .in = {{.shape = RT_SHAPE(1, 3, 1, 2)}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Squeeze", .name = "named", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 3, 1, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(-2), .known = true},
		}, OUT_SHAPE(1, 3, 2),
	},
	{
		.op = "Squeeze", .name = "to a scalar", .in = {{.shape = RT_SHAPE(1, 1)}},
		OUT_SCALAR,
	},
	{
		.op = "Squeeze", .name = "not of length 1", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, .fails = "axis 1 has length 3",
	},
	{
		.op = "Unsqueeze", .name = "both ends", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, -1), .known = true},
		}, OUT_SHAPE(1, 3, 2, 1),
	},
	{
		.op = "Unsqueeze", .name = "a scalar", .nin = 2,
		.in = {{}, {.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true}},
		OUT_SHAPE(1),
	},
	{
		.op = "Unsqueeze", .name = "out of range", .nin = 2, .in = {
			{.shape = RT_SHAPE(3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .fails = "axis 2 of 2 dimensions",
	},
	{
		.op = "Unsqueeze", .name = "too many", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 1, 1, 1, 1, 1, 1, 1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, .fails = "at most 8 are possible",
	},
};

const struct op_samples samples_shape = {rows, RT_COUNT(rows)};
