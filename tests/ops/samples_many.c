/* samples_many.c - Max, Min, Sum and Mean of any number of inputs. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "Max", .name = "three", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)},
			{.shape = RT_SHAPE(3), GIVEN(1, 4, 4)},
			{.shape = RT_SHAPE(3), GIVEN(2, 5, 3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(3, 5, 4)},
	},
	{
		.op = "Max", .name = "one", .in = {{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(3, 2, 1)},
	},
	{
		.op = "Max", .name = "repeated", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 1), .draw = DRAW_SPREAD},
			{.shape = RT_SHAPE(4), .draw = DRAW_SPREAD, .lo = -1.4, .hi = 1.3},
			{.shape = RT_SHAPE(2, 1, 1), .draw = DRAW_SPREAD, .lo = -0.7,
			    .hi = 0.9},
		}, OUT_SHAPE(2, 3, 4), .eps = 0.001, .tol = 0.004,
	},
	{
		.op = "Max", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.1),
			    .no_grad = true},
			{.dtype = RT_F64, .shape = RT_SHAPE(1), GIVEN(1.25), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1.5, 1.25, 1.25)}, .expect_tol = 1e-14,
	},
	{
		.op = "Max", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.0999755859),
			    .no_grad = true},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.25, 3, 0.300048828),
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1.5, 3, 0.300048828)},
	},
	{
		.op = "Max", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3), .draw = DRAW_SPREAD},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), .draw = DRAW_SPREAD, .lo = -0.8,
			    .hi = 0.75},
		}, OUT_SHAPE(2, 3), .eps = 0.001,
	},
	{
		.op = "Max", .name = "two types", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.dtype = RT_F64, .shape = RT_SHAPE(2)}},
		.fails = "the inputs are f32 and f64",
	},
	{
		.op = "Max", .name = "the third does not fit", .nin = 3,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(3)}},
		.fails = "2",
	},
	{
		.op = "Max", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "i16", .nin = 2, .in = {
			{.dtype = RT_I16, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I16, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "u16", .nin = 2, .in = {
			{.dtype = RT_U16, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U16, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "i32", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I32, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "u32", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U32, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "u64", .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(3, 4, 4, 100)},
	},
	{
		.op = "Max", .name = "NaN wins", .nin = 2, .in = {
			{.shape = RT_SHAPE(3), GIVEN(NAN, 1, 2), .no_grad = true},
			{.shape = RT_SHAPE(3), GIVEN(1, NAN, 0), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(NAN, NAN, 2)},
		.no_differences = true, /* NaN */
	},
	{
		.op = "Max", .name = "equal inputs share", .nin = 2, .in = {
			{.shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.shape = RT_SHAPE(3), GIVEN(1, 3, 2)},
		}, .source = "torch 2.13", .seed = VALUES(1, 2, 4),
		.expect_grad = {VALUES(0.5, 0, 4), VALUES(0.5, 2, 0)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "Max", .name = "the same input three times", .nin = 3, .in = {
			{.shape = RT_SHAPE(2), GIVEN(1, 2)},
			{.shape = RT_SHAPE(2), GIVEN(1, 2)},
			{.shape = RT_SHAPE(2), GIVEN(1, 0)},
		}, .source = "by hand", .seed = VALUES(3, 6),
		.expect_grad = {VALUES(1, 3), VALUES(1, 3), VALUES(1, 0)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "Min", .name = "three", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)},
			{.shape = RT_SHAPE(3), GIVEN(1, 4, 4)},
			{.shape = RT_SHAPE(3), GIVEN(2, 5, 3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 2, 1)},
	},
	{
		.op = "Min", .name = "one", .in = {{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(3, 2, 1)},
	},
	{
		.op = "Min", .name = "repeated", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 1), .draw = DRAW_SPREAD},
			{.shape = RT_SHAPE(4), .draw = DRAW_SPREAD, .lo = -1.4, .hi = 1.3},
			{.shape = RT_SHAPE(2, 1, 1), .draw = DRAW_SPREAD, .lo = -0.7,
			    .hi = 0.9},
		}, OUT_SHAPE(2, 3, 4), .eps = 0.001, .tol = 0.004,
	},
	{
		.op = "Min", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.1),
			    .no_grad = true},
			{.dtype = RT_F64, .shape = RT_SHAPE(1), GIVEN(1.25), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1.25, -2, 0.1)}, .expect_tol = 1e-14,
	},
	{
		.op = "Min", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.0999755859),
			    .no_grad = true},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.25, 3, 0.300048828),
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1.25, -2, 0.0999755859)},
	},
	{
		.op = "Min", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3), .draw = DRAW_SPREAD},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), .draw = DRAW_SPREAD, .lo = -0.8,
			    .hi = 0.75},
		}, OUT_SHAPE(2, 3), .eps = 0.001,
	},
	{
		.op = "Min", .name = "two types", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.dtype = RT_F64, .shape = RT_SHAPE(2)}},
		.fails = "the inputs are f32 and f64",
	},
	{
		.op = "Min", .name = "the third does not fit", .nin = 3,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(3)}},
		.fails = "2",
	},
	{
		.op = "Min", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(1, 2, 1, -5)},
	},
	{
		.op = "Min", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(1, 2, 1, 5)},
	},
	{
		.op = "Min", .name = "i16", .nin = 2, .in = {
			{.dtype = RT_I16, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I16, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(4),
		.expect = {VALUES(1, 2, 1, -5)},
	},
	{
		.op = "Min", .name = "u16", .nin = 2, .in = {
			{.dtype = RT_U16, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U16, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(4),
		.expect = {VALUES(1, 2, 1, 5)},
	},
	{
		.op = "Min", .name = "i32", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I32, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(1, 2, 1, -5)},
	},
	{
		.op = "Min", .name = "u32", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U32, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(1, 2, 1, 5)},
	},
	{
		.op = "Min", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, -5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(1, 2, 1, -5)},
	},
	{
		.op = "Min", .name = "u64", .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(3, 2, 1, 100)},
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(1, 4, 4, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(1, 2, 1, 5)},
	},
	{
		.op = "Min", .name = "NaN wins", .nin = 2, .in = {
			{.shape = RT_SHAPE(3), GIVEN(NAN, 1, 2), .no_grad = true},
			{.shape = RT_SHAPE(3), GIVEN(1, NAN, 0), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(NAN, NAN, 0)},
		.no_differences = true, /* NaN */
	},
	{
		.op = "Min", .name = "equal inputs share", .nin = 2, .in = {
			{.shape = RT_SHAPE(3), GIVEN(1, 2, 3)},
			{.shape = RT_SHAPE(3), GIVEN(1, 3, 2)},
		}, .source = "torch 2.13", .seed = VALUES(1, 2, 4),
		.expect_grad = {VALUES(0.5, 2, 0), VALUES(0.5, 0, 4)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "Min", .name = "the same input three times", .nin = 3, .in = {
			{.shape = RT_SHAPE(2), GIVEN(1, 2)},
			{.shape = RT_SHAPE(2), GIVEN(1, 2)},
			{.shape = RT_SHAPE(2), GIVEN(1, 0)},
		}, .source = "by hand", .seed = VALUES(3, 6),
		.expect_grad = {VALUES(1, 0), VALUES(1, 0), VALUES(1, 6)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "Sum", .name = "three", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)},
			{.shape = RT_SHAPE(3), GIVEN(1, 4, 4)},
			{.shape = RT_SHAPE(3), GIVEN(2, 5, 3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(6, 11, 8)},
	},
	{
		.op = "Sum", .name = "one", .in = {{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(3, 2, 1)},
	},
	{
		.op = "Sum", .name = "repeated", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 1), .draw = DRAW_SPREAD},
			{.shape = RT_SHAPE(4), .draw = DRAW_SPREAD, .lo = -1.4, .hi = 1.3},
			{.shape = RT_SHAPE(2, 1, 1), .draw = DRAW_SPREAD, .lo = -0.7,
			    .hi = 0.9},
		}, OUT_SHAPE(2, 3, 4), .eps = 0.001, .tol = 0.004,
	},
	{
		.op = "Sum", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.1),
			    .no_grad = true},
			{.dtype = RT_F64, .shape = RT_SHAPE(1), GIVEN(1.25), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(2.75, -0.75, 1.35)}, .expect_tol = 1e-14,
	},
	{
		.op = "Sum", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.0999755859),
			    .no_grad = true},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.25, 3, 0.300048828),
			    .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(2.75, 1, 0.399902344)},
	},
	{
		.op = "Sum", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3), .draw = DRAW_SPREAD},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), .draw = DRAW_SPREAD, .lo = -0.8,
			    .hi = 0.75},
		}, OUT_SHAPE(2, 3), .eps = 0.001,
	},
	{
		.op = "Sum", .name = "two types", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.dtype = RT_F64, .shape = RT_SHAPE(2)}},
		.fails = "the inputs are f32 and f64",
	},
	{
		.op = "Sum", .name = "the third does not fit", .nin = 3,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(3)}},
		.fails = "2",
	},
	{
		.op = "Sum", .name = "whole numbers are refused", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2)},
			{.dtype = RT_I32, .shape = RT_SHAPE(2)},
		}, .fails = "the inputs are i32; f32",
	},
	{
		.op = "Mean", .name = "three", .nin = 3, .in = {
			{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)},
			{.shape = RT_SHAPE(3), GIVEN(1, 4, 4)},
			{.shape = RT_SHAPE(3), GIVEN(2, 5, 3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(2, 3.66666675, 2.66666675)},
	},
	{
		.op = "Mean", .name = "one", .in = {{.shape = RT_SHAPE(3), GIVEN(3, 2, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(3, 2, 1)},
	},
	{
		.op = "Mean", .name = "repeated", .nin = 3, .in = {
			{.shape = RT_SHAPE(3, 1), .draw = DRAW_SPREAD},
			{.shape = RT_SHAPE(4), .draw = DRAW_SPREAD, .lo = -1.4, .hi = 1.3},
			{.shape = RT_SHAPE(2, 1, 1), .draw = DRAW_SPREAD, .lo = -0.7,
			    .hi = 0.9},
		}, OUT_SHAPE(2, 3, 4), .eps = 0.001, .tol = 0.004,
	},
	{
		.op = "Mean", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.1),
			    .no_grad = true},
			{.dtype = RT_F64, .shape = RT_SHAPE(1), GIVEN(1.25), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1.375, -0.375, 0.675)}, .expect_tol = 1e-14,
	},
	{
		.op = "Mean", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.5, -2, 0.0999755859),
			    .no_grad = true},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1.25, 3, 0.300048828),
			    .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1.375, 0.5, 0.199951172)},
	},
	{
		.op = "Mean", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3), .draw = DRAW_SPREAD},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), .draw = DRAW_SPREAD, .lo = -0.8,
			    .hi = 0.75},
		}, OUT_SHAPE(2, 3), .eps = 0.001,
	},
	{
		.op = "Mean", .name = "two types", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.dtype = RT_F64, .shape = RT_SHAPE(2)}},
		.fails = "the inputs are f32 and f64",
	},
	{
		.op = "Mean", .name = "the third does not fit", .nin = 3,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(3)}},
		.fails = "2",
	},
	{
		.op = "Mean", .name = "whole numbers are refused", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2)},
			{.dtype = RT_I32, .shape = RT_SHAPE(2)},
		}, .fails = "the inputs are i32; f32",
	},
};

const struct op_samples samples_many = {rows, RT_COUNT(rows)};
