/* samples_dense.c - matrix products and look-ups. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Gemm", .name = "a dense layer: transB and a bias",
		.attrs = {{"alpha", "0.5"}, {"beta", "2"}, {"transB", "1"}}, .nin = 3,
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(-2, 1, -3, 0, 3, -1)},
		       {.shape = RT_SHAPE(4, 3), GIVEN(-3, 2, -2, 3, -1, 4, 0, -4, 1, -3, 2, -2)},
		       {.shape = RT_SHAPE(4), GIVEN(-2, 1, -3, 0)}},
		.source = "onnxruntime 1.32", OUT_SHAPE(2, 4),
		.expect = {VALUES(3, -7.5, -9.5, 7, 0, -1.5, -12.5, 4)},
	},
	{
		.op = "Gemm", .name = "no bias",
		.in = {{.shape = RT_SHAPE(3, 4)}, {.shape = RT_SHAPE(4, 2)}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Gemm", .name = "plain bias", .nin = 3,
		.in = {{.shape = RT_SHAPE(3, 4)}, {.shape = RT_SHAPE(4, 2)},
		       {.shape = RT_SHAPE(2)}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Gemm", .name = "transA", .attrs = {{"transA", "1"}, {"alpha", "-1.5"}},
		.in = {{.shape = RT_SHAPE(4, 3)}, {.shape = RT_SHAPE(4, 2)}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Gemm", .name = "transA and transB, C a column",
		.attrs = {{"transA", "1"}, {"transB", "1"}, {"beta", "0.5"}}, .nin = 3,
		.in = {{.shape = RT_SHAPE(4, 3)}, {.shape = RT_SHAPE(2, 4)},
		       {.shape = RT_SHAPE(3, 1)}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Gemm", .name = "C a scalar", .nin = 3,
		.in = {{.shape = RT_SHAPE(3, 4)}, {.shape = RT_SHAPE(4, 2)}, {.shape = {0}}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Gemm", .name = "C a matrix, C a row", .nin = 3,
		.in = {{.shape = RT_SHAPE(3, 4)}, {.shape = RT_SHAPE(4, 2)},
		       {.shape = RT_SHAPE(3, 2)}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Gemm", .name = "one row, C a row", .nin = 3, .attrs = {{"transB", "1"}},
		.in = {{.shape = RT_SHAPE(1, 4)}, {.shape = RT_SHAPE(5, 4)},
		       {.shape = RT_SHAPE(1, 5)}},
		OUT_SHAPE(1, 5),
	},
	{
		.op = "Gemm", .name = "inner sizes", .attrs = {{"transB", "1"}},
		.fails = "input has 800 columns, weight wants 784 (A 1x800, B 10x784 transposed)",
		.in = {{.shape = RT_SHAPE(1, 800)}, {.shape = RT_SHAPE(10, 784)}},
	},
	{
		.op = "Gemm", .name = "C does not broadcast", .nin = 3,
		.fails = "C is 3, the product 3x2",
		.in = {{.shape = RT_SHAPE(3, 4)}, {.shape = RT_SHAPE(4, 2)},
		       {.shape = RT_SHAPE(3)}},
	},
	{
		.op = "Gemm", .name = "not a matrix",
		.fails = "A is 1x3x4 and B 4x2, two matrices are wanted",
		.in = {{.shape = RT_SHAPE(1, 3, 4)}, {.shape = RT_SHAPE(4, 2)}},
	},
	{
		.op = "MatMul", .name = "two matrices",
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
		       {.shape = RT_SHAPE(2, 3), GIVEN(1, 0, -1, 2, 1, 0)}},
		.source = "numpy.matmul", OUT_SHAPE(2, 3),
		.expect = {VALUES(5, 2, -1, 11, 4, -3)},
	},
	{
		.op = "MatMul", .name = "a batch on both sides",
		.in = {{.shape = RT_SHAPE(2, 3, 2, 4)}, {.shape = RT_SHAPE(2, 3, 4, 5)}},
		OUT_SHAPE(2, 3, 2, 5),
	},
	{
		.op = "MatMul", .name = "one weight for the batch",
		.in = {{.shape = RT_SHAPE(2, 3, 4)}, {.shape = RT_SHAPE(4, 2)}},
		OUT_SHAPE(2, 3, 2),
	},
	{
		.op = "MatMul", .name = "one left matrix for the batch",
		.in = {{.shape = RT_SHAPE(3, 4)}, {.shape = RT_SHAPE(2, 4, 2)}},
		OUT_SHAPE(2, 3, 2),
	},
	{
		.op = "MatMul", .name = "broadcast both ways",
		.in = {{.shape = RT_SHAPE(2, 1, 2, 3)}, {.shape = RT_SHAPE(3, 3, 2)}},
		OUT_SHAPE(2, 3, 2, 2),
	},
	{
		.op = "MatMul", .name = "broadcast in the middle",
		.in = {{.shape = RT_SHAPE(2, 1, 2, 2, 3)}, {.shape = RT_SHAPE(1, 3, 1, 3, 2)}},
		OUT_SHAPE(2, 3, 2, 2, 2),
	},
	{
		.op = "MatMul", .name = "vector times matrix",
		.in = {{.shape = RT_SHAPE(3), GIVEN(1, -1, 2)},
		       {.shape = RT_SHAPE(3, 2), GIVEN(1, 2, 3, 4, 5, 6)}},
		.source = "numpy.matmul", OUT_SHAPE(2),
		.expect = {VALUES(8, 10)},
	},
	{
		.op = "MatMul", .name = "batch times vector",
		.in = {{.shape = RT_SHAPE(2, 3, 4)}, {.shape = RT_SHAPE(4)}},
		OUT_SHAPE(2, 3),
	},
	{
		.op = "MatMul", .name = "vector times batch",
		.in = {{.shape = RT_SHAPE(3)}, {.shape = RT_SHAPE(2, 3, 4)}},
		OUT_SHAPE(2, 4),
	},
	{
		.op = "MatMul", .name = "two vectors",
		.in = {{.shape = RT_SHAPE(4)}, {.shape = RT_SHAPE(4)}},
		OUT_SCALAR,
	},
	{
		.op = "MatMul", .name = "inner sizes differ",
		.fails = "A is 2x3 and B 4x2: inner sizes 3 and 4 differ",
		.in = {{.shape = RT_SHAPE(2, 3)}, {.shape = RT_SHAPE(4, 2)}},
	},
	{
		.op = "MatMul", .name = "batches that do not broadcast",
		.fails = "do not broadcast",
		.in = {{.shape = RT_SHAPE(2, 2, 3)}, {.shape = RT_SHAPE(3, 3, 2)}},
	},
	{
		.op = "MatMul", .name = "a scalar", .fails = "B is a scalar, a matrix is wanted",
		.in = {{.shape = RT_SHAPE(2, 2)}, {.shape = {0}}},
	},
	{
		.op = "Gather", .name = "an embedding",
		.in = {{.shape = RT_SHAPE(4, 2), GIVEN(0, 1, 10, 11, 20, 21, 30, 31)},
		       {.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(3, 0, 1, 3)}},
		.source = "numpy.take", OUT_SHAPE(2, 2, 2),
		.expect = {VALUES(30, 31, 0, 1, 10, 11, 30, 31)},
		.purpose = RT_EXPLAIN,
		.seed = VALUES(1, 2, 3, 4, 5, 6, 7, 8),
		.expect_grad = {VALUES(3, 4, 5, 6, 0, 0, 8, 10)},
	},
	{
		.op = "Gather", .name = "inner axis, negative indices", .attrs = {{"axis", "-2"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)},
		       {.dtype = RT_I32, .shape = RT_SHAPE(4), GIVEN(-1, 0, -3, -1)}},
		OUT_SHAPE(2, 4, 4),
	},
	{
		.op = "Gather", .name = "last axis", .attrs = {{"axis", "2"}},
		.in = {{.shape = RT_SHAPE(2, 3, 4)},
		       {.dtype = RT_I32, .shape = RT_SHAPE(2, 1), GIVEN(3, 1), .known = true}},
		OUT_SHAPE(2, 3, 2, 1),
	},
	{
		.op = "Gather", .name = "a scalar index takes the axis away",
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(7, 28, 28, 3)},
		       {.dtype = RT_I64, .shape = {0}, GIVEN(-1)}},
		.source = "numpy.take", OUT_SCALAR,
		.expect = {VALUES(3)},
	},
	{
		.op = "Gather", .name = "a known index outside",
		.fails = "index number 1 is outside the 4 slices of axis 0",
		.in = {{.shape = RT_SHAPE(4, 2)},
		       {.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 4), .known = true}},
	},
	{
		.op = "Gather", .name = "no such axis", .attrs = {{"axis", "2"}},
		.fails = "axis 2 of an input with 2 dimensions (4x2)",
		.in = {{.shape = RT_SHAPE(4, 2)},
		       {.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 4)}},
	},
	{
		.op = "Gather", .name = "indices of another type",
		.fails = "indices are f32, i32 or i64 is wanted",
		.in = {{.shape = RT_SHAPE(4, 2)}, {.shape = RT_SHAPE(2)}},
	},
};

const struct op_samples samples_dense = {rows, RT_COUNT(rows)};
