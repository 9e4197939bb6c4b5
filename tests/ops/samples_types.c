/* samples_types.c - functions of one number for other types than f32. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "Sin", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "numpy", OUT_SHAPE(8),
		.expect = {VALUES(0.756802495307928, -0.778073196887921, -0.902267594099095,
		    -0.247403959254523, 0.124674733385228, 0.479425538604203, 0.983985946873937,
		    -0.35078322768962)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Exp", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "numpy", OUT_SHAPE(8),
		.expect = {VALUES(0.0183156388887342, 0.105399224561864, 0.32465246735835,
		    0.778800783071405, 1.13314845306683, 1.64872127070013, 5.75460267600573,
		    33.1154519586923)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Tanh", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "numpy", OUT_SHAPE(8),
		.expect = {VALUES(-0.999329299739067, -0.978026114738814, -0.809301070201781,
		    -0.244918662403709, 0.124353001771596, 0.46211715726001, 0.941375538497287,
		    0.998177897611199)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Sqrt", .name = "f64",
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(4), GIVEN(0, 0.25, 2, 9)}},
		.source = "numpy", OUT_SHAPE(4), .expect = {VALUES(0, 0.5, 1.4142135623731, 3)},
		.expect_tol = 1e-14, .no_differences = true, /* steep at 0 */
	},
	{
		.op = "Erf", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "torch 2.13", OUT_SHAPE(8),
		.expect = {VALUES(-0.999999984582742, -0.998537283413319, -0.888388231701708,
		    -0.276326390168237, 0.140316204801334, 0.520499877813047, 0.986671671219182,
		    0.999999256901628)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Log", .name = "f64",
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(0.25, 1, 8)}},
		.source = "numpy", OUT_SHAPE(3),
		.expect = {VALUES(-1.38629436111989, 0, 2.07944154167984)}, .expect_tol = 1e-14,
		.no_differences = true, /* steep at 0 */
	},
	{
		.op = "Sigmoid", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "numpy", OUT_SHAPE(8),
		.expect = {VALUES(0.0179862099620916, 0.0953494648991095, 0.245085013132372,
		    0.437823499114202, 0.531209373373756, 0.622459331201855, 0.851952801968311,
		    0.970687769248644)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Floor", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(11), GIVEN(-2.5, -1.5, -1.25, -0.5,
			    -0.25, 0, 0.5, 0.75, 1.5, 2.5, 7)},
		}, .source = "numpy", OUT_SHAPE(11),
		.expect = {VALUES(-3, -2, -2, -1, -1, 0, 0, 0, 1, 2, 7)}, .expect_tol = 1e-14,
		.no_differences = true, /* jumps */
	},
	{
		.op = "Softplus", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "numpy", OUT_SHAPE(8),
		.expect = {VALUES(0.0181499279178097, 0.100206558916747, 0.281150136248315,
		    0.575939419878844, 0.757599035317169, 0.974076984180107, 1.91022415043809,
		    3.52975041827262)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Reciprocal", .name = "f64",
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(4), GIVEN(-4, -0.5, 0.125, 3)}},
		.source = "numpy", OUT_SHAPE(4),
		.expect = {VALUES(-0.25, -2, 8, 0.333333333333333)}, .expect_tol = 1e-14,
		.no_differences = true, /* steep at 0 */
	},
	{
		.op = "Elu", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "torch 2.13", OUT_SHAPE(8),
		.expect = {VALUES(-0.981684361111266, -0.894600775438136, -0.67534753264165,
		    -0.221199216928595, 0.125, 0.5, 1.75, 3.5)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Mish", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "torch 2.13", OUT_SHAPE(8),
		.expect = {VALUES(-0.0725917407920253, -0.224713119222966, -0.308215376351246,
		    -0.129926963679141, 0.0799575708473598, 0.375245211304895, 1.6749324241318,
		    3.49399071511752)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Gelu", .name = "f64", .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5)},
		}, .source = "torch 2.13", OUT_SHAPE(8),
		.expect = {VALUES(-0.00012668496733248, -0.0275050634738505, -0.14658133177891,
		    -0.100323418579269, 0.0687172781037641, 0.345731230637007, 1.67989647548832,
		    3.49918579822338)},
		.expect_tol = 1e-14,
	},
	{
		.op = "Exp", .name = "f16", .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5), .no_grad = true},
		}, .source = "numpy in f64, rounded", OUT_SHAPE(8),
		.expect = {VALUES(0.0183105469, 0.105407715, 0.324707031, 0.778808594,
		    1.1328125, 1.6484375, 5.75390625, 33.125)},
	},
	{
		.op = "Tanh", .name = "f16", .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5), .no_grad = true},
		}, .source = "numpy in f64, rounded", OUT_SHAPE(8),
		.expect = {VALUES(-0.999511719, -0.978027344, -0.809082031, -0.244873047,
		    0.124328613, 0.462158203, 0.94140625, 0.998046875)},
	},
	{
		.op = "Softplus", .name = "f16", .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5), .no_grad = true},
		}, .source = "numpy in f64, rounded", OUT_SHAPE(8),
		.expect = {VALUES(0.0181427002, 0.100219727, 0.28125, 0.576171875, 0.7578125,
		    0.974121094, 1.91015625, 3.52929688)},
	},
	{
		.op = "Exp", .name = "bf16", .in = {
			{.dtype = RT_BF16, .shape = RT_SHAPE(8), GIVEN(-4, -2.25, -1.125, -0.25,
			    0.125, 0.5, 1.75, 3.5), .no_grad = true},
		}, .source = "numpy in f64, rounded", OUT_SHAPE(8),
		.expect = {VALUES(0.0183105469, 0.10546875, 0.32421875, 0.77734375, 1.1328125,
		    1.6484375, 5.75, 33)},
	},
	{
		.op = "Exp", .name = "gradient of f16",
		.in = {{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0, 1, -1)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1, 2.71875, 0.367919922)}, .seed = VALUES(1, 2, -3),
		.expect_grad = {VALUES(1, 5.4375, -1.10375977)},
		.no_differences = true, /* f16 is too coarse */
	},
	{
		.op = "Sin", .name = "whole numbers are refused",
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2)}},
		.fails = "input is i32; f32, f64, f16 or bf16 is wanted",
	},
	{
		.op = "Abs", .name = "i8",
		.in = {{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(-128, -5, 0, 127)}},
		.source = "numpy", OUT_SHAPE(4), .expect = {VALUES(-128, 5, 0, 127)},
	},
	{
		.op = "Abs", .name = "i64",
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(-5, 0, 1099511627776)}},
		.source = "numpy", OUT_SHAPE(3), .expect = {VALUES(5, 0, 1099511627776)},
	},
	{
		.op = "Abs", .name = "u8",
		.in = {{.dtype = RT_U8, .shape = RT_SHAPE(2), GIVEN(0, 200)}},
		.source = "numpy", OUT_SHAPE(2), .expect = {VALUES(0, 200)},
	},
	{
		.op = "Relu", .name = "i32",
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(3), GIVEN(-5, 0, 7)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 0, 7)},
	},
	{
		.op = "Relu", .name = "f64",
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(-5, 0.1, 7)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(0, 0.1, 7)},
	},
	{
		.op = "Neg", .name = "i8",
		.in = {{.dtype = RT_I8, .shape = RT_SHAPE(4), GIVEN(-128, -5, 0, 127)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(-128, 5, 0, -127)},
	},
	{
		.op = "Neg", .name = "f64",
		.in = {{.dtype = RT_F64, .shape = RT_SHAPE(3), GIVEN(-5, 0.1, 7)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(5, -0.1, -7)},
	},
	{
		.op = "Clip", .name = "i8", .nin = 3, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(5), GIVEN(-100, -3, 0, 5, 100)},
			{.dtype = RT_I8, GIVEN(-4)},
			{.dtype = RT_I8, GIVEN(6)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(-4, -3, 0, 5, 6)},
	},
	{
		.op = "Clip", .name = "i8 without a lower bound", .nin = 3, .in = {
			{.dtype = RT_I8, .shape = RT_SHAPE(5), GIVEN(-100, -3, 0, 5, 100)},
			{.absent = true},
			{.dtype = RT_I8, GIVEN(6)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(-100, -3, 0, 5, 6)},
	},
	{
		.op = "Clip", .name = "u64", .nin = 3, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(3), GIVEN(0, 7,
			    9.00719925474099e+15)},
			{.dtype = RT_U64, GIVEN(3)},
			{.dtype = RT_U64, GIVEN(1099511627776)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(3, 7, 1099511627776)},
	},
	{
		.op = "Clip", .name = "f64", .nin = 3, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(4), GIVEN(-1, 0.1, 2, 9)},
			{.dtype = RT_F64, GIVEN(0.25), .no_grad = true},
			{.dtype = RT_F64, GIVEN(3), .no_grad = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(0.25, 0.25, 2, 3)},
	},
	{
		.op = "Clip", .name = "a bound of another type", .nin = 2,
		.in = {{.shape = RT_SHAPE(4)}, {.dtype = RT_F64, GIVEN(1)}},
		.fails = "the inputs are f32 and f64",
	},
	{
		.op = "Cast", .name = "f64 to f16", .attrs = {{"to", "10"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(7), GIVEN(0.1, -3.14159, 65519,
			    65520, 1e-08, 2.98023223906755e-08, 1.00048828218132)},
		}, .source = "numpy", OUT_SHAPE(7),
		.expect = {VALUES(0.0999755859, -3.140625, 65504, INFINITY, 0, 5.96046448e-08,
		    1.00097656)},
		.no_differences = true, /* rounded */
	},
	{
		.op = "Cast", .name = "f32 to bf16", .attrs = {{"to", "16"}}, .in = {
			{.shape = RT_SHAPE(4), GIVEN(0.100000001, -3.14159012, 1.00390625,
			    3.29999997e+38)},
		}, .source = "numpy", OUT_SHAPE(4),
		.expect = {VALUES(0.100097656, -3.140625, 1, 3.29648543e+38)},
		.no_differences = true, /* rounded */
	},
	{
		.op = "Cast", .name = "f32 to i8", .attrs = {{"to", "3"}},
		.in = {{.shape = RT_SHAPE(4), GIVEN(-3.70000005, 2.9000001, 100, 0)}},
		.source = "numpy", OUT_SHAPE(4), .expect = {VALUES(-3, 2, 100, 0)},
	},
	{
		.op = "Cast", .name = "f32 to bool", .attrs = {{"to", "9"}},
		.in = {{.shape = RT_SHAPE(3), GIVEN(0, -0.5, 2)}}, .source = "numpy",
		OUT_SHAPE(3), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "Cast", .name = "i16 to i8", .attrs = {{"to", "3"}},
		.in = {{.dtype = RT_I16, .shape = RT_SHAPE(3), GIVEN(200, -300, 7)}},
		.source = "numpy", OUT_SHAPE(3), .expect = {VALUES(-56, -44, 7)},
	},
	{
		.op = "Cast", .name = "i32 to u8", .attrs = {{"to", "2"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(3), GIVEN(-1, 256, 77)}},
		.source = "numpy", OUT_SHAPE(3), .expect = {VALUES(255, 0, 77)},
	},
	{
		.op = "Cast", .name = "bool to f32", .attrs = {{"to", "1"}},
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(3), GIVEN(0, 1, 1)}},
		.source = "numpy", OUT_SHAPE(3), .expect = {VALUES(0, 1, 1)},
	},
	{
		.op = "Cast", .name = "u8 to bool", .attrs = {{"to", "9"}},
		.in = {{.dtype = RT_U8, .shape = RT_SHAPE(2), GIVEN(0, 3)}}, .source = "numpy",
		OUT_SHAPE(2), .expect = {VALUES(0, 1)},
	},
	{
		.op = "Cast", .name = "i64 to f64", .attrs = {{"to", "11"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(-5, 1099511627776)}},
		.source = "numpy", OUT_SHAPE(2), .expect = {VALUES(-5, 1099511627776)},
	},
	{
		.op = "Cast", .name = "f16 to f64", .attrs = {{"to", "11"}},
		.in = {{.dtype = RT_F16, .shape = RT_SHAPE(3), GIVEN(0.0999755859, -2, 60000)}},
		.source = "numpy", OUT_SHAPE(3), .expect = {VALUES(0.0999755859375, -2, 60000)},
		.no_differences = true, /* rounded */
	},
	{
		.op = "Cast", .name = "bf16 to f32", .attrs = {{"to", "1"}}, .in = {
			{.dtype = RT_BF16, .shape = RT_SHAPE(3), GIVEN(0.100097656, -2,
			    1.00025555e+30)},
		}, .source = "numpy", OUT_SHAPE(3),
		.expect = {VALUES(0.100097656, -2, 1.00025555e+30)},
		.no_differences = true, /* rounded */
	},
	{
		.op = "Cast", .name = "i8 to u64", .attrs = {{"to", "13"}},
		.in = {{.dtype = RT_I8, .shape = RT_SHAPE(2), GIVEN(-1, 5)}}, .source = "numpy",
		OUT_SHAPE(2), .expect = {VALUES(1.84467440737096e+19, 5)},
	},
	{
		.op = "Cast", .name = "f32 to i32 out of range", .attrs = {{"to", "6"}}, .in = {
			{.shape = RT_SHAPE(3), GIVEN(3000000000, -3000000000, 7.5),
			    .no_grad = true},
		}, .source = "saturation, which ONNX leaves open", OUT_SHAPE(3),
		.expect = {VALUES(2147483647, -2147483648, 7)},
	},
	{
		.op = "Cast", .name = "gradient through f64", .attrs = {{"to", "11"}},
		.in = {{.shape = RT_SHAPE(3, 4)}}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Cast", .name = "no such type", .attrs = {{"to", "8"}},
		.in = {{.shape = RT_SHAPE(2)}}, .fails = "element type 8",
	},
	{
		.op = "CastLike", .name = "f32 to f16", .nin = 2, .in = {
			{.shape = RT_SHAPE(3), GIVEN(0.100000001, -3.29999995, 7)},
			{.dtype = RT_F16, .shape = RT_SHAPE(1), GIVEN(0), .no_grad = true},
		}, .source = "numpy", OUT_SHAPE(3),
		.expect = {VALUES(0.0999755859, -3.30078125, 7)},
		.no_differences = true, /* rounded */
	},
	{
		.op = "CastLike", .name = "i32 to f64", .nin = 2, .in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(2), GIVEN(-5, 9)},
			{.dtype = RT_F64, .shape = RT_SHAPE(1, 1), GIVEN(1), .no_grad = true},
		}, .source = "numpy", OUT_SHAPE(2), .expect = {VALUES(-5, 9)},
	},
	{
		.op = "CastLike", .name = "gradient", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_F64, .shape = RT_SHAPE(1), .no_grad = true},
		}, OUT_SHAPE(2, 3),
	},
};

const struct op_samples samples_types = {rows, RT_COUNT(rows)};
