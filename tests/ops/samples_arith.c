/* samples_arith.c - arithmetic of two numbers under broadcasting. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Add", .name = "same shape", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(-1.625, -1, 1.25, 0.375, -1.625,
			    -0.25)},
			{.shape = RT_SHAPE(2, 3), GIVEN(-0.125, -1.375, 1, -1.5, -0.375,
			    0.125)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-1.75, -2.375, 2.25, -1.125, -2, -0.125)},
	},
	{
		.op = "Add", .name = "same shape drawn", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5)}, {.shape = RT_SHAPE(3, 5)}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Add", .name = "a scalar", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5)}, {}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Add", .name = "a scalar first", .nin = 2,
		.in = {{}, {.shape = RT_SHAPE(3, 5)}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Add", .name = "a row", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 5)}, {.shape = RT_SHAPE(5)}}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Add", .name = "a column first", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 1)}, {.shape = RT_SHAPE(4, 5)}}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Add", .name = "per channel", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 4)}, {.shape = RT_SHAPE(3, 1)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Add", .name = "both repeat", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 1, 2)}, {.shape = RT_SHAPE(4, 1)}},
		OUT_SHAPE(3, 4, 2),
	},
	{
		.op = "Add", .name = "outer repeats on one side", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 2, 3)}, {.shape = RT_SHAPE(2, 1, 2, 1)}},
		OUT_SHAPE(2, 3, 2, 3),
	},
	{
		.op = "Add", .name = "one element", .nin = 2,
		.in = {{.shape = RT_SHAPE(1, 1)}, {.shape = RT_SHAPE(1)}}, OUT_SHAPE(1, 1),
	},
	{
		.op = "Add", .name = "columns in several parts", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 150)}, {.shape = RT_SHAPE(150)}},
		OUT_SHAPE(3, 150),
	},
	{
		.op = "Add", .name = "a long row summed", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 300)}, {.shape = RT_SHAPE(2, 1)}},
		OUT_SHAPE(2, 300),
	},
	{
		.op = "Sub", .name = "same shape", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(-0.25, 0.375, 1, 1.875, -0.875, 0.625)},
			{.shape = RT_SHAPE(2, 3), GIVEN(0.75, -0.875, -2, 1.875, -0.75, -0.75)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-1, 1.25, 3, 0, -0.125, 1.375)},
	},
	{
		.op = "Sub", .name = "same shape drawn", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5)}, {.shape = RT_SHAPE(3, 5)}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Sub", .name = "a scalar", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5)}, {}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Sub", .name = "a scalar first", .nin = 2,
		.in = {{}, {.shape = RT_SHAPE(3, 5)}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Sub", .name = "a row", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 5)}, {.shape = RT_SHAPE(5)}}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Sub", .name = "a column first", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 1)}, {.shape = RT_SHAPE(4, 5)}}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Sub", .name = "per channel", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 4)}, {.shape = RT_SHAPE(3, 1)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Sub", .name = "both repeat", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 1, 2)}, {.shape = RT_SHAPE(4, 1)}},
		OUT_SHAPE(3, 4, 2),
	},
	{
		.op = "Sub", .name = "outer repeats on one side", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 2, 3)}, {.shape = RT_SHAPE(2, 1, 2, 1)}},
		OUT_SHAPE(2, 3, 2, 3),
	},
	{
		.op = "Sub", .name = "one element", .nin = 2,
		.in = {{.shape = RT_SHAPE(1, 1)}, {.shape = RT_SHAPE(1)}}, OUT_SHAPE(1, 1),
	},
	{
		.op = "Sub", .name = "columns in several parts", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 150)}, {.shape = RT_SHAPE(150)}},
		OUT_SHAPE(3, 150),
	},
	{
		.op = "Sub", .name = "a long row summed", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 300)}, {.shape = RT_SHAPE(2, 1)}},
		OUT_SHAPE(2, 300),
	},
	{
		.op = "Mul", .name = "same shape", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(1.625, 0.375, -0.125, 1.125, -1.875,
			    0.875)},
			{.shape = RT_SHAPE(2, 3), GIVEN(-0.5, -1.625, 0.625, 1.75, -1.125,
			    0.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-0.8125, -0.609375, -0.078125, 1.96875, 2.109375, 0.4375)},
	},
	{
		.op = "Mul", .name = "same shape drawn", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5)}, {.shape = RT_SHAPE(3, 5)}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Mul", .name = "a scalar", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5)}, {}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Mul", .name = "a scalar first", .nin = 2,
		.in = {{}, {.shape = RT_SHAPE(3, 5)}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Mul", .name = "a row", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 5)}, {.shape = RT_SHAPE(5)}}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Mul", .name = "a column first", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 1)}, {.shape = RT_SHAPE(4, 5)}}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Mul", .name = "per channel", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 4)}, {.shape = RT_SHAPE(3, 1)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Mul", .name = "both repeat", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 1, 2)}, {.shape = RT_SHAPE(4, 1)}},
		OUT_SHAPE(3, 4, 2),
	},
	{
		.op = "Mul", .name = "outer repeats on one side", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 2, 3)}, {.shape = RT_SHAPE(2, 1, 2, 1)}},
		OUT_SHAPE(2, 3, 2, 3),
	},
	{
		.op = "Mul", .name = "one element", .nin = 2,
		.in = {{.shape = RT_SHAPE(1, 1)}, {.shape = RT_SHAPE(1)}}, OUT_SHAPE(1, 1),
	},
	{
		.op = "Mul", .name = "columns in several parts", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 150)}, {.shape = RT_SHAPE(150)}},
		OUT_SHAPE(3, 150),
	},
	{
		.op = "Mul", .name = "a long row summed", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 300)}, {.shape = RT_SHAPE(2, 1)}},
		OUT_SHAPE(2, 300),
	},
	{
		.op = "Div", .name = "same shape", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(-0.75, 1, 0.875, -1.125, 1.375, 0.625)},
			{.shape = RT_SHAPE(2, 3), GIVEN(1.25, 1.75, 0.75, 1.5, 2, 2.125)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-0.600000024, 0.571428597, 1.16666663, -0.75, 0.6875,
		    0.294117659)},
	},
	{
		.op = "Div", .name = "same shape drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Div", .name = "a scalar", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2}, {.lo = 0.5, .hi = 2}},
		OUT_SHAPE(3, 5),
	},
	{
		.op = "Div", .name = "a scalar first", .nin = 2,
		.in = {{.lo = 0.5, .hi = 2}, {.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2}},
		OUT_SHAPE(3, 5),
	},
	{
		.op = "Div", .name = "a row", .nin = 2, .in = {
			{.shape = RT_SHAPE(4, 5), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(5), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Div", .name = "a column first", .nin = 2, .in = {
			{.shape = RT_SHAPE(4, 1), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(4, 5), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Div", .name = "per channel", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 4), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(3, 1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Div", .name = "both repeat", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1, 2), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(4, 1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 4, 2),
	},
	{
		.op = "Div", .name = "outer repeats on one side", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 2, 3), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(2, 1, 2, 1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(2, 3, 2, 3),
	},
	{
		.op = "Div", .name = "one element", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 1), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(1, 1),
	},
	{
		.op = "Div", .name = "columns in several parts", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 150), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(150), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 150),
	},
	{
		.op = "Div", .name = "a long row summed", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 300), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(2, 1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(2, 300),
	},
	{
		.op = "Pow", .name = "same shape", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(2.625, 1.5, 1.75, 0.875, 2.25, 1.25)},
			{.shape = RT_SHAPE(2, 3), GIVEN(2.625, 1.25, 1.875, 1.5, 2, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(12.5954714, 1.66002285, 2.8555932, 0.818487525, 5.0625,
		    1.25)},
	},
	{
		.op = "Pow", .name = "same shape drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Pow", .name = "a scalar", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2}, {.lo = 0.5, .hi = 2}},
		OUT_SHAPE(3, 5),
	},
	{
		.op = "Pow", .name = "a scalar first", .nin = 2,
		.in = {{.lo = 0.5, .hi = 2}, {.shape = RT_SHAPE(3, 5), .lo = 0.5, .hi = 2}},
		OUT_SHAPE(3, 5),
	},
	{
		.op = "Pow", .name = "a row", .nin = 2, .in = {
			{.shape = RT_SHAPE(4, 5), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(5), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Pow", .name = "a column first", .nin = 2, .in = {
			{.shape = RT_SHAPE(4, 1), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(4, 5), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(4, 5),
	},
	{
		.op = "Pow", .name = "per channel", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 4), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(3, 1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Pow", .name = "both repeat", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1, 2), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(4, 1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 4, 2),
	},
	{
		.op = "Pow", .name = "outer repeats on one side", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 2, 3), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(2, 1, 2, 1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(2, 3, 2, 3),
	},
	{
		.op = "Pow", .name = "one element", .nin = 2, .in = {
			{.shape = RT_SHAPE(1, 1), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(1), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(1, 1),
	},
	{
		.op = "Add", .name = "whole numbers", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(7, -7, 9, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, 2, -4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(9, -5, 5, 5)},
	},
	{
		.op = "Sub", .name = "whole numbers", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(7, -7, 9, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, 2, -4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(5, -9, 13, -5)},
	},
	{
		.op = "Mul", .name = "whole numbers", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(7, -7, 9, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, 2, -4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(14, -14, -36, 0)},
	},
	{
		.op = "Div", .name = "whole numbers", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(7, -7, 9, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, 2, -4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(3, -3, -2, 0)},
	},
	{
		.op = "Mul", .name = "32-bit whole numbers repeat", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2, 1), GIVEN(1, 2)},
			{.dtype = RT_I32, .shape = RT_SHAPE(3), GIVEN(3, -4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(3, -4, 5, 6, -8, 10)},
	},
	{
		.op = "Pow", .name = "whole numbers", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, -3, 7, 1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(10, 3, 0, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(1024, -27, 1, 1)},
	},
	{
		.op = "Div", .name = "whole numbers by 0 and -1", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(5, -9.22337204e+18)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, -1)},
		},
		.source = "the promise of tensor/binary.h: x / 0 is 0, the rest wraps around",
		OUT_SHAPE(2), .expect = {VALUES(0, -9.22337204e+18)},
	},
	{
		.op = "Add", .name = "bound by nothing in common", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3)}, {.shape = RT_SHAPE(4)}}, .fails = "2x3",
	},
	{
		.op = "Add", .name = "two types", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.dtype = RT_I64, .shape = RT_SHAPE(2)}},
		.fails = "the inputs are f32 and i64",
	},
	{
		.op = "Sub", .name = "truth values are refused", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), .hi = 1},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), .hi = 1},
		}, .fails = "the inputs are bool; f32, f64",
	},
	{
		.op = "Pow", .name = "square", .nin = 2,
		.in = {{.shape = RT_SHAPE(4), GIVEN(-2, -0.5, 0, 3)}, {GIVEN(2), .no_grad = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(4, 0.25, 0, 9)},
	},
	{
		.op = "Pow", .name = "square drawn", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 3)}, {GIVEN(2), .no_grad = true}}, OUT_SHAPE(4, 3),
	},
	{
		.op = "Pow", .name = "square with a gradient of the exponent", .nin = 2,
		.in = {{.shape = RT_SHAPE(4, 3), .lo = 0.5, .hi = 2}, {GIVEN(2)}},
		OUT_SHAPE(4, 3),
	},
	{
		.op = "Pow", .name = "cube of negative numbers", .nin = 2, .in = {
			{.shape = RT_SHAPE(4), GIVEN(-2, -0.5, 0.25, 3)},
			{GIVEN(3), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(-8, -0.125, 0.015625, 27)},
	},
	{
		.op = "Pow", .name = "whole exponents of real numbers", .nin = 2, .in = {
			{.shape = RT_SHAPE(4), GIVEN(-2, -0.5, 0.25, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(3, 2, -1, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(-8, 0.25, 4, 1)},
	},
	{
		.op = "Pow", .name = "whole square", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 5)}, {.dtype = RT_I64, GIVEN(2)}}, OUT_SHAPE(3, 5),
	},
	{
		.op = "Pow", .name = "real exponent of whole numbers", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.shape = RT_SHAPE(3), GIVEN(4, 5.5, 6)},
		}, .source = "numpy", OUT_SHAPE(3), .expect = {VALUES(1, 45, 729)},
	},
	{
		.op = "Pow", .name = "derivatives at 0", .nin = 2, .in = {
			{.shape = RT_SHAPE(3), GIVEN(0, 0, 2)},
			{.shape = RT_SHAPE(3), GIVEN(0, 2, 0)},
		}, .source = "torch 2.13", .seed = VALUES(1, 2, 4),
		.expect_grad = {VALUES(0, 0, 0), VALUES(0, 0, 2.77258873)},
		.no_differences = true, /* the function ends at 0 */
	},
};

const struct op_samples samples_arith = {rows, RT_COUNT(rows)};
