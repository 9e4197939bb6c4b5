/* samples_scatter.c - elements and slices put into data. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "ScatterElements", .name = "rows", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 3), GIVEN(0, 0, 0, 0, 0, 0, 0, 0, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 3), GIVEN(1, 0, 2, 0, 2, 1)},
			{.shape = RT_SHAPE(2, 3), GIVEN(1, 1.10000002, 1.20000005, 2, 2.0999999,
			    2.20000005)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(2, 1.10000002, 0, 1, 0, 2.20000005, 0, 2.0999999,
		    1.20000005)},
	},
	{
		.op = "ScatterElements", .name = "columns, from the end",
		.attrs = {{"axis", "1"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(1, 5), GIVEN(1, 2, 3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2), GIVEN(1, -3)},
			{.shape = RT_SHAPE(1, 2), GIVEN(1.10000002, 2.0999999)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 5),
		.expect = {VALUES(1, 1.10000002, 2.0999999, 4, 5)},
	},
	{
		.op = "ScatterElements", .name = "add, the same twice",
		.attrs = {{"axis", "1"}, {"reduction", "add"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(1, 5), GIVEN(1, 2, 3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2), GIVEN(1, 1)},
			{.shape = RT_SHAPE(1, 2), GIVEN(1.5, 2.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 5),
		.expect = {VALUES(1, 6, 3, 4, 5)}, .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "add, drawn",
		.attrs = {{"axis", "1"}, {"reduction", "add"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 4), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 4), GIVEN(1, 0, 1, 1, 3, 3, 3,
			    0)},
			{.shape = RT_SHAPE(2, 4), .draw = DRAW_SPREAD, .lo = 0.48, .hi = 1.53},
		}, OUT_SHAPE(3, 4), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "add of i64", .attrs = {{"reduction", "add"}},
		.nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(5, -7, 9)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, -3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(2, -7, 13)},
	},
	{
		.op = "ScatterND", .name = "add, drawn", .attrs = {{"reduction", "add"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 1), GIVEN(2, 0, 2)},
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.47,
			    .hi = 1.54},
		}, OUT_SHAPE(3, 2, 2), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterND", .name = "add", .attrs = {{"reduction", "add"}}, .nin = 3,
		.in = {
			{.shape = RT_SHAPE(8), GIVEN(1, 2, 3, 4, 5, 6, 7, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 1), GIVEN(4, 3, 1, 4)},
			{.shape = RT_SHAPE(4), GIVEN(9, 10, 11, 12)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(1, 13, 3, 14, 26, 6, 7, 8)}, .eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ScatterElements", .name = "mul, the same twice",
		.attrs = {{"axis", "1"}, {"reduction", "mul"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(1, 5), GIVEN(1, 2, 3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2), GIVEN(1, 1)},
			{.shape = RT_SHAPE(1, 2), GIVEN(1.5, 2.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 5),
		.expect = {VALUES(1, 7.5, 3, 4, 5)}, .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "mul, drawn",
		.attrs = {{"axis", "1"}, {"reduction", "mul"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 4), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 4), GIVEN(1, 0, 1, 1, 3, 3, 3,
			    0)},
			{.shape = RT_SHAPE(2, 4), .draw = DRAW_SPREAD, .lo = 0.48, .hi = 1.53},
		}, OUT_SHAPE(3, 4), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "mul of i64", .attrs = {{"reduction", "mul"}},
		.nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(5, -7, 9)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, -3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(-15, -7, 36)},
	},
	{
		.op = "ScatterND", .name = "mul, drawn", .attrs = {{"reduction", "mul"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 1), GIVEN(2, 0, 2)},
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.47,
			    .hi = 1.54},
		}, OUT_SHAPE(3, 2, 2), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterND", .name = "mul", .attrs = {{"reduction", "mul"}}, .nin = 3,
		.in = {
			{.shape = RT_SHAPE(8), GIVEN(1, 2, 3, 4, 5, 6, 7, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 1), GIVEN(4, 3, 1, 4)},
			{.shape = RT_SHAPE(4), GIVEN(9, 10, 11, 12)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(1, 22, 3, 40, 540, 6, 7, 8)}, .eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ScatterElements", .name = "max, the same twice",
		.attrs = {{"axis", "1"}, {"reduction", "max"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(1, 5), GIVEN(1, 2, 3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2), GIVEN(1, 1)},
			{.shape = RT_SHAPE(1, 2), GIVEN(1.5, 2.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 5),
		.expect = {VALUES(1, 2.5, 3, 4, 5)}, .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "max, drawn",
		.attrs = {{"axis", "1"}, {"reduction", "max"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 4), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 4), GIVEN(1, 0, 1, 1, 3, 3, 3,
			    0)},
			{.shape = RT_SHAPE(2, 4), .draw = DRAW_SPREAD, .lo = 0.48, .hi = 1.53},
		}, OUT_SHAPE(3, 4), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "max of i64", .attrs = {{"reduction", "max"}},
		.nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(5, -7, 9)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, -3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(5, -7, 9)},
	},
	{
		.op = "ScatterND", .name = "max, drawn", .attrs = {{"reduction", "max"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 1), GIVEN(2, 0, 2)},
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.47,
			    .hi = 1.54},
		}, OUT_SHAPE(3, 2, 2), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterND", .name = "max", .attrs = {{"reduction", "max"}}, .nin = 3,
		.in = {
			{.shape = RT_SHAPE(8), GIVEN(1, 2, 3, 4, 5, 6, 7, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 1), GIVEN(4, 3, 1, 4)},
			{.shape = RT_SHAPE(4), GIVEN(9, 10, 11, 12)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(1, 11, 3, 10, 12, 6, 7, 8)}, .eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ScatterElements", .name = "min, the same twice",
		.attrs = {{"axis", "1"}, {"reduction", "min"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(1, 5), GIVEN(1, 2, 3, 4, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 2), GIVEN(1, 1)},
			{.shape = RT_SHAPE(1, 2), GIVEN(1.5, 2.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 5),
		.expect = {VALUES(1, 1.5, 3, 4, 5)}, .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "min, drawn",
		.attrs = {{"axis", "1"}, {"reduction", "min"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 4), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 4), GIVEN(1, 0, 1, 1, 3, 3, 3,
			    0)},
			{.shape = RT_SHAPE(2, 4), .draw = DRAW_SPREAD, .lo = 0.48, .hi = 1.53},
		}, OUT_SHAPE(3, 4), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterElements", .name = "min of i64", .attrs = {{"reduction", "min"}},
		.nin = 3, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(5, -7, 9)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(4, -3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(-3, -7, 4)},
	},
	{
		.op = "ScatterND", .name = "min, drawn", .attrs = {{"reduction", "min"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.5, .hi = 1.5},
			{.dtype = RT_I64, .shape = RT_SHAPE(3, 1), GIVEN(2, 0, 2)},
			{.shape = RT_SHAPE(3, 2, 2), .draw = DRAW_SPREAD, .lo = 0.47,
			    .hi = 1.54},
		}, OUT_SHAPE(3, 2, 2), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "ScatterND", .name = "min", .attrs = {{"reduction", "min"}}, .nin = 3,
		.in = {
			{.shape = RT_SHAPE(8), GIVEN(1, 2, 3, 4, 5, 6, 7, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 1), GIVEN(4, 3, 1, 4)},
			{.shape = RT_SHAPE(4), GIVEN(9, 10, 11, 12)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(1, 2, 3, 4, 5, 6, 7, 8)}, .eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ScatterElements", .name = "the last of several stays", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 1, 0)},
			{.shape = RT_SHAPE(3), GIVEN(7, 8, 9)},
		}, .source = "numpy", OUT_SHAPE(3), .expect = {VALUES(9, 8, 3)},
	},
	{
		.op = "ScatterElements", .name = "drawn", .attrs = {{"axis", "1"}}, .nin = 3,
		.in = {
			{.shape = RT_SHAPE(3, 4, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 4, 2), GIVEN(3, 3, 1, 0, 0, 1, 2,
			    2, 0, 2, 1, 3, 3, 1, 2, 0)},
			{.shape = RT_SHAPE(2, 4, 2)},
		}, OUT_SHAPE(3, 4, 2),
	},
	{
		.op = "ScatterElements", .name = "mul by 0", .attrs = {{"reduction", "mul"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(2, 3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(0, 0, 1)},
			{.shape = RT_SHAPE(3), GIVEN(0, 5, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 0, 4)},
		.seed = VALUES(1, 1, 1),
		.expect_grad = {VALUES(0, 0, 1), {0}, VALUES(10, 0, 3)},
	},
	{
		.op = "ScatterElements", .name = "two times 0", .attrs = {{"reduction", "mul"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(2), GIVEN(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(0, 0, 1)},
			{.shape = RT_SHAPE(3), GIVEN(0, 0, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(0, 0)},
		.seed = VALUES(1, 1), .expect_grad = {VALUES(0, 0), {0}, VALUES(0, 0, 3)},
	},
	{
		.op = "ScatterElements", .name = "equal ones share",
		.attrs = {{"reduction", "max"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2), GIVEN(2, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(0, 0, 1)},
			{.shape = RT_SHAPE(3), GIVEN(2, 2, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(2, 5)},
		.seed = VALUES(3, 4), .expect_grad = {VALUES(1, 4), {0}, VALUES(1, 1, 0)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "ScatterElements", .name = "u8", .nin = 3, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(3), GIVEN(0, 0, 0), .no_grad = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 0)},
			{.dtype = RT_U8, .shape = RT_SHAPE(2), GIVEN(1, 1), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 0, 1)},
	},
	{
		.op = "ScatterElements", .name = "f16", .nin = 3, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0, 0, 0),
			    .no_grad = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 0)},
			{.dtype = RT_F16, .shape = RT_SHAPE(2), GIVEN(1, 1), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 0, 1)},
	},
	{
		.op = "ScatterElements", .name = "bool", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(0, 0, 0),
			    .no_grad = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 0)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(1, 1), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 0, 1)},
	},
	{
		.op = "ScatterElements", .name = "f64 mul", .attrs = {{"reduction", "mul"}},
		.nin = 3, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(4), .lo = 0.5, .hi = 2},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 1, 3)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(4),
	},
	{
		.op = "ScatterElements", .name = "outside is left out", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(5, 1)},
			{.shape = RT_SHAPE(2), GIVEN(7, 8)},
		}, .source = "the promise of ops/scatter_elements.c", OUT_SHAPE(3),
		.expect = {VALUES(1, 8, 3)}, .refuses_known = true,
	},
	{
		.op = "ScatterElements", .name = "outside", .nin = 3, .in = {
			{.shape = RT_SHAPE(3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(3), .known = true},
			{.shape = RT_SHAPE(1)},
		}, .fails = "index number 0 is outside the 3 of axis 0",
	},
	{
		.op = "ScatterElements", .name = "shapes differ", .nin = 3, .in = {
			{.shape = RT_SHAPE(3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 0)},
			{.shape = RT_SHAPE(1)},
		}, .fails = "indices are 2, updates are 1",
	},
	{
		.op = "ScatterElements", .name = "types differ", .nin = 3, .in = {
			{.shape = RT_SHAPE(3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1)},
		}, .fails = "f32 and i64",
	},
	{
		.op = "ScatterElements", .name = "truth values do not add",
		.attrs = {{"reduction", "add"}}, .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(1)},
		}, .fails = "data are bool",
	},
	{
		.op = "ScatterND", .name = "elements", .nin = 3, .in = {
			{.shape = RT_SHAPE(8), GIVEN(1, 2, 3, 4, 5, 6, 7, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 1), GIVEN(4, 3, 1, 7)},
			{.shape = RT_SHAPE(4), GIVEN(9, 10, 11, 12)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(1, 11, 3, 10, 9, 6, 7, 12)},
	},
	{
		.op = "ScatterND", .name = "slices", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2, 2), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
			    11)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(0, 2)},
			{.shape = RT_SHAPE(2, 2, 2), GIVEN(0, -1, -2, -3, -4, -5, -6, -7)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 2, 2),
		.expect = {VALUES(0, -1, -2, -3, 4, 5, 6, 7, -4, -5, -6, -7)},
	},
	{
		.op = "ScatterND", .name = "lists of two", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2, 2)},
			{.dtype = RT_I32, .shape = RT_SHAPE(2, 1, 2), GIVEN(0, 1, 2, 0)},
			{.shape = RT_SHAPE(2, 1, 2)},
		}, OUT_SHAPE(3, 2, 2),
	},
	{
		.op = "ScatterND", .name = "u8", .nin = 3, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(1, -1)},
			{.dtype = RT_U8, .shape = RT_SHAPE(2), GIVEN(7, 8)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 7, 8)},
	},
	{
		.op = "ScatterND", .name = "outside is left out", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(5, 1)},
			{.shape = RT_SHAPE(2), GIVEN(7, 8)},
		}, .source = "the promise of ops/scatter_nd.c", OUT_SHAPE(3),
		.expect = {VALUES(1, 8, 3)}, .refuses_known = true,
	},
	{
		.op = "ScatterND", .name = "updates do not fit", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 1), GIVEN(1, 0)},
			{.shape = RT_SHAPE(2, 3)},
		}, .fails = "updates are 2x3, 2x2 is wanted",
	},
	{
		.op = "ScatterND", .name = "lists too long", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1, 3), GIVEN(1, 0, 0)},
			{.shape = RT_SHAPE(1)},
		}, .fails = "lists of 3 indices",
	},
};

const struct op_samples samples_scatter = {rows, RT_COUNT(rows)};
