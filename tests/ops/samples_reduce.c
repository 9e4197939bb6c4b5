/* samples_reduce.c - reductions over axes. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "ReduceMean", .name = "all",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(-1.25, 1, 1, 0.25, 1.625, -1.125)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1), .expect = {VALUES(0.25)},
	},
	{
		.op = "ReduceMean", .name = "all to a scalar", .attrs = {{"keepdims", "0"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1.375, -1.375, 1.875, 0.5, 0.375, 1.875)}},
		.source = "ONNX Runtime 1.32", OUT_SCALAR, .expect = {VALUES(0.770833313)},
	},
	{
		.op = "ReduceMean", .name = "last axis",
		.attrs = {{"keepdims", "0"}, {"axes", "-1"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1.125, 1.125, -1.75, -0.5, -1.625, -1.25)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(0.166666672, -1.125)},
	},
	{
		.op = "ReduceMean", .name = "first axis", .attrs = {{"axes", "0"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(-1.125, 1.375, -1.5, -0.875, 0, 1.375)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(1, 3),
		.expect = {VALUES(-1, 0.6875, -0.0625)},
	},
	{
		.op = "ReduceMean", .name = "middle axis",
		.attrs = {{"keepdims", "0"}, {"axes", "1"}}, .in = {
			{.shape = RT_SHAPE(2, 3, 2), GIVEN(1.875, 0.875, -1.125, 0.125, 0.875,
			    -1.75, 0.75, -0.5, 0.375, 0.625, 0.625, 0.125)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(0.541666687, -0.25, 0.583333313, 0.0833333358)},
	},
	{
		.op = "ReduceMean", .name = "two axes", .attrs = {{"axes", "0 2"}}, .in = {
			{.shape = RT_SHAPE(2, 3, 2), GIVEN(0.25, -1.25, 0, -1.5, -0.125, 0.125,
			    1.125, -0.375, -1.875, 0.125, -1.125, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 3, 1),
		.expect = {VALUES(-0.0625, -0.8125, -0.03125)},
	},
	{
		.op = "ReduceMean", .name = "all drawn", .in = {{.shape = RT_SHAPE(3, 4, 2)}},
		OUT_SHAPE(1, 1, 1),
	},
	{
		.op = "ReduceMean", .name = "last axes drawn",
		.attrs = {{"keepdims", "0"}, {"axes", "2 3"}},
		.in = {{.shape = RT_SHAPE(2, 3, 3, 4)}}, OUT_SHAPE(2, 3),
	},
	{
		.op = "ReduceMean", .name = "first axis drawn",
		.attrs = {{"keepdims", "0"}, {"axes", "0"}}, .in = {{.shape = RT_SHAPE(4, 70)}},
		OUT_SHAPE(70),
	},
	{
		.op = "ReduceMean", .name = "outer axes drawn", .attrs = {{"axes", "0 2"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5)}}, OUT_SHAPE(1, 4, 1),
	},
	{
		.op = "ReduceMean", .name = "middle axis drawn", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5)}}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceMean", .name = "alternate axes drawn",
		.attrs = {{"keepdims", "0"}, {"axes", "1 3"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2, 3, 2)}}, OUT_SHAPE(2, 2, 2),
	},
	{
		.op = "ReduceMean", .name = "long rows drawn", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 600)}}, OUT_SHAPE(2, 1),
	},
	{
		.op = "ReduceSum", .name = "all",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(-0.5, -0.5, 1.625, -0.375, -0.625, -0.625)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1), .expect = {VALUES(-1)},
	},
	{
		.op = "ReduceSum", .name = "all to a scalar", .attrs = {{"keepdims", "0"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(-0.125, -1.625, 0.125, 1.625, 0.25, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SCALAR, .expect = {VALUES(1.25)},
	},
	{
		.op = "ReduceSum", .name = "last axis", .attrs = {{"keepdims", "0"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1.75, 1.375, 1, 1.25, 1.25, -1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(-1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(4.125, 1.5)},
	},
	{
		.op = "ReduceSum", .name = "first axis", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(-0.125, -0.625, -1, 0.25, -0.75, 0.5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 3),
		.expect = {VALUES(0.125, -1.375, -0.5)},
	},
	{
		.op = "ReduceSum", .name = "middle axis", .attrs = {{"keepdims", "0"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 2), GIVEN(0.375, -1.625, -0.25, -0.5, 0.875,
			    -1.625, -1.375, 0, -0.375, 0.625, -0.625, -1.25)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, -3.75, -2.375, -0.625)},
	},
	{
		.op = "ReduceSum", .name = "two axes", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 2), GIVEN(1.75, -1, -1.375, -0.875, -0.625,
			    -1.125, 0.125, 1.75, -1.5, -0.375, 0.625, 1.5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 3, 1),
		.expect = {VALUES(2.625, -4.125, 0.375)},
	},
	{
		.op = "ReduceSum", .name = "all drawn", .in = {{.shape = RT_SHAPE(3, 4, 2)}},
		OUT_SHAPE(1, 1, 1),
	},
	{
		.op = "ReduceSum", .name = "last axes drawn", .attrs = {{"keepdims", "0"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 3), .known = true},
		}, OUT_SHAPE(2, 3),
	},
	{
		.op = "ReduceSum", .name = "first axis drawn", .attrs = {{"keepdims", "0"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(4, 70)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, OUT_SHAPE(70),
	},
	{
		.op = "ReduceSum", .name = "outer axes drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 2), .known = true},
		}, OUT_SHAPE(1, 4, 1),
	},
	{
		.op = "ReduceSum", .name = "middle axis drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceSum", .name = "alternate axes drawn", .attrs = {{"keepdims", "0"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 2, 3, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 3), .known = true},
		}, OUT_SHAPE(2, 2, 2),
	},
	{
		.op = "ReduceSum", .name = "long rows drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 600)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, OUT_SHAPE(2, 1),
	},
	{
		.op = "ReduceMean", .name = "axis named twice", .attrs = {{"axes", "1 -1"}},
		.in = {{.shape = RT_SHAPE(2, 3)}}, .fails = "named twice",
	},
	{
		.op = "ReduceMean", .name = "no such axis", .attrs = {{"axes", "2"}},
		.in = {{.shape = RT_SHAPE(2, 3)}}, .fails = "axis 2 of 2 dimensions",
	},
	{
		.op = "ReduceMean", .name = "of nothing", .in = {{.shape = RT_SHAPE(0, 3)}},
		.fails = "input 0x3 has no elements",
	},
	{
		.op = "ReduceSum", .name = "of nothing is 0", .nin = 2, .in = {
			{.shape = RT_SHAPE(0, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, .source = "definition", OUT_SHAPE(1, 3), .expect = {VALUES(0, 0, 0)},
	},
	{
		.op = "ReduceSum", .name = "no axes changes nothing",
		.attrs = {{"noop_with_empty_axes", "1"}}, .in = {{.shape = RT_SHAPE(2, 3)}},
		OUT_SHAPE(2, 3),
	},
};

const struct op_samples samples_reduce = {rows, RT_COUNT(rows)};
