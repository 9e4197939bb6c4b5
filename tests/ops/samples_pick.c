/* samples_pick.c - elements and slices picked by whole numbers or conditions. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "GatherElements", .name = "columns", .attrs = {{"axis", "1"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(0, 0, 1, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, 1, 4, 3)},
	},
	{
		.op = "GatherElements", .name = "rows, from the end", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 3), GIVEN(1, 2, 3, 4, 5, 6, 7, 8, 9)},
			{.dtype = RT_I32, .shape = RT_SHAPE(2, 3), GIVEN(-1, -2, 0, -2, 0, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(7, 5, 3, 4, 2, 3)},
	},
	{
		.op = "GatherElements", .name = "fewer than data in the middle",
		.attrs = {{"axis", "1"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2, 2), GIVEN(0, 3, 3, 1)},
		}, OUT_SHAPE(1, 2, 2),
	},
	{
		.op = "GatherElements", .name = "the same twice", .attrs = {{"axis", "-1"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 4), GIVEN(1, 1, 1, 0, 2, 2, 0,
			    0)},
		}, OUT_SHAPE(2, 4),
	},
	{
		.op = "GatherElements", .name = "u8", .attrs = {{"axis", "1"}}, .nin = 2,
		.in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(2, 2), GIVEN(1, 0, 3, 1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 1, 0, 0)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2),
		.expect = {VALUES(0, 0, 3, 3)},
	},
	{
		.op = "GatherElements", .name = "f64", .attrs = {{"axis", "1"}}, .nin = 2,
		.in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2), GIVEN(1, 0, 3, 1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 1, 0, 0)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2),
		.expect = {VALUES(0, 0, 3, 3)},
	},
	{
		.op = "GatherElements", .name = "f16", .attrs = {{"axis", "1"}}, .nin = 2,
		.in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2), GIVEN(1, 0, 3, 1),
			    .no_grad = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 1, 0, 0)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2),
		.expect = {VALUES(0, 0, 3, 3)},
	},
	{
		.op = "GatherElements", .name = "bool", .attrs = {{"axis", "1"}}, .nin = 2,
		.in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2, 2), GIVEN(1, 0, 0, 1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 1, 0, 0)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2),
		.expect = {VALUES(0, 0, 0, 0)},
	},
	{
		.op = "GatherElements", .name = "outside gives no number",
		.attrs = {{"axis", "1"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4), .no_grad = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(0, 2, -3, 1)},
		}, .source = "the promise of ops/gather_elements.c", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, NAN, NAN, 4)}, .refuses_known = true,
	},
	{
		.op = "GatherElements", .name = "outside", .attrs = {{"axis", "1"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2), GIVEN(0, 2), .known = true},
		}, .fails = "index number 1 is outside the 2 of axis 1",
	},
	{
		.op = "GatherElements", .name = "dimensions differ", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0)},
		}, .fails = "data has 2 dimensions, indices have 1",
	},
	{
		.op = "GatherElements", .name = "more rows than data", .attrs = {{"axis", "1"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 1), GIVEN(0, 0, 0)},
		}, .fails = "dimension 0 is 2 in data, 3 in indices",
	},
	{
		.op = "GatherElements", .name = "indices are real numbers", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 2)}, {.shape = RT_SHAPE(2, 2)}},
		.fails = "indices are f32; i32 or i64 is wanted",
	},
	{
		.op = "GatherND", .name = "elements", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2, 2), GIVEN(0, 1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(0, 0, 1, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(0, 3)},
	},
	{
		.op = "GatherND", .name = "slices", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2, 2), GIVEN(0, 1, 2, 3, 4, 5, 6, 7)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1, 2), GIVEN(0, 1, 1, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 2),
		.expect = {VALUES(2, 3, 4, 5)},
	},
	{
		.op = "GatherND", .name = "rows from the end", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(0, 1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 1), GIVEN(-1, 0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(2, 3, 0, 1, 2, 3)},
	},
	{
		.op = "GatherND", .name = "one batch axis", .attrs = {{"batch_dims", "1"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2, 2), GIVEN(0, 1, 2, 3, 4, 5, 6, 7)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(1, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(2, 3, 4, 5)},
	},
	{
		.op = "GatherND", .name = "two batch axes", .attrs = {{"batch_dims", "2"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 3, 1), GIVEN(2, 3, 0, 3, 1, 2)},
		}, OUT_SHAPE(2, 3),
	},
	{
		.op = "GatherND", .name = "drawn, with repeats", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 1), GIVEN(1, 1, 2, 1)},
		}, OUT_SHAPE(4, 2, 2),
	},
	{
		.op = "GatherND", .name = "f64, lists of two", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 2, 2)},
			{.dtype = RT_I32, .shape = RT_SHAPE(3, 2), GIVEN(1, 0, 1, 0, 2, 1)},
		}, OUT_SHAPE(3, 2),
	},
	{
		.op = "GatherND", .name = "outside gives no number", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4), .no_grad = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(0, 2, 1, 1)},
		}, .source = "the promise of ops/gather_nd.c", OUT_SHAPE(2),
		.expect = {VALUES(NAN, 4)}, .refuses_known = true,
	},
	{
		.op = "GatherND", .name = "outside gives 0", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(-3, 1)},
		}, .source = "the promise of ops/gather_nd.c", OUT_SHAPE(2, 2),
		.expect = {VALUES(0, 0, 3, 4)}, .refuses_known = true,
	},
	{
		.op = "GatherND", .name = "outside", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(0, 0, 1, 5),
			    .known = true},
		}, .fails = "index number 3 is outside the 2 of axis 1",
	},
	{
		.op = "GatherND", .name = "longer lists than dimensions", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 3), GIVEN(0, 0, 0)},
		}, .fails = "lists of 3 indices for 2 dimensions",
	},
	{
		.op = "GatherND", .name = "batches differ", .attrs = {{"batch_dims", "1"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 1), GIVEN(0, 1, 1)},
		}, .fails = "dimension 0 is 2 in data, 3 in indices",
	},
	{
		.op = "GatherND", .name = "too many batch axes", .attrs = {{"batch_dims", "2"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(0, 1)},
		}, .fails = "2 batch dimensions",
	},
	{
		.op = "Compress", .name = "rows", .attrs = {{"axis", "0"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 2), GIVEN(1, 2, 3, 4, 5, 6)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(0, 1, 1),
			    .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(3, 4, 5, 6)},
	},
	{
		.op = "Compress", .name = "columns, fewer conditions", .attrs = {{"axis", "1"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 3, 4, 5)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(2, 4)},
	},
	{
		.op = "Compress", .name = "elements", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 2), GIVEN(1, 2, 3, 4, 5, 6)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(5), GIVEN(0, 1, 0, 0, 1),
			    .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(2, 5)},
	},
	{
		.op = "Compress", .name = "drawn, last but one", .attrs = {{"axis", "-2"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(1, 0, 1, 1),
			    .known = true},
		}, OUT_SHAPE(2, 3, 3),
	},
	{
		.op = "Compress", .name = "nothing", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 2), GIVEN(1, 2)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(0, 0), .known = true},
		}, .source = "by hand", OUT_SHAPE(0),
	},
	{
		.op = "Compress", .name = "i64", .attrs = {{"axis", "0"}}, .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2),
		.expect = {VALUES(3, 4)},
	},
	{
		.op = "Compress", .name = "u8", .attrs = {{"axis", "0"}}, .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2),
		.expect = {VALUES(3, 4)},
	},
	{
		.op = "Compress", .name = "f64", .attrs = {{"axis", "0"}}, .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2),
		.expect = {VALUES(3, 4)},
	},
	{
		.op = "Compress", .name = "too many conditions", .attrs = {{"axis", "0"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 1, 1),
			    .known = true},
		}, .fails = "condition has 3 values for 2 slices",
	},
	{
		.op = "Compress", .name = "a condition that comes while running",
		.attrs = {{"axis", "0"}}, .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3)}, {.dtype = RT_BOOL8, .shape = RT_SHAPE(2)}},
		.fails = "condition is computed while running",
	},
	{
		.op = "Compress", .name = "a condition of numbers", .attrs = {{"axis", "0"}},
		.nin = 2, .in = {{.shape = RT_SHAPE(2, 3)}, {.shape = RT_SHAPE(2)}},
		.fails = "condition is f32",
	},
	{
		.op = "NonZero", .name = "matrix", .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(1, 0, 1, 1), .known = true,
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 1, 1, 0, 0, 1)},
	},
	{
		.op = "NonZero", .name = "bool", .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3, 2), GIVEN(0, 1, 0, 0, 1, 1),
			    .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 2, 2, 1, 0, 1)},
	},
	{
		.op = "NonZero", .name = "i64 in three dimensions", .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2, 2), GIVEN(0, 5, -7, 0),
			    .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(0, 0, 0, 1, 1, 0)},
	},
	{
		.op = "NonZero", .name = "nothing found",
		.in = {{.shape = RT_SHAPE(2), GIVEN(0, 0), .known = true, .no_grad = true}},
		.source = "numpy", OUT_SHAPE(1, 0),
	},
	{
		.op = "NonZero", .name = "elements that come while running",
		.in = {{.shape = RT_SHAPE(2, 3)}}, .fails = "input is computed while running",
	},
	{
		.op = "NonZero", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(0.5, 0, 1e-300),
			    .known = true, .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2),
		.expect = {VALUES(0, 2)},
	},
	{
		.op = "OneHot", .name = "last axis", .nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(0, 2, -1)},
			{.dtype = RT_I64, GIVEN(3), .known = true},
			{.shape = RT_SHAPE(2), GIVEN(0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(1, 0, 0, 0, 0, 1, 0, 0, 1)},
	},
	{
		.op = "OneHot", .name = "first axis", .attrs = {{"axis", "0"}}, .nin = 3,
		.in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 0, 2, 1)},
			{.dtype = RT_I64, GIVEN(3), .known = true},
			{.shape = RT_SHAPE(2), GIVEN(2.5, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2, 2),
		.expect = {VALUES(2.5, 5, 2.5, 2.5, 5, 2.5, 2.5, 5, 2.5, 2.5, 5, 2.5)},
	},
	{
		.op = "OneHot", .name = "in the middle, outside", .attrs = {{"axis", "1"}},
		.nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 0, 7, -4)},
			{.dtype = RT_I64, GIVEN(3), .known = true},
			{.shape = RT_SHAPE(2), GIVEN(0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3, 2),
		.expect = {VALUES(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
	},
	{
		.op = "OneHot", .name = "f32 indices, i32 values", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(0, 7, 8)},
			{GIVEN(12), .known = true},
			{.dtype = RT_I32, .shape = RT_SHAPE(2), GIVEN(2, 5)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3, 12),
		.expect = {VALUES(5, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 5, 2,
		    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 5, 2, 2, 2)},
	},
	{
		.op = "OneHot", .name = "depth in a list", .nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(0, 1, 1, 0)},
	},
	{
		.op = "OneHot", .name = "u8 indices, f64 values", .nin = 3, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(2), GIVEN(0, 3)},
			{.dtype = RT_I32, GIVEN(4), .known = true},
			{.dtype = RT_F64, .shape = RT_SHAPE(2), GIVEN(-1, 0.5)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 4),
		.expect = {VALUES(0.5, -1, -1, -1, -1, -1, -1, 0.5)},
	},
	{
		.op = "OneHot", .name = "depth comes while running", .nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2)},
			{.dtype = RT_I64, GIVEN(3)},
			{.shape = RT_SHAPE(2), GIVEN(0, 1)},
		}, .fails = "depth is computed while running",
	},
	{
		.op = "OneHot", .name = "three values", .nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0)},
			{.dtype = RT_I64, GIVEN(3), .known = true},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, 2)},
		}, .fails = "values has 3 elements",
	},
	{
		.op = "OneHot", .name = "depth below 0", .nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0)},
			{.dtype = RT_I64, GIVEN(-2), .known = true},
			{.shape = RT_SHAPE(2), GIVEN(0, 1)},
		}, .fails = "-2",
	},
	{
		.op = "OneHot", .name = "no such axis", .attrs = {{"axis", "2"}}, .nin = 3,
		.in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0)},
			{.dtype = RT_I64, GIVEN(3), .known = true},
			{.shape = RT_SHAPE(2), GIVEN(0, 1)},
		}, .fails = "axis 2 of an input with 2 dimensions",
	},
};

const struct op_samples samples_pick = {rows, RT_COUNT(rows)};
