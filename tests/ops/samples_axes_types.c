/* samples_axes_types.c - reductions of further types and at their edges. */
#include "config.h"

#include "tests/ops/samples.h"

#include <math.h>

static const struct op_sample rows[] = {
	{
		.op = "ReduceL2", .name = "of zeros",
		.in = {{.shape = RT_SHAPE(2), GIVEN(0, 0)}}, .source = "torch 2.13",
		.seed = VALUES(3), .expect_grad = {VALUES(0, 0)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "ReduceL1", .name = "of zeros",
		.in = {{.shape = RT_SHAPE(3), GIVEN(0, -2, 3)}}, .source = "torch 2.13",
		.seed = VALUES(3), .expect_grad = {VALUES(0, -3, 3)},
		.no_differences = true, /* a kink */
	},
	{
		.op = "ReduceLogSumExp", .name = "large numbers",
		.in = {{.shape = RT_SHAPE(3), GIVEN(1000, 1000, -1000), .no_grad = true}},
		.source = "1000 + ln 2", OUT_SHAPE(1), .expect = {VALUES(1000.69314718)},
		.expect_tol = 1e-07, .no_differences = true, /* f32 is too coarse */
	},
	{
		.op = "ReduceLogSumExp", .name = "infinite",
		.in = {{.shape = RT_SHAPE(2), GIVEN(-INFINITY, -INFINITY), .no_grad = true}},
		.source = "numpy.logaddexp", OUT_SHAPE(1), .expect = {VALUES(-INFINITY)},
		.no_differences = true, /* infinite */
	},
	{
		.op = "ReduceProd", .name = "one 0",
		.in = {{.shape = RT_SHAPE(3), GIVEN(2, 0, 5)}}, .source = "torch 2.13",
		.seed = VALUES(1), .expect_grad = {VALUES(0, 10, 0)},
	},
	{
		.op = "ReduceProd", .name = "two 0",
		.in = {{.shape = RT_SHAPE(3), GIVEN(0, 0, 5)}}, .source = "torch 2.13",
		.seed = VALUES(1), .expect_grad = {VALUES(0, 0, 0)},
	},
	{
		.op = "ReduceMax", .name = "equal elements share", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 3, 3, 1, 2, 1)}},
		.source = "torch.amax", .seed = VALUES(2, 4),
		.expect_grad = {VALUES(0, 1, 1, 0, 4, 0)}, .no_differences = true, /* a kink */
	},
	{
		.op = "ReduceMax", .name = "i8", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I8, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(100, 9)},
	},
	{
		.op = "ReduceMax", .name = "u8", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_U8, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(100, 9)},
	},
	{
		.op = "ReduceMax", .name = "i32", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(100, 9)},
	},
	{
		.op = "ReduceMax", .name = "i64", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(100, 9)},
	},
	{
		.op = "ReduceMax", .name = "u64", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_U64, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 1),
		.expect = {VALUES(100, 9)},
	},
	{
		.op = "ReduceMax", .name = "bool", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(3, 2), GIVEN(0, 1, 0, 0, 1, 1)}},
		.source = "by hand", OUT_SHAPE(3, 1), .expect = {VALUES(1, 0, 1)},
	},
	{
		.op = "ReduceMax", .name = "NaN wins", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(1, 3), GIVEN(1, NAN, 3), .no_grad = true}},
		.source = "numpy", OUT_SHAPE(1, 1), .expect = {VALUES(NAN)},
		.no_differences = true, /* NaN */
	},
	{
		.op = "ReduceMax", .name = "nothing", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 0)}}, .source = "the definition at opset 20",
		OUT_SHAPE(2, 1), .expect = {VALUES(-INFINITY, -INFINITY)},
	},
	{
		.op = "ReduceMax", .name = "nothing of i8", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I8, .shape = RT_SHAPE(1, 0)}},
		.source = "the definition at opset 20", OUT_SHAPE(1, 1), .expect = {VALUES(-128)},
	},
	{
		.op = "ReduceMin", .name = "equal elements share", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 3, 3, 1, 2, 1)}},
		.source = "torch.amin", .seed = VALUES(2, 4),
		.expect_grad = {VALUES(2, 0, 0, 2, 0, 2)}, .no_differences = true, /* a kink */
	},
	{
		.op = "ReduceMin", .name = "i8", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I8, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(3, 2)},
	},
	{
		.op = "ReduceMin", .name = "u8", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_U8, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(3, 2)},
	},
	{
		.op = "ReduceMin", .name = "i32", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(3, 2)},
	},
	{
		.op = "ReduceMin", .name = "i64", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(3, 2)},
	},
	{
		.op = "ReduceMin", .name = "u64", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_U64, .shape = RT_SHAPE(2, 3), GIVEN(3, 100, 7, 5, 2, 9)}},
		.source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 1),
		.expect = {VALUES(3, 2)},
	},
	{
		.op = "ReduceMin", .name = "bool", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(3, 2), GIVEN(0, 1, 0, 0, 1, 1)}},
		.source = "by hand", OUT_SHAPE(3, 1), .expect = {VALUES(0, 0, 1)},
	},
	{
		.op = "ReduceMin", .name = "NaN wins", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(1, 3), GIVEN(1, NAN, 3), .no_grad = true}},
		.source = "numpy", OUT_SHAPE(1, 1), .expect = {VALUES(NAN)},
		.no_differences = true, /* NaN */
	},
	{
		.op = "ReduceMin", .name = "nothing", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 0)}}, .source = "the definition at opset 20",
		OUT_SHAPE(2, 1), .expect = {VALUES(INFINITY, INFINITY)},
	},
	{
		.op = "ReduceMin", .name = "nothing of u8", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_U8, .shape = RT_SHAPE(1, 0)}},
		.source = "the definition at opset 20", OUT_SHAPE(1, 1), .expect = {VALUES(255)},
	},
	{
		.op = "ReduceMin", .name = "nothing of truth", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(1, 0)}},
		.source = "the definition at opset 20", OUT_SHAPE(1, 1), .expect = {VALUES(1)},
	},
	{
		.op = "ReduceL1", .name = "i32", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 3), GIVEN(3, -4, 7, 5, 2, -9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(14, 16)},
	},
	{
		.op = "ReduceL1", .name = "u64", .attrs = {{"axes", "0"}},
		.in = {{.dtype = RT_U64, .shape = RT_SHAPE(2, 2), GIVEN(3, 4, 5, 8589934592)}},
		.source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2),
		.expect = {VALUES(8, 8589934596)},
	},
	{
		.op = "ReduceProd", .name = "i32", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 3), GIVEN(3, -4, 7, 5, 2, -9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(-84, -90)},
	},
	{
		.op = "ReduceProd", .name = "u64", .attrs = {{"axes", "0"}},
		.in = {{.dtype = RT_U64, .shape = RT_SHAPE(2, 2), GIVEN(3, 4, 5, 8589934592)}},
		.source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2),
		.expect = {VALUES(15, 34359738368)},
	},
	{
		.op = "ReduceSumSquare", .name = "i32", .attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 3), GIVEN(3, -4, 7, 5, 2, -9)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(74, 110)},
	},
	{
		.op = "ReduceSumSquare", .name = "u64", .attrs = {{"axes", "0"}},
		.in = {{.dtype = RT_U64, .shape = RT_SHAPE(2, 2), GIVEN(3, 4, 5, 8589934592)}},
		.source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2),
		.expect = {VALUES(34, 16)},
	},
	{
		.op = "ReduceL2", .name = "i32 is cut to a whole number",
		.attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 2), GIVEN(3, -4, 5, 2)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1), .expect = {VALUES(5, 5)},
	},
	{
		.op = "ReduceMean", .name = "i32 is cut to a whole number",
		.attrs = {{"axes", "1"}},
		.in = {{.dtype = RT_I32, .shape = RT_SHAPE(2, 2), GIVEN(3, 4, -3, -4)}},
		.source = "by hand", OUT_SHAPE(2, 1), .expect = {VALUES(3, -3)},
	},
	{
		.op = "ReduceMean", .name = "u64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_U64, .shape = RT_SHAPE(1, 2), GIVEN(3,
			    9.00719925474099e+15)},
		}, .source = "by hand", OUT_SHAPE(1, 1),
		.expect = {VALUES(4.5035996273705e+15)},
	},
	{
		.op = "ReduceMean", .name = "f64", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1, 3),
		.expect = {VALUES(-0.5, 1.3125, -0.1875, 2.625, 0, -0.25)}, .expect_tol = 1e-14,
	},
	{
		.op = "ReduceMean", .name = "bf16", .attrs = {{"axes", "1"}}, .in = {
			{.dtype = RT_BF16, .shape = RT_SHAPE(1, 3), GIVEN(1, 2.5, 4),
			    .no_grad = true},
		}, .source = "by hand", OUT_SHAPE(1, 1), .expect = {VALUES(2.5)},
	},
	{
		.op = "ReduceSum", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(3, -4, 5,
			    1099511627776)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1),
		.expect = {VALUES(-1, 1099511627781)},
	},
	{
		.op = "ReduceSum", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2, 2, 3), GIVEN(-1.25, 1, 0.75,
			    0.25, 1.625, -1.125, 2, -0.5, 1.5, 3.25, 0.5, -2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(0, 2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 1),
		.expect = {VALUES(3.5, 2.5)}, .expect_tol = 1e-14,
	},
	{
		.op = "ReduceSum", .name = "u8 wraps around", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(1, 2), GIVEN(200, 100)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, .source = "by hand", OUT_SHAPE(1, 1), .expect = {VALUES(44)},
	},
	{
		.op = "ReduceL1", .name = "no such axis", .attrs = {{"axes", "2"}},
		.in = {{.shape = RT_SHAPE(2, 3)}}, .fails = "axis 2 of 2 dimensions",
	},
	{
		.op = "ReduceProd", .name = "truth values are refused",
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(2)}}, .fails = "input is bool",
	},
	{
		.op = "ReduceSumSquare", .name = "nothing", .attrs = {{"axes", "1"}},
		.in = {{.shape = RT_SHAPE(2, 0)}}, .source = "an empty sum", OUT_SHAPE(2, 1),
		.expect = {VALUES(0, 0)},
	},
	{
		.op = "ReduceProd", .name = "nothing",
		.attrs = {{"axes", "1"}, {"keepdims", "no"}}, .in = {{.shape = RT_SHAPE(2, 0)}},
		.source = "an empty product", OUT_SHAPE(2), .expect = {VALUES(1, 1)},
	},
};

const struct op_samples samples_axes_types = {rows, RT_COUNT(rows)};
