/* samples_pair.c - arithmetic of two inputs: further types, Mod and PRelu. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Add", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(7, 200, 9, 3)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(9, 205, 14, 6)},
	},
	{
		.op = "Sub", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(7, 200, 9, 3)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(5, 195, 4, 0)},
	},
	{
		.op = "Mul", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(7, 200, 9, 3)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(14, 232, 45, 9)},
	},
	{
		.op = "Div", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(7, 200, 9, 3)},
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(3, 40, 1, 1)},
	},
	{
		.op = "Add", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(9, 105, 14, 6)},
	},
	{
		.op = "Sub", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(5, 95, 4, 0)},
	},
	{
		.op = "Mul", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(14, -12, 45, 9)},
	},
	{
		.op = "Div", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(3, 20, 1, 1)},
	},
	{
		.op = "Add", .name = "u16", .nin = 2, .in = {
			{.dtype = RT_U16, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_U16, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(9, 105, 14, 6)},
	},
	{
		.op = "Add", .name = "i16", .nin = 2, .in = {
			{.dtype = RT_I16, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_I16, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(9, 105, 14, 6)},
	},
	{
		.op = "Add", .name = "u32", .nin = 2, .in = {
			{.dtype = RT_U32, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_U32, .shape = RT_SHAPE(4), GIVEN(2, 5, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(9, 105, 14, 6)},
	},
	{
		.op = "Add", .name = "u64", .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(2, 1099511627776, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(9, 1099511627876, 14, 6)},
	},
	{
		.op = "Sub", .name = "u64", .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(2, 1099511627776, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4),
		.expect = {VALUES(5, 1.84467429741979e+19, 4, 0)},
	},
	{
		.op = "Mul", .name = "u64", .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(2, 1099511627776, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4),
		.expect = {VALUES(14, 109951162777600, 45, 9)},
	},
	{
		.op = "Div", .name = "u64", .nin = 2, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(7, 100, 9, 3)},
			{.dtype = RT_U64, .shape = RT_SHAPE(4), GIVEN(2, 1099511627776, 5, 3)},
		}, .source = "numpy", OUT_SHAPE(4), .expect = {VALUES(3, 0, 1, 1)},
	},
	{
		.op = "Add", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.1, 2, 3.5)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(0.3, 1.7, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1.4, 3.7, 5.5)}, .expect_tol = 1e-14,
	},
	{
		.op = "Add", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 4), .lo = 0.5, .hi = 2},
			{.dtype = RT_F64, .shape = RT_SHAPE(4), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Sub", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.1, 2, 3.5)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(0.3, 1.7, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(0.8, 0.3, 1.5)}, .expect_tol = 1e-14,
	},
	{
		.op = "Sub", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 4), .lo = 0.5, .hi = 2},
			{.dtype = RT_F64, .shape = RT_SHAPE(4), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Mul", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.1, 2, 3.5)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(0.3, 1.7, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(0.33, 3.4, 7)}, .expect_tol = 1e-14,
	},
	{
		.op = "Mul", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 4), .lo = 0.5, .hi = 2},
			{.dtype = RT_F64, .shape = RT_SHAPE(4), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Div", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.1, 2, 3.5)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(0.3, 1.7, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(3.66666666666667, 1.17647058823529, 1.75)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Div", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 4), .lo = 0.5, .hi = 2},
			{.dtype = RT_F64, .shape = RT_SHAPE(4), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Pow", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(1.1, 2, 3.5)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(0.3, 1.7, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1.0290057594211, 3.24900958542494, 12.25)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Pow", .name = "gradient in f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(3, 4), .lo = 0.5, .hi = 2},
			{.dtype = RT_F64, .shape = RT_SHAPE(4), .lo = 0.5, .hi = 2},
		}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Add", .name = "f16", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1, 2048, 0.0999755859),
			    .no_grad = true},
			{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(1, 1, 0.199951172),
			    .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(2, 2048, 0.299804688)},
	},
	{
		.op = "Mul", .name = "bf16", .nin = 2, .in = {
			{.dtype = RT_BF16, .shape = RT_SHAPE(2), GIVEN(1.5, -3),
			    .no_grad = true},
			{.dtype = RT_BF16, .shape = RT_SHAPE(2), GIVEN(1.0078125, 7),
			    .no_grad = true},
		}, .source = "numpy in f32, rounded", OUT_SHAPE(2),
		.expect = {VALUES(1.515625, -21)},
	},
	{
		.op = "Pow", .name = "i32 to a whole power of another type", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(3), GIVEN(2, -3, 5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(10, 3, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1024, -27, 1)},
	},
	{
		.op = "Pow", .name = "f32 to u32", .nin = 2, .in = {
			{.shape = RT_SHAPE(3), GIVEN(-2, 0.5, 3)},
			{.dtype = RT_U32, .shape = RT_SHAPE(3), GIVEN(3, 2, 0)},
		}, .source = "by hand", OUT_SHAPE(3), .expect = {VALUES(-8, 0.25, 1)},
	},
	{
		.op = "Pow", .name = "f64 to f32", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2), GIVEN(2, 3), .no_grad = true},
			{.shape = RT_SHAPE(2), GIVEN(0.5, 2), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(1.4142135623731, 9)}, .expect_tol = 1e-07,
	},
	{
		.op = "Pow", .name = "gradient, f64 to f32", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3), .lo = 0.5, .hi = 2},
			{.shape = RT_SHAPE(3), GIVEN(2, 3, 0.5), .no_grad = true},
		}, OUT_SHAPE(2, 3),
	},
	{
		.op = "Pow", .name = "f16 to i64", .nin = 2, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2), GIVEN(2, 3), .no_grad = true},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, -1)},
		}, .source = "numpy in f64, rounded", OUT_SHAPE(2),
		.expect = {VALUES(8, 0.333251953)},
	},
	{
		.op = "Mod", .name = "i32", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(6), GIVEN(-4, 7, 5, 4, -7, 8)},
			{.dtype = RT_I32, .shape = RT_SHAPE(6), GIVEN(2, -3, 8, -2, 3, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, -2, 5, 0, 2, 3)},
	},
	{
		.op = "Mod", .name = "i64 with the sign of the dividend",
		.attrs = {{"fmod", "yes"}}, .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(6), GIVEN(-4, 7, 5, 4, -7, 8)},
			{.dtype = RT_I64, .shape = RT_SHAPE(6), GIVEN(2, -3, 8, -2, 3, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 1, 5, 0, -1, 3)},
	},
	{
		.op = "Mod", .name = "i8", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(2), GIVEN(-128, 7)},
			{.dtype = RT_I8, .shape = RT_SHAPE(2), GIVEN(-1, -4)},
		}, .source = "by hand", OUT_SHAPE(2), .expect = {VALUES(0, -1)},
	},
	{
		.op = "Mod", .name = "u16 repeated", .nin = 2, .in = {
			{.dtype = RT_U16, .shape = RT_SHAPE(2, 1), GIVEN(4, 70)},
			{.dtype = RT_U16, .shape = RT_SHAPE(2), GIVEN(3, 8)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, 4, 1, 6)},
	},
	{
		.op = "Mod", .name = "by 0", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(5, -5)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 0)},
		}, .source = "the promise of tensor/binary.h", OUT_SHAPE(2),
		.expect = {VALUES(0, 0)},
	},
	{
		.op = "Mod", .name = "f32", .attrs = {{"fmod", "yes"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(6), GIVEN(-4.30000019, 7.19999981, 5, 4.30000019,
			    -7.19999981, 8)},
			{.shape = RT_SHAPE(6), GIVEN(2.0999999, -3.4000001, 8, -2.0999999,
			    3.4000001, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(-0.100000381, 0.399999619, 5, 0.100000381, -0.399999619, 3)},
		.no_differences = true, /* checked below, away from the jumps */
	},
	{
		.op = "Mod", .name = "f64", .attrs = {{"fmod", "yes"}}, .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2), GIVEN(-4.3, 7.2)},
			{.dtype = RT_F64, .shape = RT_SHAPE(2), GIVEN(2.1, -3.4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(-0.0999999999999996, 0.4)}, .expect_tol = 1e-14,
		.no_differences = true, /* see f32 */
	},
	{
		.op = "Mod", .name = "gradient", .attrs = {{"fmod", "yes"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(6), .lo = 4.2, .hi = 5.8},
			{.shape = RT_SHAPE(6), .lo = 1.45, .hi = 1.9},
		}, OUT_SHAPE(6), .eps = 0.001, .tol = 0.005,
	},
	{
		.op = "Mod", .name = "real numbers need fmod", .nin = 2,
		.in = {{.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}},
		.fails = "real numbers need fmod 1",
	},
	{
		.op = "PRelu", .name = "one slope", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(-2, 3, 0.5, -1)},
			{.shape = RT_SHAPE(1), GIVEN(0.25)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(-0.5, 3, 0.5, -0.25)},
	},
	{
		.op = "PRelu", .name = "slope a column", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 4), KINKS(0)}, {.shape = RT_SHAPE(3, 1)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "PRelu", .name = "slope for each element", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3), KINKS(0)}, {.shape = RT_SHAPE(2, 3)}},
		OUT_SHAPE(2, 3),
	},
	{
		.op = "PRelu", .name = "i32", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2), GIVEN(-2, 3)},
			{.dtype = RT_I32, .shape = RT_SHAPE(2), GIVEN(4, 5)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2),
		.expect = {VALUES(-8, 3)},
	},
	{
		.op = "PRelu", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 3), KINKS(0)},
			{.dtype = RT_F64, .shape = RT_SHAPE(3)},
		}, OUT_SHAPE(2, 3),
	},
	{
		.op = "PRelu", .name = "slope larger than the input", .nin = 2,
		.in = {{.shape = RT_SHAPE(3)}, {.shape = RT_SHAPE(2, 3)}},
		.fails = "slope 2x3 does not repeat to the input 3",
	},
};

const struct op_samples samples_pair = {rows, RT_COUNT(rows)};
