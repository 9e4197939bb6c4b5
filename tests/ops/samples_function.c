/* samples_function.c - functions of one number that are met less often. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Acos", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-0.96875, -0.5, -0.125, 0, 0.0625, 0.375,
			    0.75, 0.9375)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(2.89093709, 2.09439516, 1.69612432, 1.57079637, 1.50825572,
		    1.1863997, 0.722734272, 0.355421156)},
		.expect_tol = 2e-06, .no_differences = true, /* steep at the ends */
	},
	{
		.op = "Acos", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -0.8, .hi = 0.8}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Acosh", .name = "known values",
		.in = {{.shape = RT_SHAPE(7), GIVEN(1, 1.0625, 1.5, 2, 3, 8, 100)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(7),
		.expect = {VALUES(0, 0.35173738, 0.962423682, 1.31695795, 1.76274717,
		    2.76865935, 5.29829216)},
		.expect_tol = 2e-06, .no_differences = true, /* steep at 1 */
	},
	{
		.op = "Acosh", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = 1.5, .hi = 4}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Asin", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-0.96875, -0.5, -0.125, 0, 0.0625, 0.375,
			    0.75, 0.9375)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-1.32014072, -0.523598731, -0.125327826, 0, 0.0625407621,
		    0.384396762, 0.848062158, 1.21537519)},
		.expect_tol = 2e-06, .no_differences = true, /* steep at the ends */
	},
	{
		.op = "Asin", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -0.8, .hi = 0.8}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Asinh", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-2.0947125, -1.5501579, -0.967059612, -0.247466475,
		    0.124676749, 0.481211841, 1.32589781, 1.96572053)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Asinh", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Atan", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-1.3258177, -1.15257204, -0.844154, -0.244978681, 0.124354988,
		    0.463647544, 1.05165017, 1.29249668)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Atan", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Atanh", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-0.96875, -0.5, -0.125, 0, 0.0625, 0.375,
			    0.75, 0.9375)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-2.0715673, -0.549306154, -0.125657216, 0, 0.0625815764,
		    0.394228697, 0.972955108, 1.71699357)},
		.expect_tol = 2e-06, .no_differences = true, /* steep at the ends */
	},
	{
		.op = "Atanh", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -0.8, .hi = 0.8}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Celu", .name = "known values", .attrs = {{"alpha", "2"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-1.72932947, -1.35069513, -0.860434294, -0.235006213, 0.125,
		    0.5, 1.75, 3.5)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Celu", .name = "drawn", .attrs = {{"alpha", "2"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Cos", .name = "known values", .in = {
			{.shape = RT_SHAPE(9), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5, 100)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(9),
		.expect = {VALUES(-0.653643608, -0.628173649, 0.431176513, 0.968912423,
		    0.992197692, 0.87758255, -0.178246051, -0.93645668, 0.862318873)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Cos", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Cosh", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(27.3082314, 4.79656744, 1.70243466, 1.03141308, 1.00782263,
		    1.12762594, 2.96418834, 16.5728245)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Cosh", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
		.tol = 0.004,
	},
	{
		.op = "Mish", .name = "known values", .in = {
			{.shape = RT_SHAPE(10), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5,
			    1.75, 3.5, -50, 30)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(10),
		.expect = {VALUES(-0.0725917369, -0.224713117, -0.30821535, -0.129926965,
		    0.0799575821, 0.375245243, 1.67493236, 3.49399066, -9.64374899e-21, 30)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Mish", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Reciprocal", .name = "known values",
		.in = {{.shape = RT_SHAPE(4), GIVEN(-4, -0.5, 0.125, 3)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(-0.25, -2, 8, 0.333333343)}, .expect_tol = 2e-06,
		.no_differences = true, /* steep at 0 */
	},
	{
		.op = "Reciprocal", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = 0.5, .hi = 3}}, OUT_SHAPE(3, 7),
		.tol = 0.004,
	},
	{
		.op = "Selu", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-1.72589862, -1.57279694, -1.1873281, -0.388890177,
		    0.131337628, 0.525350511, 1.83872676, 3.67745352)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Selu", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Selu", .name = "other constants: known values",
		.attrs = {{"alpha", "2"}, {"gamma", "3"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-5.8901062, -5.36760426, -4.0520854, -1.32719529, 0.375, 1.5,
		    5.25, 10.5)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Selu", .name = "other constants: drawn",
		.attrs = {{"alpha", "2"}, {"gamma", "3"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Shrink", .name = "known values",
		.attrs = {{"lambd", "1.5"}, {"bias", "0.5"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-3.5, -1.75, 0, 0, 0, 0, 1.25, 3)}, .expect_tol = 2e-06,
		.no_differences = true, /* jumps */
	},
	{
		.op = "Shrink", .name = "drawn", .attrs = {{"lambd", "1.5"}, {"bias", "0.5"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-1.5, 1.5)}},
		OUT_SHAPE(3, 7),
	},
	{
		.op = "Shrink", .name = "hard: known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-4, -2.25, -1.125, 0, 0, 0, 1.75, 3.5)}, .expect_tol = 2e-06,
		.no_differences = true, /* jumps */
	},
	{
		.op = "Shrink", .name = "hard: drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-0.5, 0.5)}},
		OUT_SHAPE(3, 7),
	},
	{
		.op = "Sin", .name = "known values", .in = {
			{.shape = RT_SHAPE(9), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5, 100)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(9),
		.expect = {VALUES(0.756802499, -0.778073192, -0.902267575, -0.247403964,
		    0.12467473, 0.47942555, 0.98398596, -0.350783229, -0.506365657)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Sin", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Sinh", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-27.2899189, -4.69116831, -1.37778223, -0.252612323,
		    0.125325769, 0.521095276, 2.79041433, 16.5426273)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Sinh", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
		.tol = 0.004,
	},
	{
		.op = "Softplus", .name = "known values", .in = {
			{.shape = RT_SHAPE(11), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5,
			    1.75, 3.5, -20, 20, 90)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(11),
		.expect = {VALUES(0.0181499291, 0.100206561, 0.281150132, 0.575939476,
		    0.757599056, 0.974076986, 1.9102242, 3.52975035, 2.06115369e-09, 20, 90)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Softplus", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Softsign", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-0.800000012, -0.692307711, -0.529411793, -0.200000003,
		    0.111111112, 0.333333343, 0.636363626, 0.777777791)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Softsign", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Tan", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(-1.1578213, 1.23862767, -2.09257126, -0.255341917, 0.12565513,
		    0.546302497, -5.52038002, 0.374585629)},
		.expect_tol = 2e-06,
	},
	{
		.op = "Tan", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -1.2, .hi = 1.2}}, OUT_SHAPE(3, 7),
		.tol = 0.004,
	},
	{
		.op = "ThresholdedRelu", .name = "known values", .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(0, 0, 0, 0, 0, 0, 1.75, 3.5)}, .expect_tol = 2e-06,
		.no_differences = true, /* jumps */
	},
	{
		.op = "ThresholdedRelu", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(1)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "ThresholdedRelu", .name = "below 0: known values",
		.attrs = {{"alpha", "-2"}}, .in = {
			{.shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25, 0.125, 0.5, 1.75,
			    3.5)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(8),
		.expect = {VALUES(0, 0, -1.125, -0.25, 0.125, 0.5, 1.75, 3.5)},
		.expect_tol = 2e-06, .no_differences = true, /* jumps */
	},
	{
		.op = "ThresholdedRelu", .name = "below 0: drawn", .attrs = {{"alpha", "-2"}},
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-2)}},
		OUT_SHAPE(3, 7),
	},
	{
		.op = "Ceil", .name = "known values", .in = {
			{.shape = RT_SHAPE(11), GIVEN(-2.5, -1.5, -1.25, -0.5, -0.25, 0, 0.5,
			    0.75, 1.5, 2.5, 7)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(11),
		.expect = {VALUES(-2, -1, -1, 0, 0, 0, 1, 1, 2, 3, 7)}, .expect_tol = 2e-06,
		.no_differences = true, /* jumps */
	},
	{
		.op = "Ceil", .name = "drawn", .in = {
			{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-3, -2, -1, 0, 1, 2,
			    3)},
		}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Floor", .name = "known values", .in = {
			{.shape = RT_SHAPE(11), GIVEN(-2.5, -1.5, -1.25, -0.5, -0.25, 0, 0.5,
			    0.75, 1.5, 2.5, 7)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(11),
		.expect = {VALUES(-3, -2, -2, -1, -1, 0, 0, 0, 1, 2, 7)}, .expect_tol = 2e-06,
		.no_differences = true, /* jumps */
	},
	{
		.op = "Floor", .name = "drawn", .in = {
			{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-3, -2, -1, 0, 1, 2,
			    3)},
		}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Round", .name = "known values", .in = {
			{.shape = RT_SHAPE(11), GIVEN(-2.5, -1.5, -1.25, -0.5, -0.25, 0, 0.5,
			    0.75, 1.5, 2.5, 7)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(11),
		.expect = {VALUES(-2, -2, -1, 0, 0, 0, 0, 1, 2, 2, 7)}, .expect_tol = 2e-06,
		.no_differences = true, /* jumps */
	},
	{
		.op = "Round", .name = "drawn", .in = {
			{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(-2.5, -1.5, -0.5,
			    0.5, 1.5, 2.5)},
		}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Sign", .name = "known values", .in = {
			{.shape = RT_SHAPE(11), GIVEN(-2.5, -1.5, -1.25, -0.5, -0.25, 0, 0.5,
			    0.75, 1.5, 2.5, 7)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(11),
		.expect = {VALUES(-1, -1, -1, -1, -1, 0, 1, 1, 1, 1, 1)}, .expect_tol = 2e-06,
		.no_differences = true, /* jumps */
	},
	{
		.op = "Sign", .name = "drawn",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = -3, .hi = 3, KINKS(0)}}, OUT_SHAPE(3, 7),
	},
	{
		.op = "Sign", .name = "whole numbers",
		.in = {{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(-7, 0, 3, 127)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(4), .expect = {VALUES(-1, 0, 1, 1)},
	},
	{
		.op = "Sign", .name = "unsigned",
		.in = {{.dtype = RT_U8, .shape = RT_SHAPE(3), GIVEN(0, 3, 255)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "Sign", .name = "truth values are refused",
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), .hi = 1}},
		.fails = "input is bool; f32",
	},
};

const struct op_samples samples_function = {rows, RT_COUNT(rows)};
