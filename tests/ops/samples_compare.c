/* samples_compare.c - comparisons, and what is not a number or infinite. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "Equal", .name = "f32", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 0, 2, 7, 3, 3, -4, 0.5)},
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 1, 2, 6, 3, -3, 4, 0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(1, 0, 1, 0, 1, 0, 0, 0)},
	},
	{
		.op = "Equal", .name = "repeated, with NaN", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1), GIVEN(1, NAN, -2)},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, NAN)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(0, 1, 0, 0, 0, 0, 0, 0, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "Equal", .name = "no gradient", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 4), KINKS(0)}, {GIVEN(0)}}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Equal", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627777, -5, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627776, -5, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 1, 0)},
	},
	{
		.op = "Equal", .name = "u8 repeated", .nin = 2, .in = {
			{.dtype = RT_U8, GIVEN(200)},
			{.dtype = RT_U8, .shape = RT_SHAPE(1, 3), GIVEN(3, 200, 255)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 3),
		.expect = {VALUES(0, 1, 0)},
	},
	{
		.op = "Equal", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, -2, 1)},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, 1, -1)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "Less", .name = "f32", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 0, 2, 7, 3, 3, -4, 0.5)},
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 1, 2, 6, 3, -3, 4, 0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(0, 1, 0, 0, 0, 0, 1, 0)},
	},
	{
		.op = "Less", .name = "repeated, with NaN", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1), GIVEN(1, NAN, -2)},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, NAN)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(0, 0, 0, 0, 0, 0, 1, 1, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "Less", .name = "no gradient", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 4), KINKS(0)}, {GIVEN(0)}}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Less", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627777, -5, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627776, -5, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 0, 1)},
	},
	{
		.op = "Less", .name = "u8 repeated", .nin = 2, .in = {
			{.dtype = RT_U8, GIVEN(200)},
			{.dtype = RT_U8, .shape = RT_SHAPE(1, 3), GIVEN(3, 200, 255)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 3),
		.expect = {VALUES(0, 0, 1)},
	},
	{
		.op = "Less", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, -2, 1)},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, 1, -1)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(0, 1, 0)},
	},
	{
		.op = "LessOrEqual", .name = "f32", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 0, 2, 7, 3, 3, -4, 0.5)},
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 1, 2, 6, 3, -3, 4, 0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(1, 1, 1, 0, 1, 0, 1, 0)},
	},
	{
		.op = "LessOrEqual", .name = "repeated, with NaN", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1), GIVEN(1, NAN, -2)},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, NAN)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(0, 1, 0, 0, 0, 0, 1, 1, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "LessOrEqual", .name = "no gradient", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 4), KINKS(0)}, {GIVEN(0)}}, OUT_SHAPE(3, 4),
	},
	{
		.op = "LessOrEqual", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627777, -5, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627776, -5, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "LessOrEqual", .name = "u8 repeated", .nin = 2, .in = {
			{.dtype = RT_U8, GIVEN(200)},
			{.dtype = RT_U8, .shape = RT_SHAPE(1, 3), GIVEN(3, 200, 255)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 3),
		.expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "LessOrEqual", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, -2, 1)},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, 1, -1)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 1, 0)},
	},
	{
		.op = "Greater", .name = "f32", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 0, 2, 7, 3, 3, -4, 0.5)},
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 1, 2, 6, 3, -3, 4, 0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(0, 0, 0, 1, 0, 1, 0, 1)},
	},
	{
		.op = "Greater", .name = "repeated, with NaN", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1), GIVEN(1, NAN, -2)},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, NAN)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(1, 0, 0, 0, 0, 0, 0, 0, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "Greater", .name = "no gradient", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 4), KINKS(0)}, {GIVEN(0)}}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Greater", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627777, -5, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627776, -5, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "Greater", .name = "u8 repeated", .nin = 2, .in = {
			{.dtype = RT_U8, GIVEN(200)},
			{.dtype = RT_U8, .shape = RT_SHAPE(1, 3), GIVEN(3, 200, 255)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 3),
		.expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "Greater", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, -2, 1)},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, 1, -1)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(0, 0, 1)},
	},
	{
		.op = "GreaterOrEqual", .name = "f32", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 0, 2, 7, 3, 3, -4, 0.5)},
			{.shape = RT_SHAPE(2, 4), GIVEN(-1.5, 1, 2, 6, 3, -3, 4, 0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(1, 0, 1, 1, 1, 1, 0, 1)},
	},
	{
		.op = "GreaterOrEqual", .name = "repeated, with NaN", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1), GIVEN(1, NAN, -2)},
			{.shape = RT_SHAPE(3), GIVEN(0, 1, NAN)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(1, 1, 0, 0, 0, 0, 0, 0, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "GreaterOrEqual", .name = "no gradient", .nin = 2,
		.in = {{.shape = RT_SHAPE(3, 4), KINKS(0)}, {GIVEN(0)}}, OUT_SHAPE(3, 4),
	},
	{
		.op = "GreaterOrEqual", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627777, -5, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1099511627776, -5, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 1, 0)},
	},
	{
		.op = "GreaterOrEqual", .name = "u8 repeated", .nin = 2, .in = {
			{.dtype = RT_U8, GIVEN(200)},
			{.dtype = RT_U8, .shape = RT_SHAPE(1, 3), GIVEN(3, 200, 255)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 3),
		.expect = {VALUES(1, 1, 0)},
	},
	{
		.op = "GreaterOrEqual", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, -2, 1)},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.5, 1, -1)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 0, 1)},
	},
	{
		.op = "Less", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2), GIVEN(0.1, 1e+30),
			    .no_grad = true},
			{.dtype = RT_F64, .shape = RT_SHAPE(2), GIVEN(0.1, 2e+30),
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(0, 1)},
	},
	{
		.op = "Less", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(2), GIVEN(-128, 127)},
			{.dtype = RT_I8, .shape = RT_SHAPE(2), GIVEN(127, -128)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2),
		.expect = {VALUES(1, 0)},
	},
	{
		.op = "Greater", .name = "u64", .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(2), GIVEN(9.22337203685478e+18, 1)},
			{.dtype = RT_U64, .shape = RT_SHAPE(2), GIVEN(1, 9.22337203685478e+18)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2),
		.expect = {VALUES(1, 0)},
	},
	{
		.op = "Greater", .name = "u32 and i16 differ", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(2), .hi = 2},
			{.dtype = RT_I16, .shape = RT_SHAPE(2)},
		}, .fails = "the inputs are u32 and i16",
	},
	{
		.op = "Less", .name = "truth values are refused", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2)},
		}, .fails = "the inputs are bool",
	},
	{
		.op = "Equal", .name = "truth values", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 0, 1, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 1, 0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(1, 0, 0, 1)},
	},
	{
		.op = "Equal", .name = "bf16", .nin = 2, .in = {
			{.dtype = RT_BF16, .shape = RT_SHAPE(2), GIVEN(1, 2.5)},
			{.dtype = RT_BF16, .shape = RT_SHAPE(2), GIVEN(1, 2.25)},
		}, .source = "by hand", OUT_SHAPE(2), .expect = {VALUES(1, 0)},
	},
	{
		.op = "Equal", .name = "shapes that do not meet", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3)}, {.shape = RT_SHAPE(2)}}, .fails = "2x3",
	},
	{
		.op = "IsNaN", .name = "f32", .in = {
			{.shape = RT_SHAPE(6), GIVEN(1, -2.5, NAN, INFINITY, -INFINITY, 0),
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 0, 1, 0, 0, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "IsNaN", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(6), GIVEN(1, -2.5, NAN, INFINITY,
			    -INFINITY, 0), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 0, 1, 0, 0, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "IsNaN", .name = "f16", .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(6), GIVEN(1, -2.5, NAN, INFINITY,
			    -INFINITY, 0), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 0, 1, 0, 0, 0)}, .no_differences = true, /* NaN */
	},
	{
		.op = "IsNaN", .name = "bf16", .in = {
			{.dtype = RT_BF16, .shape = RT_SHAPE(6), GIVEN(1, -2.5, NAN, INFINITY,
			    -INFINITY, 0), .no_grad = true},
		}, .source = "by hand", OUT_SHAPE(6), .expect = {VALUES(0, 0, 1, 0, 0, 0)},
	},
	{
		.op = "IsNaN", .name = "no gradient", .in = {{.shape = RT_SHAPE(3)}},
		OUT_SHAPE(3),
	},
	{
		.op = "IsNaN", .name = "whole numbers are refused",
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(3)}}, .fails = "input is i32",
	},
	{
		.op = "IsInf", .name = "both signs", .in = {
			{.shape = RT_SHAPE(6), GIVEN(1, -2.5, NAN, INFINITY, -INFINITY, 0),
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 0, 0, 1, 1, 0)}, .no_differences = true, /* infinite */
	},
	{
		.op = "IsInf", .name = "positive alone", .attrs = {{"detect_negative", "no"}},
		.in = {
			{.shape = RT_SHAPE(6), GIVEN(1, -2.5, NAN, INFINITY, -INFINITY, 0),
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 0, 0, 1, 0, 0)}, .no_differences = true, /* infinite */
	},
	{
		.op = "IsInf", .name = "negative alone", .attrs = {{"detect_positive", "no"}},
		.in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(6), GIVEN(1, -2.5, NAN, INFINITY,
			    -INFINITY, 0), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 0, 0, 0, 1, 0)}, .no_differences = true, /* infinite */
	},
};

const struct op_samples samples_compare = {rows, RT_COUNT(rows)};
