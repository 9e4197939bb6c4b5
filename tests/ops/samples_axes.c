/* samples_axes.c - reductions over axes other than sums and means, and ArgMax. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "ReduceL1", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1), .expect = {VALUES(15.75)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceL1", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1.5, 2.625, 1.875, 5.25, 1, 3.5)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceL1", .name = "first and last", .attrs = {{"axes", "0 -1"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(7, 8.75)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceL1", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), KINKS(0)}}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceL1", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), KINKS(0)}}, OUT_SHAPE(3),
	},
	{
		.op = "ReduceL1", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), KINKS(0)}}, OUT_SHAPE(2, 1), .eps = 0.001,
		.tol = 0.02,
	},
	{
		.op = "ReduceL1", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(1.5, 2.625, 1.875, 5.25, 1, 3.5)}, .expect_tol = 1e-13,
	},
	{
		.op = "ReduceL1", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(3, 3, 4, 5.75)}, .expect_tol = 0.002,
	},
	{
		.op = "ReduceL1", .name = "a scalar", .in = {{GIVEN(2.5)}}, .source = "by hand",
		OUT_SCALAR, .expect = {VALUES(2.5)},
	},
	{
		.op = "ReduceL2", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1),
		.expect = {VALUES(5.32975149)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceL2", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1.27475488, 1.90804219, 1.35208178, 3.81608438, 0.707106769,
		    2.5)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceL2", .name = "first and last", .attrs = {{"axes", "0 -1"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(3.10241842, 4.33373404)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceL2", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), .draw = DRAW_SPREAD}}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceL2", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(3),
	},
	{
		.op = "ReduceL2", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), .draw = DRAW_SPREAD}}, OUT_SHAPE(2, 1),
		.eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ReduceL2", .name = "wide columns", .attrs = {{"axes", "0"}},
		.in = {{.shape = RT_SHAPE(3, 130), .draw = DRAW_SPREAD}}, OUT_SHAPE(1, 130),
	},
	{
		.op = "ReduceL2", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(1.2747548783982, 1.90804219030922, 1.352081728299,
		    3.81608438061844, 0.707106781186548, 2.5)},
		.expect_tol = 1e-13,
	},
	{
		.op = "ReduceL2", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(1.76757812, 1.9921875, 2.54882812, 3.84960938)},
		.expect_tol = 0.002,
	},
	{
		.op = "ReduceL2", .name = "a scalar", .in = {{GIVEN(2.5)}}, .source = "by hand",
		OUT_SCALAR, .expect = {VALUES(2.5)},
	},
	{
		.op = "ReduceLogSum", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(1.25, 1, 0.75, 0.25, 1.625, 1.125, 2,
			    0.5, 1.5, 3.25, 0.5, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1),
		.expect = {VALUES(2.75684047)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceLogSum", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(1.25, 1, 0.75, 0.25, 1.625, 1.125, 2,
			    0.5, 1.5, 3.25, 0.5, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0.405465096, 0.965080917, 0.628608644, 1.65822804, 0,
		    1.25276291)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceLogSum", .name = "first and last", .attrs = {{"axes", "0 -1"}},
		.in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(1.25, 1, 0.75, 0.25, 1.625, 1.125, 2,
			    0.5, 1.5, 3.25, 0.5, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(1.9459101, 2.16905379)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceLogSum", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), .lo = 0.5, .hi = 2}}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceLogSum", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), .lo = 0.5, .hi = 2}}, OUT_SHAPE(3),
	},
	{
		.op = "ReduceLogSum", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), .lo = 0.5, .hi = 2}}, OUT_SHAPE(2, 1),
		.eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ReduceLogSum", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(1.25, 1, 0.75, 0.25,
			    1.625, 1.125, 2, 0.5, 1.5, 3.25, 0.5, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(0.405465108108164, 0.965080896043587, 0.628608659422374,
		    1.65822807660353, 0, 1.25276296849537)},
		.expect_tol = 1e-13,
	},
	{
		.op = "ReduceLogSum", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(1.25, 1, 0.75, 0.25,
			    1.625, 1.125, 2, 0.5, 1.5, 3.25, 0.5, 2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(1.09863281, 1.09863281, 1.38671875, 1.74902344)},
		.expect_tol = 0.002,
	},
	{
		.op = "ReduceLogSum", .name = "a scalar", .in = {{GIVEN(2.5)}},
		.source = "by hand", OUT_SCALAR, .expect = {VALUES(0.916290731874155)},
	},
	{
		.op = "ReduceLogSumExp", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1),
		.expect = {VALUES(3.94855857)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceLogSumExp", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0.451413333, 2.05370069, 0.892675102, 3.50192904, 0.813261628,
		    1.52975047)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceLogSumExp", .name = "first and last", .attrs = {{"axes", "0 -1"}},
		.in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(2.86784554, 3.53402209)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceLogSumExp", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), .draw = DRAW_SPREAD}}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceLogSumExp", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(3),
	},
	{
		.op = "ReduceLogSumExp", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), .draw = DRAW_SPREAD}}, OUT_SHAPE(2, 1),
		.eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ReduceLogSumExp", .name = "wide columns", .attrs = {{"axes", "0"}},
		.in = {{.shape = RT_SHAPE(3, 130), .draw = DRAW_SPREAD}}, OUT_SHAPE(1, 130),
	},
	{
		.op = "ReduceLogSumExp", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(0.451413277982752, 2.05370067827652, 0.892675057605602,
		    3.50192908134537, 0.813261687518223, 1.52975041827262)},
		.expect_tol = 1e-13,
	},
	{
		.op = "ReduceLogSumExp", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(1.6328125, 1.90039062, 2.5234375, 3.31640625)},
		.expect_tol = 0.002,
	},
	{
		.op = "ReduceLogSumExp", .name = "a scalar", .in = {{GIVEN(2.5)}},
		.source = "by hand", OUT_SCALAR, .expect = {VALUES(2.5)},
	},
	{
		.op = "ReduceMax", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1), .expect = {VALUES(3.25)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceMax", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0.25, 1.625, 0.75, 3.25, 0.5, 1.5)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceMax", .name = "first and last", .attrs = {{"axes", "0 -1"}},
		.in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(2, 3.25)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceMax", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), .draw = DRAW_SPREAD}}, OUT_SHAPE(3, 1, 5),
		.eps = 0.001,
	},
	{
		.op = "ReduceMax", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(3),
		.eps = 0.001,
	},
	{
		.op = "ReduceMax", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), .draw = DRAW_SPREAD}}, OUT_SHAPE(2, 1),
		.eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ReduceMax", .name = "wide columns", .attrs = {{"axes", "0"}},
		.in = {{.shape = RT_SHAPE(3, 130), .draw = DRAW_SPREAD}}, OUT_SHAPE(1, 130),
		.eps = 0.001,
	},
	{
		.op = "ReduceMax", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(0.25, 1.625, 0.75, 3.25, 0.5, 1.5)}, .expect_tol = 1e-13,
	},
	{
		.op = "ReduceMax", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(1, 1.625, 2, 3.25)}, .expect_tol = 0.002,
	},
	{
		.op = "ReduceMax", .name = "a scalar", .in = {{GIVEN(2.5)}},
		.source = "by hand", OUT_SCALAR, .expect = {VALUES(2.5)},
	},
	{
		.op = "ReduceMin", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1), .expect = {VALUES(-2)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceMin", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-1.25, 1, -1.125, 2, -0.5, -2)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceMin", .name = "first and last", .attrs = {{"axes", "0 -1"}},
		.in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(-1.25, -2)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceMin", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), .draw = DRAW_SPREAD}}, OUT_SHAPE(3, 1, 5),
		.eps = 0.001,
	},
	{
		.op = "ReduceMin", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(3),
		.eps = 0.001,
	},
	{
		.op = "ReduceMin", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), .draw = DRAW_SPREAD}}, OUT_SHAPE(2, 1),
		.eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ReduceMin", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(-1.25, 1, -1.125, 2, -0.5, -2)}, .expect_tol = 1e-13,
	},
	{
		.op = "ReduceMin", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(-1.25, -1.125, -0.5, -2)}, .expect_tol = 0.002,
	},
	{
		.op = "ReduceMin", .name = "a scalar", .in = {{GIVEN(2.5)}},
		.source = "by hand", OUT_SCALAR, .expect = {VALUES(2.5)},
	},
	{
		.op = "ReduceProd", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1),
		.expect = {VALUES(2.08877563)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceProd", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-0.3125, 1.625, -0.84375, 6.5, -0.25, -3)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceProd", .name = "first and last", .attrs = {{"axes", "0 -1"}},
		.in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(1.40625, 1.48535156)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceProd", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), .lo = 0.5, .hi = 2}}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceProd", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), .lo = 0.5, .hi = 2}}, OUT_SHAPE(3),
		.tol = 0.005,
	},
	{
		.op = "ReduceProd", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), .lo = 0.95, .hi = 1.06}}, OUT_SHAPE(2, 1),
		.eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ReduceProd", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(-0.3125, 1.625, -0.84375, 6.5, -0.25, -3)},
		.expect_tol = 1e-13,
	},
	{
		.op = "ReduceProd", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(-0.9375, -0.45703125, -1.5, -3.25)}, .expect_tol = 0.002,
	},
	{
		.op = "ReduceProd", .name = "a scalar", .in = {{GIVEN(2.5)}},
		.source = "by hand", OUT_SCALAR, .expect = {VALUES(2.5)},
	},
	{
		.op = "ReduceSumSquare", .name = "all", .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 1, 1),
		.expect = {VALUES(28.40625)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceSumSquare", .name = "the middle axis, dropped",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1.625, 3.640625, 1.828125, 14.5625, 0.5, 6.25)},
		.expect_tol = 2e-06,
	},
	{
		.op = "ReduceSumSquare", .name = "first and last", .attrs = {{"axes", "0 -1"}},
		.in = {
			{.shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75, 0.25, 1.625, -1.125,
			    2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(9.625, 18.78125)}, .expect_tol = 2e-06,
	},
	{
		.op = "ReduceSumSquare", .name = "drawn, one axis", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(3, 4, 5), .draw = DRAW_SPREAD}}, OUT_SHAPE(3, 1, 5),
	},
	{
		.op = "ReduceSumSquare", .name = "drawn, two axes",
		.attrs = {{"axes", "0 2"}, {"keepdims", "no"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4), .draw = DRAW_SPREAD}}, OUT_SHAPE(3),
	},
	{
		.op = "ReduceSumSquare", .name = "a long row", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 150), .draw = DRAW_SPREAD}}, OUT_SHAPE(2, 1),
		.eps = 0.001, .tol = 0.02,
	},
	{
		.op = "ReduceSumSquare", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(1.625, 3.640625, 1.828125, 14.5625, 0.5, 6.25)},
		.expect_tol = 1e-13,
	},
	{
		.op = "ReduceSumSquare", .name = "f16", .attrs = {{"axes", "2"}}, .in = {
			{.dtype = RT_F16, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2), .no_grad = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2, 1),
		.expect = {VALUES(3.125, 3.96875, 6.5, 14.8125)}, .expect_tol = 0.002,
	},
	{
		.op = "ReduceSumSquare", .name = "a scalar", .in = {{GIVEN(2.5)}},
		.source = "by hand", OUT_SCALAR, .expect = {VALUES(6.25)},
	},
};

const struct op_samples samples_axes = {rows, RT_COUNT(rows)};
