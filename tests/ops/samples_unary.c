/* samples_unary.c - operators of one number. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "Abs", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(4, 2.25, 1.125, 0.25, 0.125, 0.5, 1.75, 3.5)},
	},
	{
		.op = "Abs", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Abs", .name = "derivative at 0",
		.in = {{.shape = RT_SHAPE(3), GIVEN(-1, 0, 2)}}, .source = "torch 2.13",
		.seed = VALUES(0.5, -1, 1.5), .expect_grad = {VALUES(-0.5, 0, 1.5)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "Clip", .name = "both bounds", .nin = 3, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
			{GIVEN(-1), .no_grad = true},
			{GIVEN(1.5), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-1, -1, -1, -0.25, 0.125, 0.5, 1.5, 1.5)},
	},
	{
		.op = "Clip", .name = "ReLU6", .nin = 3, .in = {
			{.shape = RT_SHAPE(5), GIVEN(-1, 0, 3, 6, 7.5)},
			{GIVEN(0), .no_grad = true},
			{GIVEN(6), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(0, 0, 3, 6, 6)}, .seed = VALUES(1, 2, 3, 4, 5),
		.expect_grad = {VALUES(0, 0, 3, 0, 0)}, .no_differences = true, /* kinks */
	},
	{
		.op = "Clip", .name = "only an upper bound", .nin = 3, .in = {
			{.shape = RT_SHAPE(20), .lo = -3, .hi = 3, KINKS(1)},
			{.absent = true},
			{GIVEN(1), .no_grad = true},
		}, OUT_SHAPE(20),
	},
	{
		.op = "Clip", .name = "only a lower bound", .nin = 2, .in = {
			{.shape = RT_SHAPE(20), .lo = -3, .hi = 3, KINKS(-1)},
			{.shape = RT_SHAPE(1), GIVEN(-1), .no_grad = true},
		}, OUT_SHAPE(20),
	},
	{
		.op = "Clip", .name = "no bound", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75, 3.5)},
	},
	{
		.op = "Clip", .name = "a bound of two values", .nin = 2,
		.in = {{.shape = RT_SHAPE(4)}, {.shape = RT_SHAPE(2)}},
		.fails = "min has 2 values, 1 is wanted",
	},
	{
		.op = "Elu", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-0.981684387, -0.894600749, -0.675347567, -0.221199214, 0.125,
		    0.5, 1.75, 3.5)},
	},
	{
		.op = "Elu", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Elu", .name = "Elu with alpha: known values",
		.attrs = {{"alpha", "0.5"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-0.490842193, -0.447300375, -0.337673783, -0.110599607, 0.125,
		    0.5, 1.75, 3.5)},
	},
	{
		.op = "Elu", .name = "Elu with alpha: drawn", .attrs = {{"alpha", "0.5"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Erf", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-1, -0.998537302, -0.888388216, -0.276326388, 0.140316203,
		    0.520499885, 0.986671686, 0.999999285)},
	},
	{
		.op = "Erf", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Exp", .name = "known values", .in = {
			{.shape = RT_SHAPE(10), GIVEN(-100, -87, -4, -1, -0.25, 0, 0.5, 1.75,
			    10, 88)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(10),
		.expect = {VALUES(3.78350585e-44, 1.64581145e-38, 0.0183156393, 0.36787945,
		    0.778800786, 1, 1.64872122, 5.75460243, 22026.4668, 1.65163627e+38)},
	},
	{
		.op = "Exp", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Gelu", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-0.000126719475, -0.0275050476, -0.146581352, -0.100323416,
		    0.0687172785, 0.345731229, 1.67989647, 3.4991858)},
	},
	{
		.op = "Gelu", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Gelu", .name = "Gelu with tanh: known values",
		.attrs = {{"approximate", "tanh"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-7.00950623e-05, -0.0272013545, -0.146775171, -0.100324653,
		    0.0687171966, 0.345714003, 1.67979538, 3.49938369)},
	},
	{
		.op = "Gelu", .name = "Gelu with tanh: drawn",
		.attrs = {{"approximate", "tanh"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "HardSigmoid", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(0, 0.0499999821, 0.274999976, 0.449999988, 0.524999976,
		    0.600000024, 0.850000024, 1)},
	},
	{
		.op = "HardSigmoid", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-2.5, 2.5)}},
		OUT_SHAPE(3, 7),
	},
	{
		.op = "HardSigmoid", .name = "HardSigmoid with parameters: known values",
		.attrs = {{"alpha", "0.5"}, {"beta", "0.25"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(0, 0, 0, 0.125, 0.3125, 0.5, 1, 1)},
	},
	{
		.op = "HardSigmoid", .name = "HardSigmoid with parameters: drawn",
		.attrs = {{"alpha", "0.5"}, {"beta", "0.25"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-0.5, 1.5)}},
		OUT_SHAPE(3, 7),
	},
	{
		.op = "HardSwish", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(0, -0.28125, -0.3515625, -0.114583336, 0.0651041642,
		    0.291666657, 1.38541675, 3.5)},
	},
	{
		.op = "HardSwish", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -5, .hi = 5, KINKS(-3, 3)}},
		OUT_SHAPE(3, 7),
	},
	{
		.op = "LeakyRelu", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-0.0399999991, -0.022499999, -0.0112499995, -0.00249999994,
		    0.125, 0.5, 1.75, 3.5)},
	},
	{
		.op = "LeakyRelu", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "LeakyRelu", .name = "LeakyRelu with a negative slope: known values",
		.attrs = {{"alpha", "-0.5"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(2, 1.125, 0.5625, 0.125, 0.125, 0.5, 1.75, 3.5)},
	},
	{
		.op = "LeakyRelu", .name = "LeakyRelu with a negative slope: drawn",
		.attrs = {{"alpha", "-0.5"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Log", .name = "known values", .in = {
			{.shape = RT_SHAPE(10), GIVEN(9.9999461e-41, 1e-30, 0.125, 0.5,
			    0.99000001, 1, 1.00999999, 2, 10, 1.00000002e+30)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(10),
		.expect = {VALUES(-92.1034088, -69.0775528, -2.07944155, -0.693147182,
		    -0.0100503257, 0, 0.00995032117, 0.693147182, 2.30258512, 69.0775528)},
		.no_differences = true, /* the step leaves the domain */
	},
	{
		.op = "Log", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = 0.3, .hi = 4}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Log", .name = "edges",
		.in = {{.shape = RT_SHAPE(3), GIVEN(0, -1, INFINITY)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(-INFINITY, NAN, INFINITY)},
		.no_differences = true, /* there is none */
	},
	{
		.op = "Neg", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(4, 2.25, 1.125, 0.25, -0.125, -0.5, -1.75, -3.5)},
	},
	{
		.op = "Neg", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Neg", .name = "whole numbers",
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(-3, 0, 7)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(3, 0, -7)},
	},
	{
		.op = "Neg", .name = "32-bit whole numbers",
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(3), GIVEN(-3, 0, 7)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(3, 0, -7)},
	},
	{
		.op = "Neg", .name = "truth values are refused",
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), .hi = 1}},
		.fails = "input is bool; f32",
	},
	{
		.op = "Relu", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(0, 0, 0, 0, 0.125, 0.5, 1.75, 3.5)},
	},
	{
		.op = "Relu", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Relu", .name = "derivative at 0",
		.in = {{.shape = RT_SHAPE(3), GIVEN(-1, 0, 2)}}, .source = "torch 2.13",
		.seed = VALUES(0.5, -1, 1.5), .expect_grad = {VALUES(0, 0, 1.5)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "Relu", .name = "more elements than one thread takes",
		.in = {{.shape = RT_SHAPE(5, 2003), KINKS(0)}}, OUT_SHAPE(5, 2003),
		.no_differences = true, /* too many elements; the kernel is the same */
	},
	{
		.op = "Relu", .name = "truth values are refused",
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), .hi = 1}},
		.fails = "input is bool; f32",
	},
	{
		.op = "Sigmoid", .name = "known values", .in = {
			{.shape = RT_SHAPE(12), GIVEN(-100, -20, -4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5, 20, 100)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(12),
		.expect = {VALUES(0, 0, 0.017986238, 0.095349431, 0.245085001, 0.437823504,
		    0.53120935, 0.622459292, 0.851952791, 0.970687807, 1, 1)},
	},
	{
		.op = "Sigmoid", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Sqrt", .name = "known values",
		.in = {{.shape = RT_SHAPE(5), GIVEN(0, 0.25, 1, 2, 100)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(0, 0.5, 1, 1.41421354, 10)},
		.no_differences = true, /* infinite at 0 */
	},
	{
		.op = "Sqrt", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = 0.5, .hi = 4}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Tanh", .name = "known values", .in = {
			{.shape = RT_SHAPE(12), GIVEN(-30, -0.625, -4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5, 0.624000013, 30)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(12),
		.expect = {VALUES(-1, -0.554599702, -0.999329209, -0.978026152, -0.809301019,
		    -0.244918659, 0.124352999, 0.462117165, 0.941375554, 0.998177946,
		    0.553906977, 1)},
	},
	{
		.op = "Tanh", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
};

const struct op_samples samples_unary = {rows, RT_COUNT(rows)};
