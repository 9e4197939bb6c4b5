/* samples_move.c - operators that move elements. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Concat", .name = "rows", .attrs = {{"axis", "0"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.shape = RT_SHAPE(1, 2), GIVEN(5, 6)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(1, 2, 3, 4, 5, 6)},
	},
	{
		.op = "Concat", .name = "last axis, whole numbers", .attrs = {{"axis", "-1"}},
		.nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(5, 6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(7, 8, 9, 10)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 5),
		.expect = {VALUES(1, 2, 5, 7, 8, 3, 4, 6, 9, 10)},
	},
	{
		.op = "Concat", .name = "channels", .attrs = {{"axis", "1"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 1, 2, 3)},
			{.shape = RT_SHAPE(2, 3, 2, 3)},
			{.shape = RT_SHAPE(2, 2, 2, 3)},
		}, OUT_SHAPE(2, 6, 2, 3),
	},
	{
		.op = "Concat", .name = "one input", .attrs = {{"axis", "0"}},
		.in = {{.shape = RT_SHAPE(3)}}, OUT_SHAPE(3),
	},
	{
		.op = "Concat", .name = "bytes", .attrs = {{"axis", "0"}}, .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(2), GIVEN(1, 2)},
			{.dtype = RT_U8, .shape = RT_SHAPE(1), GIVEN(3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 2, 3)},
	},
	{
		.op = "Concat", .name = "another dimension differs", .attrs = {{"axis", "1"}},
		.nin = 2, .in = {{.shape = RT_SHAPE(2, 3)}, {.shape = RT_SHAPE(4, 3)}},
		.fails = "dimension 0 is 2 in input 0 and 4 in input 1",
	},
	{
		.op = "Concat", .name = "no such axis", .attrs = {{"axis", "2"}}, .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3)}, {.shape = RT_SHAPE(2, 3)}}, .fails = "axis 2",
	},
	{
		.op = "Concat", .name = "two types", .attrs = {{"axis", "0"}}, .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.dtype = RT_I64, .shape = RT_SHAPE(2)}},
		.fails = "input 0 is f32, input 1 is i64",
	},
	{
		.op = "Pad", .name = "zeros around an image", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 1, 2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(8), GIVEN(0, 0, 1, 1, 0, 0, 1, 2),
			    .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 4, 5),
		.expect = {VALUES(0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0)},
	},
	{
		.op = "Pad", .name = "a given constant", .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(1, 0, 0, 2), .known =
			    true},
			{GIVEN(-1.5), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 4),
		.expect = {VALUES(-1.5, -1.5, -1.5, -1.5, 1, 2, -1.5, -1.5, 3, 4, -1.5, -1.5)},
	},
	{
		.op = "Pad", .name = "reflect", .attrs = {{"mode", "reflect"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, 5, 6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(1, 2, 1, 1), .known =
			    true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 6),
		.expect = {VALUES(6, 5, 4, 5, 6, 5, 3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5, 3, 2, 1,
		    2, 3, 2)},
	},
	{
		.op = "Pad", .name = "edge", .attrs = {{"mode", "edge"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, 5, 6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, 1, 1, 3), .known =
			    true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(5, 7),
		.expect = {VALUES(1, 1, 2, 3, 3, 3, 3, 1, 1, 2, 3, 3, 3, 3, 1, 1, 2, 3, 3, 3, 3,
		    4, 4, 5, 6, 6, 6, 6, 4, 4, 5, 6, 6, 6, 6)},
	},
	{
		.op = "Pad", .name = "cut off", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(-1, 1, 0, -2), .known =
			    true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 4, 5, 0, 8, 9)},
	},
	{
		.op = "Pad", .name = "whole numbers", .nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 1), .known = true},
			{.dtype = RT_I64, GIVEN(9)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(9, 1, 2, 3, 9)},
	},
	{
		.op = "Pad", .name = "constant drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 4, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(8), GIVEN(0, 0, 1, 2, 0, 0, 2, 1),
			    .known = true},
		}, OUT_SHAPE(2, 3, 7, 6),
	},
	{
		.op = "Pad", .name = "reflect drawn", .attrs = {{"mode", "reflect"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 2, 4, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(8), GIVEN(0, 0, 3, 2, 0, 0, 2, 1),
			    .known = true},
		}, OUT_SHAPE(2, 2, 9, 6),
	},
	{
		.op = "Pad", .name = "edge drawn, channels too", .attrs = {{"mode", "edge"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(8), GIVEN(0, 1, 1, 2, 0, 2, 0, 1),
			    .known = true},
		}, OUT_SHAPE(2, 5, 3, 6),
	},
	{
		.op = "Pad", .name = "cut off drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(5, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(-2, -1, 1, 0), .known =
			    true},
		}, OUT_SHAPE(4, 3),
	},
	{
		.op = "Pad", .name = "more than reflect has", .attrs = {{"mode", "reflect"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 0), .known = true},
		}, .fails = "reflect needs less than its length 3",
	},
	{
		.op = "Pad", .name = "pads for another rank", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 1), .known = true},
		}, .fails = "2 pads for 2 dimensions",
	},
	{
		.op = "Pad", .name = "cut more than there is", .nin = 2, .in = {
			{.shape = RT_SHAPE(3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(-2, -2), .known = true},
		}, .fails = "pads -2 and -2 of dimension 0, which has 3",
	},
	{
		.op = "Slice", .name = "default axes", .nin = 3, .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			    12, 13, 14, 15, 16, 17, 18, 19)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 4), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(5, 6, 7, 8, 10, 11, 12, 13)},
	},
	{
		.op = "Slice", .name = "one axis", .nin = 4, .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			    12, 13, 14, 15, 16, 17, 18, 19)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(-1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 3),
		.expect = {VALUES(1, 2, 3, 6, 7, 8, 11, 12, 13, 16, 17, 18)},
	},
	{
		.op = "Slice", .name = "with steps", .nin = 5, .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			    12, 13, 14, 15, 16, 17, 18, 19)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 4), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, 0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, -2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(4, 2, 14, 12)},
	},
	{
		.op = "Slice", .name = "backwards beyond the start", .nin = 5, .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			    12, 13, 14, 15, 16, 17, 18, 19)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(-1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(-100), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(-1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 5),
		.expect = {VALUES(15, 16, 17, 18, 19, 10, 11, 12, 13, 14, 5, 6, 7, 8, 9, 0, 1,
		    2, 3, 4)},
	},
	{
		.op = "Slice", .name = "ends far out", .nin = 4, .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			    12, 13, 14, 15, 16, 17, 18, 19)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(9.22337204e+18), .known =
			    true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 5),
		.expect = {VALUES(5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)},
	},
	{
		.op = "Slice", .name = "steps without axes", .nin = 5, .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			    12, 13, 14, 15, 16, 17, 18, 19)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, 5), .known = true},
			{.absent = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 2, 4, 15, 17, 19)},
	},
	{
		.op = "Slice", .name = "nothing is left", .nin = 4, .in = {
			{.shape = RT_SHAPE(4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(3), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, OUT_SHAPE(0, 5),
	},
	{
		.op = "Slice", .name = "a step beyond the end", .nin = 5, .in = {
			{.shape = RT_SHAPE(4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(4), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(9.22337204e+18), .known =
			    true},
		}, OUT_SHAPE(1, 5),
	},
	{
		.op = "Slice", .name = "drawn", .nin = 5, .in = {
			{.shape = RT_SHAPE(3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, 5), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 2), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 2), .known = true},
		}, OUT_SHAPE(3, 3, 3),
	},
	{
		.op = "Slice", .name = "backwards drawn", .nin = 5, .in = {
			{.shape = RT_SHAPE(6, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(-1, 2), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(-7, 0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(-2, -1), .known = true},
		}, OUT_SHAPE(3, 2),
	},
	{
		.op = "Slice", .name = "step 0", .nin = 5, .in = {
			{.shape = RT_SHAPE(4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(4), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, .fails = "step 0 is 0",
	},
	{
		.op = "Slice", .name = "starts and ends differ", .nin = 3, .in = {
			{.shape = RT_SHAPE(4, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(4), .known = true},
		}, .fails = "2 starts and 1 ends",
	},
	{
		.op = "Slice", .name = "no such axis", .nin = 4, .in = {
			{.shape = RT_SHAPE(4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(4), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, .fails = "axis 1 of 1 dimensions",
	},
	{
		.op = "Transpose", .name = "reversed",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(0, 1, 2, 3, 4, 5)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(0, 3, 1, 4, 2, 5)},
	},
	{
		.op = "Transpose", .name = "to channels last", .attrs = {{"perm", "0 2 3 1"}},
		.in = {
			{.shape = RT_SHAPE(2, 3, 2, 2), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
			    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2, 2, 3),
		.expect = {VALUES(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 16, 20, 13, 17, 21,
		    14, 18, 22, 15, 19, 23)},
	},
	{
		.op = "Transpose", .name = "bytes", .attrs = {{"perm", "1 0"}},
		.in = {{.dtype = RT_U8, .shape = RT_SHAPE(2, 3), GIVEN(0, 1, 2, 3, 4, 5)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(0, 3, 1, 4, 2, 5)},
	},
	{
		.op = "Transpose", .name = "64-bit whole numbers", .attrs = {{"perm", "1 0"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2, 3), GIVEN(0, 1, 2, 3, 4, 5)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(0, 3, 1, 4, 2, 5)},
	},
	{
		.op = "Transpose", .name = "1 0 of 5x4", .attrs = {{"perm", "1 0"}},
		.in = {{.shape = RT_SHAPE(5, 4)}}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Transpose", .name = "0 2 1 3 of 2x3x4x2", .attrs = {{"perm", "0 2 1 3"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4, 2)}}, OUT_SHAPE(2, 4, 3, 2),
	},
	{
		.op = "Transpose", .name = "3 1 0 2 of 2x3x2x3", .attrs = {{"perm", "3 1 0 2"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2, 3)}}, OUT_SHAPE(3, 3, 2, 2),
	},
	{
		.op = "Transpose", .name = "0 1 2 of 2x3x2", .attrs = {{"perm", "0 1 2"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2)}}, OUT_SHAPE(2, 3, 2),
	},
	{
		.op = "Transpose", .name = "2 0 1 of 3x4x2", .attrs = {{"perm", "2 0 1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 2)}}, OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Transpose", .name = "1 0 of 33x18", .attrs = {{"perm", "1 0"}},
		.in = {{.shape = RT_SHAPE(33, 18)}}, OUT_SHAPE(18, 33),
	},
	{
		.op = "Transpose", .name = "perm of another rank", .attrs = {{"perm", "1 0"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)}},
		.fails = "perm names 2 axes, the input has 3",
	},
	{
		.op = "Transpose", .name = "an axis twice", .attrs = {{"perm", "1 1"}},
		.in = {{.shape = RT_SHAPE(2, 3)}}, .fails = "axis 1 is named twice",
	},
};

const struct op_samples samples_move = {rows, RT_COUNT(rows)};
