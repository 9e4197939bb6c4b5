/* samples_quant.c - QuantizeLinear and DequantizeLinear. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "QuantizeLinear", .name = "u16 saturates", .nin = 3, .in = {
			{.shape = RT_SHAPE(6), GIVEN(-70000, -1.5, 0, 0.5, 40000, 70000)},
			{GIVEN(1), .no_grad = true},
			{.dtype = RT_U16, GIVEN(32767)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 32765, 32767, 32767, 65535, 65535)},
		.no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "i16 for each channel", .nin = 3,
		.attrs = {{"axis", "0"}}, .in = {
			{.shape = RT_SHAPE(2, 3), GIVEN(-70000, -1.5, 3, 0.5, 40000, -70000)},
			{.shape = RT_SHAPE(2), GIVEN(2, 0.5), .no_grad = true},
			{.dtype = RT_I16, .shape = RT_SHAPE(2), GIVEN(-5, 7)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-32768, -6, -3, 8, 32767, -32768)},
		.no_differences = true, /* a staircase */
	},
	{
		.op = "DequantizeLinear", .name = "i16", .nin = 3, .in = {
			{.dtype = RT_I16, .shape = RT_SHAPE(3), GIVEN(-32768, 0, 32767)},
			{GIVEN(0.5)},
			{.dtype = RT_I16, GIVEN(-5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(-16381.5, 2.5, 16386)},
		.tol = 1e-2,
	},
	{
		.op = "QuantizeLinear", .name = "u8 by default", .nin = 2, .in = {
			{.shape = RT_SHAPE(15), GIVEN(-300, -1.29999995, -0.25, -0.0500000007,
			    0, 0.0500000007, 0.150000006, 0.25, 0.349999994, 1, 12.6999998,
			    12.8000002, 25.5, 25.5499992, 300)},
			{GIVEN(0.100000001), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(15),
		.expect = {VALUES(0, 0, 0, 0, 0, 0, 2, 2, 4, 10, 127, 128, 255, 255, 255)},
		.no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "half to even", .nin = 3, .in = {
			{.shape = RT_SHAPE(9), GIVEN(-1.5, -1, -0.75, -0.5, -0.25, 0.25, 0.5,
			    0.75, 1.25)},
			{GIVEN(0.5), .no_grad = true},
			{.dtype = RT_I8, GIVEN(3)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(9),
		.expect = {VALUES(0, 1, 1, 2, 3, 3, 4, 5, 5)},
		.no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "i8 saturates", .nin = 3, .in = {
			{.shape = RT_SHAPE(15), GIVEN(-300, -1.29999995, -0.25, -0.0500000007,
			    0, 0.0500000007, 0.150000006, 0.25, 0.349999994, 1, 12.6999998,
			    12.8000002, 25.5, 25.5499992, 300)},
			{GIVEN(0.100000001), .no_grad = true},
			{.dtype = RT_I8, GIVEN(-20)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(15),
		.expect = {VALUES(-128, -33, -22, -20, -20, -20, -18, -18, -16, -10, 107, 108,
		    127, 127, 127)},
		.no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "per channel", .attrs = {{"axis", "1"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(2, 3, 2), GIVEN(3, -2.125, 0.25, 2.25, -2.625, 0.5,
			    -2, 1.625, 2.625, 0.25, -3, -2.625)},
			{.shape = RT_SHAPE(3), GIVEN(0.100000001, 0.0199999996, 0.5), .no_grad =
			    true},
			{.dtype = RT_U8, .shape = RT_SHAPE(3), GIVEN(128, 100, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3, 2),
		.expect = {VALUES(158, 107, 112, 212, 0, 1, 108, 144, 231, 112, 0, 0)},
		.no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "per column", .attrs = {{"axis", "-1"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(4, 3), GIVEN(3, -2.125, 0.25, 2.25, -2.625, 0.5, -2,
			    1.625, 2.625, 0.25, -3, -2.625)},
			{.shape = RT_SHAPE(3), GIVEN(0.100000001, 0.0199999996, 0.5), .no_grad =
			    true},
			{.dtype = RT_I8, .shape = RT_SHAPE(3), GIVEN(-3, 0, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 3),
		.expect = {VALUES(27, -106, 5, 19, -128, 6, -23, 81, 10, -1, -128, 0)},
		.no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "gradient straight through", .nin = 3, .in = {
			{.shape = RT_SHAPE(10), GIVEN(-3, -2.70000005, -2.61999989, -2.5999999,
			    -2.5, 0.100000001, 61, 61.2999992, 61.4000015, 70)},
			{GIVEN(0.25)},
			{.dtype = RT_U8, GIVEN(10)},
		}, .source = "the formula of ops/quantize_linear.c in numpy",
		.seed = VALUES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
		.expect_grad = {VALUES(0, 0, 12, 16, 20, 24, 28, 32, 0, 0),
		    VALUES(-14195.8399)}, .no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "gradient per column", .attrs = {{"axis", "1"}},
		.nin = 3, .in = {
			{.shape = RT_SHAPE(3, 2), GIVEN(1, -40, 0.300000012, 9, 2, 1)},
			{.shape = RT_SHAPE(2), GIVEN(0.25, 0.5)},
			{.dtype = RT_I8, .shape = RT_SHAPE(2), GIVEN(0, 0)},
		}, .source = "the formula of ops/quantize_linear.c in numpy",
		.seed = VALUES(1, 2, 3, 4, 5, 6), .expect_grad = {VALUES(4, 4, 12, 8, 20, 12),
		    VALUES(-190.400001, 152)}, .no_differences = true, /* a staircase */
	},
	{
		.op = "QuantizeLinear", .name = "scales of another axis",
		.attrs = {{"axis", "1"}}, .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3)}, {.shape = RT_SHAPE(2)}},
		.fails = "scale is 2, axis 1 of the input has 3 indices",
	},
	{
		.op = "QuantizeLinear", .name = "fewer zero points than scales",
		.attrs = {{"axis", "1"}}, .nin = 3, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.shape = RT_SHAPE(3)},
			{.dtype = RT_U8, .hi = 3},
		}, .fails = "scale is 3, zero point is scalar",
	},
	{
		.op = "QuantizeLinear", .name = "to i32", .nin = 3,
		.in = {{.shape = RT_SHAPE(2, 3)}, {}, {.dtype = RT_I32, .hi = 3}},
		.fails = "zero point is i32; u8, i8, u16 and i16 are possible",
	},
	{
		.op = "DequantizeLinear", .name = "u8", .nin = 3, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4), GIVEN(0, 1, 128, 255)},
			{GIVEN(0.100000001)},
			{.dtype = RT_U8, GIVEN(128)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(-12.8000002, -12.6999998, 0, 12.6999998)},
	},
	{
		.op = "DequantizeLinear", .name = "i8 without zero point", .nin = 2, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(-128, -1, 0, 127)},
			{GIVEN(0.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(-64, -0.5, 0, 63.5)},
	},
	{
		.op = "DequantizeLinear", .name = "i32", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2), GIVEN(-100000, 7)},
			{GIVEN(0.00100000005)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(-100.000008, 0.00700000022)},
	},
	{
		.op = "DequantizeLinear", .name = "per channel", .attrs = {{"axis", "1"}},
		.nin = 3, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(2, 3, 2), GIVEN(-99, -22, 105, 88,
			    36, -68, -96, 42, 59, -25, -94, -61)},
			{.shape = RT_SHAPE(3), GIVEN(0.100000001, 0.0199999996, 0.5)},
			{.dtype = RT_I8, .shape = RT_SHAPE(3), GIVEN(1, 0, -5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3, 2),
		.expect = {VALUES(-10, -2.29999995, 2.0999999, 1.75999999, 20.5, -31.5,
		    -9.69999981, 4.0999999, 1.17999995, -0.5, -44.5, -28)},
	},
	{
		.op = "DequantizeLinear", .name = "per row", .attrs = {{"axis", "0"}}, .nin = 3,
		.in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(3, 4), GIVEN(251, 179, 144, 78, 219,
			    94, 114, 195, 105, 126, 7, 199)},
			{.shape = RT_SHAPE(3), GIVEN(0.100000001, 0.0199999996, 0.5)},
			{.dtype = RT_U8, .shape = RT_SHAPE(3), GIVEN(1, 0, 5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 4),
		.expect = {VALUES(25, 17.8000011, 14.3000002, 7.70000029, 4.38000011, 1.88,
		    2.27999997, 3.89999986, 50, 60.5, 1, 97)},
		.seed = VALUES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
		.expect_grad = {VALUES(0.1, 0.2, 0.3, 0.4, 0.1, 0.12, 0.14, 0.16, 4.5, 5, 5.5,
		    6)},
	},
	{
		.op = "DequantizeLinear", .name = "per column drawn", .attrs = {{"axis", "-1"}},
		.nin = 3, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(5, 3), .lo = -128, .hi = 127},
			{.shape = RT_SHAPE(3), .lo = 0.01, .hi = 0.2},
			{.dtype = RT_I8, .shape = RT_SHAPE(3), .lo = -9, .hi = 9},
		}, OUT_SHAPE(5, 3),
	},
	{
		.op = "DequantizeLinear", .name = "of real numbers", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3)}, {}},
		.fails = "input is f32; u8, i8, u16, i16 or i32 is wanted",
	},
	{
		.op = "DequantizeLinear", .name = "zero point of another type", .nin = 3,
		.in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(3), .hi = 3},
			{},
			{.dtype = RT_I8, .hi = 3},
		}, .fails = "zero point is i8, u8 is wanted",
	},
};

const struct op_samples samples_quant = {rows, RT_COUNT(rows)};
