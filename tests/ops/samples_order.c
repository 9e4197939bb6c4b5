/* samples_order.c - order along an axis: ArgMax, ArgMin, TopK, Unique, Hardmax, CumSum. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "ArgMax", .name = "columns",
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1, 0, -1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(1, 3), .expect = {VALUES(1, 1, 1)},
	},
	{
		.op = "ArgMax", .name = "rows, dropped",
		.attrs = {{"axis", "-1"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1, 0, -1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "ArgMax", .name = "the last of equal ones",
		.attrs = {{"axis", "1"}, {"select_last_index", "yes"}},
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1, 0, -1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(2, 2, 1)},
	},
	{
		.op = "ArgMax", .name = "i32", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1,
			    0, -1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "ArgMax", .name = "u8", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, 1,
			    0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(0, 1, 0)},
	},
	{
		.op = "ArgMax", .name = "f64", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1,
			    0, -1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "ArgMax", .name = "i8", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1,
			    0, -1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "ArgMax", .name = "f16 in the middle", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 2), GIVEN(1, 4, 2, 3, 0, -1,
			    5, -2)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 1, 2),
		.expect = {VALUES(1, 0, 1, 0)},
	},
	{
		.op = "ArgMax", .name = "u64", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(1, 3), GIVEN(9.22337203685478e+18,
			    1, 2)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 1),
		.expect = {VALUES(0)},
	},
	{
		.op = "ArgMax", .name = "no gradient",
		.in = {{.shape = RT_SHAPE(3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(1, 4),
	},
	{
		.op = "ArgMax", .name = "no such axis", .attrs = {{"axis", "2"}},
		.in = {{.shape = RT_SHAPE(2, 3)}},
		.fails = "axis 2 of an input with 2 dimensions",
	},
	{
		.op = "ArgMax", .name = "nothing", .in = {{.shape = RT_SHAPE(0, 3)}},
		.fails = "no elements",
	},
	{
		.op = "ArgMin", .name = "columns",
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1, 0, -1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(1, 3), .expect = {VALUES(2, 2, 2)},
	},
	{
		.op = "ArgMin", .name = "rows, dropped",
		.attrs = {{"axis", "-1"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1, 0, -1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "ArgMin", .name = "the last of equal ones",
		.attrs = {{"axis", "1"}, {"select_last_index", "yes"}},
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1, 0, -1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(1, 0, 2)},
	},
	{
		.op = "ArgMin", .name = "i32", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1,
			    0, -1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "ArgMin", .name = "u8", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, 1,
			    0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(1, 0, 1)},
	},
	{
		.op = "ArgMin", .name = "f64", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1,
			    0, -1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "ArgMin", .name = "i8", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(3, 3), GIVEN(2, 1, 2, 3, 10, 10, -1,
			    0, -1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 1), .expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "ArgMin", .name = "f16 in the middle", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 2), GIVEN(1, 4, 2, 3, 0, -1,
			    5, -2)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 1, 2),
		.expect = {VALUES(0, 1, 0, 1)},
	},
	{
		.op = "ArgMin", .name = "u64", .attrs = {{"axis", "1"}}, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(1, 3), GIVEN(9.22337203685478e+18,
			    1, 2)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 1),
		.expect = {VALUES(1)},
	},
	{
		.op = "ArgMin", .name = "no gradient",
		.in = {{.shape = RT_SHAPE(3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(1, 4),
	},
	{
		.op = "ArgMin", .name = "no such axis", .attrs = {{"axis", "2"}},
		.in = {{.shape = RT_SHAPE(2, 3)}},
		.fails = "axis 2 of an input with 2 dimensions",
	},
	{
		.op = "ArgMin", .name = "nothing", .in = {{.shape = RT_SHAPE(0, 3)}},
		.fails = "no elements",
	},
	{
		.op = "ArgMax", .name = "-0 equals 0, NaN is above", .attrs = {{"axis", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(0, 0, -1, 1, NAN, 2), .no_grad = true}},
		.source = "numpy", OUT_SHAPE(2, 1), .expect = {VALUES(0, 1)},
		.no_differences = true, /* NaN */
	},
	{
		.op = "TopK", .name = "largest", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 5, 7, 11, 10, 9, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(3), .known = true},
		}, .nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(3, 2, 1, 7, 5, 5, 11, 10, 9), VALUES(3, 2, 1, 3, 1, 2, 0, 1,
		    2)},
		.no_differences = true, /* equal elements */
	},
	{
		.op = "TopK", .name = "smallest of columns",
		.attrs = {{"axis", "0"}, {"largest", "no"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 5, 7, 11, 10, 9, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(0, 1, 2, 3, 4, 5, 5, 7), VALUES(0, 0, 0, 0, 1, 1, 1, 1)},
	},
	{
		.op = "TopK", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 5, 7,
			    11, 10, 9, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(3, 2, 7, 5, 11, 10), VALUES(3, 2, 3, 1, 0, 1)},
	},
	{
		.op = "TopK", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 5, 7,
			    11, 10, 9, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(3, 2, 7, 5, 11, 10), VALUES(3, 2, 3, 1, 0, 1)},
		.no_differences = true, /* equal elements */
	},
	{
		.op = "TopK", .name = "i32", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 5, 7,
			    11, 10, 9, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2),
		.expect = {VALUES(3, 2, 7, 5, 11, 10), VALUES(3, 2, 3, 1, 0, 1)},
	},
	{
		.op = "TopK", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 5, 7,
			    11, 10, 9, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .nout = 2, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3, 2),
		.expect = {VALUES(3, 2, 7, 5, 11, 10), VALUES(3, 2, 3, 1, 0, 1)},
	},
	{
		.op = "TopK", .name = "drawn", .attrs = {{"axis", "1"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 5, 2), .draw = DRAW_SPREAD},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .nout = 2, OUT_SHAPE(3, 2, 2), .eps = 0.001,
	},
	{
		.op = "TopK", .name = "none", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 4), GIVEN(0, 1, 2, 3, 4, 5, 5, 7, 11, 10, 9, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, .nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 0),
	},
	{
		.op = "TopK", .name = "too many", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(4), .known = true},
		}, .nout = 2, .fails = "k is 4, axis 1 has 3",
	},
	{
		.op = "TopK", .name = "below 0", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(-1), .known = true},
		}, .nout = 2, .fails = "k is -1",
	},
	{
		.op = "TopK", .name = "k comes while running", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1)},
		}, .nout = 2, .fails = "k is computed while running",
	},
	{
		.op = "Unique", .name = "sorted",
		.in = {{.shape = RT_SHAPE(6), GIVEN(2, 1, 1, 3, 4, 3), .known = true}},
		.nout = 4, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(1, 2, 3, 4), VALUES(1, 0, 3, 4), VALUES(1, 0, 0, 2, 3, 2),
		    VALUES(2, 1, 2, 1)},
	},
	{
		.op = "Unique", .name = "by occurrence", .attrs = {{"sorted", "no"}},
		.in = {{.shape = RT_SHAPE(6), GIVEN(2, 1, 1, 3, 4, 3), .known = true}},
		.nout = 4, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(2, 1, 3, 4), VALUES(0, 1, 3, 4), VALUES(0, 1, 1, 2, 3, 2),
		    VALUES(1, 2, 2, 1)},
	},
	{
		.op = "Unique", .name = "rows", .attrs = {{"axis", "0"}}, .in = {
			{.shape = RT_SHAPE(3, 3), GIVEN(1, 0, 0, 1, 0, 0, 2, 3, 4),
			    .known = true},
		}, .nout = 4, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 0, 0, 2, 3, 4), VALUES(0, 2), VALUES(0, 0, 1), VALUES(2,
		    1)},
	},
	{
		.op = "Unique", .name = "columns by occurrence",
		.attrs = {{"axis", "1"}, {"sorted", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(3, 1, 3, 5, 0, 5), .known = true}},
		.nout = 4, .source = "by hand", OUT_SHAPE(2, 2),
		.expect = {VALUES(3, 1, 5, 0), VALUES(0, 1), VALUES(0, 1, 0), VALUES(2, 1)},
	},
	{
		.op = "Unique", .name = "in the middle", .attrs = {{"axis", "1"}}, .in = {
			{.shape = RT_SHAPE(2, 4, 2), GIVEN(1, 1, 0, 1, 2, 1, 0, 1, 1, 1, 0, 1,
			    2, 1, 0, 1), .known = true},
		}, .nout = 4, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 3, 2),
		.expect = {VALUES(0, 1, 1, 1, 2, 1, 0, 1, 1, 1, 2, 1), VALUES(1, 0, 2),
		    VALUES(1, 0, 2, 0), VALUES(2, 1, 1)},
	},
	{
		.op = "Unique", .name = "only the items",
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(3, -7, 3), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(-7, 3)},
	},
	{
		.op = "Unique", .name = "u8 in a matrix", .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(2, 2), GIVEN(3, 1, 1, 3),
			    .known = true},
		}, .nout = 3, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2),
		.expect = {VALUES(1, 3), VALUES(1, 0), VALUES(1, 0, 0, 1)},
	},
	{
		.op = "Unique", .name = "of one number", .in = {{GIVEN(5), .known = true}},
		.nout = 4, .source = "by hand", OUT_SHAPE(1),
		.expect = {VALUES(5), VALUES(0), VALUES(0), VALUES(1)},
	},
	{
		.op = "Unique", .name = "elements that come while running",
		.in = {{.shape = RT_SHAPE(3)}}, .fails = "input is computed while running",
	},
	{
		.op = "Unique", .name = "no such axis", .attrs = {{"axis", "1"}},
		.in = {{.shape = RT_SHAPE(3), .known = true}}, .fails = "axis 1",
	},
	{
		.op = "Hardmax", .name = "last axis",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 3, 3, 0, -1, -2)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 1, 0, 1, 0, 0)}, .no_differences = true, /* a jump */
	},
	{
		.op = "Hardmax", .name = "first axis", .attrs = {{"axis", "0"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 3, 3, 0, -1, -2)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 1, 1, 0, 0, 0)}, .eps = 0.001,
	},
	{
		.op = "Hardmax", .name = "no gradient",
		.in = {{.shape = RT_SHAPE(3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(3, 4),
		.eps = 0.001,
	},
	{
		.op = "Hardmax", .name = "nothing", .in = {{.shape = RT_SHAPE(2, 0)}},
		.fails = "no elements",
	},
	{
		.op = "CumSum", .name = "plain", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, -5, 6)},
			{.dtype = RT_I64, GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 3, 6, 4, -1, 5)},
	},
	{
		.op = "CumSum", .name = "plain, drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.dtype = RT_I32, GIVEN(-2), .known = true},
		}, OUT_SHAPE(2, 4, 3),
	},
	{
		.op = "CumSum", .name = "reversed", .attrs = {{"reverse", "yes"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, -5, 6)},
			{.dtype = RT_I64, GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(6, 5, 3, 5, 1, 6)},
	},
	{
		.op = "CumSum", .name = "reversed, drawn", .attrs = {{"reverse", "yes"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.dtype = RT_I32, GIVEN(-2), .known = true},
		}, OUT_SHAPE(2, 4, 3),
	},
	{
		.op = "CumSum", .name = "exclusive", .attrs = {{"exclusive", "yes"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, -5, 6)},
			{.dtype = RT_I64, GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 1, 3, 0, 4, -1)},
	},
	{
		.op = "CumSum", .name = "exclusive, drawn", .attrs = {{"exclusive", "yes"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.dtype = RT_I32, GIVEN(-2), .known = true},
		}, OUT_SHAPE(2, 4, 3),
	},
	{
		.op = "CumSum", .name = "exclusive reversed",
		.attrs = {{"exclusive", "yes"}, {"reverse", "yes"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, -5, 6)},
			{.dtype = RT_I64, GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(5, 3, 0, 1, 6, 0)},
	},
	{
		.op = "CumSum", .name = "exclusive reversed, drawn",
		.attrs = {{"exclusive", "yes"}, {"reverse", "yes"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4, 3)},
			{.dtype = RT_I32, GIVEN(-2), .known = true},
		}, OUT_SHAPE(2, 4, 3),
	},
	{
		.op = "CumSum", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, -5, 6)},
			{.dtype = RT_I64, GIVEN(0), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 2, 3, 5, -3, 9)},
	},
	{
		.op = "CumSum", .name = "i32", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, -5, 6)},
			{.dtype = RT_I64, GIVEN(0), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 2, 3, 5, -3, 9)},
	},
	{
		.op = "CumSum", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, -5, 6)},
			{.dtype = RT_I64, GIVEN(0), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 2, 3, 5, -3, 9)},
	},
	{
		.op = "CumSum", .name = "u32 wraps", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(2), GIVEN(4294967295, 3)},
			{.dtype = RT_I64, GIVEN(0), .known = true},
		}, .source = "by hand", OUT_SHAPE(2), .expect = {VALUES(4294967295, 2)},
	},
	{
		.op = "CumSum", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.0999755859, 0.199951172,
			    0.300048828), .no_grad = true},
			{.dtype = RT_I64, GIVEN(0), .known = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(0.0999755859, 0.299804688, 0.599609375)}, .expect_tol = 0.001,
	},
	{
		.op = "CumSum", .name = "no such axis", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3)}, {.dtype = RT_I64, GIVEN(2), .known = true}},
		.fails = "axis 2 of an input with 2 dimensions",
	},
	{
		.op = "CumSum", .name = "two axes", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 1), .known = true},
		}, .fails = "axis has 2 values",
	},
};

const struct op_samples samples_order = {rows, RT_COUNT(rows)};
