/* samples_logic.c - logic, bits and choices. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "And", .name = "all four", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 0, 1, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 1, 0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(0, 0, 0, 1)},
	},
	{
		.op = "And", .name = "repeated", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2, 1), GIVEN(0, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(0, 1, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 0, 0, 0, 1, 1)},
	},
	{
		.op = "Or", .name = "all four", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 0, 1, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 1, 0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(0, 1, 1, 1)},
	},
	{
		.op = "Or", .name = "repeated", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2, 1), GIVEN(0, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(0, 1, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 1, 1, 1, 1, 1)},
	},
	{
		.op = "Xor", .name = "all four", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 0, 1, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(4), GIVEN(0, 1, 0, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(0, 1, 1, 0)},
	},
	{
		.op = "Xor", .name = "repeated", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2, 1), GIVEN(0, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(0, 1, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0, 1, 1, 1, 0, 0)},
	},
	{
		.op = "And", .name = "numbers are refused", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}},
		.fails = "the inputs are f32; bool is wanted",
	},
	{
		.op = "Not", .name = "both",
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(0, 1, 1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 0, 0)},
	},
	{
		.op = "Not", .name = "numbers are refused",
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2)}},
		.fails = "input is i32; bool is wanted",
	},
	{
		.op = "BitwiseAnd", .name = "i8 repeated", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(2, 1), GIVEN(12, -1)},
			{.dtype = RT_I8, .shape = RT_SHAPE(3), GIVEN(10, -128, 127)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(8, 0, 12, 10, -128, 127)},
	},
	{
		.op = "BitwiseAnd", .name = "u32", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(2), GIVEN(4042322160, 7)},
			{.dtype = RT_U32, .shape = RT_SHAPE(2), GIVEN(4278255360, 8)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(4026593280, 0)},
	},
	{
		.op = "BitwiseOr", .name = "i8 repeated", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(2, 1), GIVEN(12, -1)},
			{.dtype = RT_I8, .shape = RT_SHAPE(3), GIVEN(10, -128, 127)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(14, -116, 127, -1, -1, -1)},
	},
	{
		.op = "BitwiseOr", .name = "u32", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(2), GIVEN(4042322160, 7)},
			{.dtype = RT_U32, .shape = RT_SHAPE(2), GIVEN(4278255360, 8)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(4293984240, 15)},
	},
	{
		.op = "BitwiseXor", .name = "i8 repeated", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(2, 1), GIVEN(12, -1)},
			{.dtype = RT_I8, .shape = RT_SHAPE(3), GIVEN(10, -128, 127)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(6, -116, 115, -11, 127, -128)},
	},
	{
		.op = "BitwiseXor", .name = "u32", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(2), GIVEN(4042322160, 7)},
			{.dtype = RT_U32, .shape = RT_SHAPE(2), GIVEN(4278255360, 8)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(267390960, 15)},
	},
	{
		.op = "BitwiseAnd", .name = "real numbers are refused", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}},
		.fails = "the inputs are f32; i8, u8",
	},
	{
		.op = "BitwiseNot", .name = "i16",
		.in = {{.dtype = RT_I16, .shape = RT_SHAPE(3), GIVEN(0, -1, 300)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(-1, 0, -301)},
	},
	{
		.op = "BitwiseNot", .name = "u64",
		.in = {{.dtype = RT_U64, .shape = RT_SHAPE(2), GIVEN(0, 1099511627776)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(1.84467440737096e+19, 1.84467429741979e+19)},
	},
	{
		.op = "BitwiseNot", .name = "real numbers are refused",
		.in = {{.shape = RT_SHAPE(2)}}, .fails = "input is f32",
	},
	{
		.op = "BitShift", .name = "u8 left", .attrs = {{"direction", "LEFT"}}, .nin = 2,
		.in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(16, 4, 255, 1)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(1, 2, 3, 9)},
		}, .source = "by hand", OUT_SHAPE(4), .expect = {VALUES(32, 16, 248, 0)},
	},
	{
		.op = "BitShift", .name = "u64 left repeated", .attrs = {{"direction", "LEFT"}},
		.nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(2, 1), GIVEN(1099511627776, 3)},
			{.dtype = RT_U64, .shape = RT_SHAPE(3), GIVEN(1, 2, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(2199023255552, 4398046511104, 1099511627776, 6, 12, 3)},
	},
	{
		.op = "BitShift", .name = "u8 right", .attrs = {{"direction", "RIGHT"}},
		.nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(16, 4, 255, 1)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(1, 2, 3, 9)},
		}, .source = "by hand", OUT_SHAPE(4), .expect = {VALUES(8, 1, 31, 0)},
	},
	{
		.op = "BitShift", .name = "u64 right repeated",
		.attrs = {{"direction", "RIGHT"}}, .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(2, 1), GIVEN(1099511627776, 3)},
			{.dtype = RT_U64, .shape = RT_SHAPE(3), GIVEN(1, 2, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(549755813888, 274877906944, 1099511627776, 1, 0, 3)},
	},
	{
		.op = "BitShift", .name = "signed numbers are refused",
		.attrs = {{"direction", "LEFT"}}, .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2)},
			{.dtype = RT_I32, .shape = RT_SHAPE(2)},
		}, .fails = "the inputs are i32; u8, u16, u32 or u64 is wanted",
	},
	{
		.op = "Where", .name = "same shape", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2, 2), GIVEN(1, 0, 1, 1)},
			{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
			{.shape = RT_SHAPE(2, 2), GIVEN(9, 8, 7, 6)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, 8, 3, 4)},
	},
	{
		.op = "Where", .name = "all three repeat", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(1, 2, 1), GIVEN(1, 0)},
			{.shape = RT_SHAPE(2, 1, 3)},
			{.shape = RT_SHAPE(1, 3)},
		}, OUT_SHAPE(2, 2, 3),
	},
	{
		.op = "Where", .name = "the condition repeats", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 0, 1)},
			{.shape = RT_SHAPE(2, 3)},
			{.shape = RT_SHAPE(2, 3)},
		}, OUT_SHAPE(2, 3),
	},
	{
		.op = "Where", .name = "the condition is larger", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2, 3), GIVEN(1, 0, 1, 0, 0, 1)},
			{},
			{.shape = RT_SHAPE(3)},
		}, OUT_SHAPE(2, 3),
	},
	{
		.op = "Where", .name = "i64", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 0, 0)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 0, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 1, 1)},
	},
	{
		.op = "Where", .name = "u8", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 0, 0)},
			{.dtype = RT_U8, .shape = RT_SHAPE(3), GIVEN(1, 0, 3)},
			{.dtype = RT_U8, .shape = RT_SHAPE(1), GIVEN(1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 1, 1)},
	},
	{
		.op = "Where", .name = "f64", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 0, 0)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1, 0, 3)},
			{.dtype = RT_F64, .shape = RT_SHAPE(1), GIVEN(1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 1, 1)},
	},
	{
		.op = "Where", .name = "i16", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 0, 0)},
			{.dtype = RT_I16, .shape = RT_SHAPE(3), GIVEN(1, 0, 3)},
			{.dtype = RT_I16, .shape = RT_SHAPE(1), GIVEN(1)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 1, 1)},
	},
	{
		.op = "Where", .name = "bool", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 0, 0)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(1, 0, 1)},
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(1), GIVEN(1)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(3),
		.expect = {VALUES(1, 1, 1)},
	},
	{
		.op = "Where", .name = "a condition of numbers", .nin = 3,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}},
		.fails = "condition is f32; bool is wanted",
	},
	{
		.op = "Where", .name = "two types", .nin = 3, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(1), GIVEN(1)},
			{.shape = RT_SHAPE(2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2)},
		}, .fails = "the choices are f32 and i64",
	},
};

const struct op_samples samples_logic = {rows, RT_COUNT(rows)};
