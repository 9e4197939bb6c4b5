/* samples_turn.c - elements moved within an array. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "DepthToSpace", .name = "block before channel",
		.attrs = {{"blocksize", "2"}}, .in = {
			{.shape = RT_SHAPE(1, 8, 1, 3), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
			    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 2, 6),
		.expect = {VALUES(0, 6, 1, 7, 2, 8, 12, 18, 13, 19, 14, 20, 3, 9, 4, 10, 5, 11,
		    15, 21, 16, 22, 17, 23)},
	},
	{
		.op = "DepthToSpace", .name = "channel before block",
		.attrs = {{"blocksize", "2"}, {"mode", "CRD"}}, .in = {
			{.shape = RT_SHAPE(1, 8, 1, 3), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
			    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 2, 2, 6),
		.expect = {VALUES(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, 12, 15, 13, 16, 14, 17,
		    18, 21, 19, 22, 20, 23)},
	},
	{
		.op = "DepthToSpace", .name = "drawn", .attrs = {{"blocksize", "3"}},
		.in = {{.shape = RT_SHAPE(2, 9, 2, 1)}}, OUT_SHAPE(2, 1, 6, 3),
	},
	{
		.op = "DepthToSpace", .name = "CRD drawn",
		.attrs = {{"blocksize", "2"}, {"mode", "CRD"}},
		.in = {{.shape = RT_SHAPE(2, 8, 1, 2)}}, OUT_SHAPE(2, 2, 2, 4),
	},
	{
		.op = "DepthToSpace", .name = "u8", .attrs = {{"blocksize", "2"}}, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(1, 8, 1, 3), GIVEN(0, 1, 2, 3, 4, 5,
			    6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
			    23)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(1, 2, 2, 6),
		.expect = {VALUES(0, 6, 1, 7, 2, 8, 12, 18, 13, 19, 14, 20, 3, 9, 4, 10, 5, 11,
		    15, 21, 16, 22, 17, 23)},
	},
	{
		.op = "DepthToSpace", .name = "channels do not divide",
		.attrs = {{"blocksize", "2"}}, .in = {{.shape = RT_SHAPE(1, 6, 2, 2)}},
		.fails = "6 channels are no multiple of the 4",
	},
	{
		.op = "DepthToSpace", .name = "three dimensions", .attrs = {{"blocksize", "2"}},
		.in = {{.shape = RT_SHAPE(1, 4, 2)}}, .fails = "4 dimensions are wanted",
	},
	{
		.op = "SpaceToDepth", .name = "known", .attrs = {{"blocksize", "2"}}, .in = {
			{.shape = RT_SHAPE(1, 2, 2, 4), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
			    11, 12, 13, 14, 15)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 8, 1, 2),
		.expect = {VALUES(0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15)},
	},
	{
		.op = "SpaceToDepth", .name = "drawn", .attrs = {{"blocksize", "3"}},
		.in = {{.shape = RT_SHAPE(2, 1, 3, 6)}}, OUT_SHAPE(2, 9, 1, 2),
	},
	{
		.op = "SpaceToDepth", .name = "f64", .attrs = {{"blocksize", "2"}}, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(1, 2, 2, 4), GIVEN(0, 1, 2, 3, 4, 5,
			    6, 7, 8, 9, 10, 11, 12, 13, 14, 15)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(1, 8, 1, 2),
		.expect = {VALUES(0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15)},
	},
	{
		.op = "SpaceToDepth", .name = "pixels do not divide",
		.attrs = {{"blocksize", "2"}}, .in = {{.shape = RT_SHAPE(1, 1, 3, 4)}},
		.fails = "3x4 pixels do not divide",
	},
	{
		.op = "ReverseSequence", .name = "time first",
		.attrs = {{"time_axis", "0"}, {"batch_axis", "1"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(4, 4), GIVEN(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14,
			    3, 7, 11, 15)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(4, 3, 2, 1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 4),
		.expect = {VALUES(3, 6, 9, 12, 2, 5, 8, 13, 1, 4, 10, 14, 0, 7, 11, 15)},
	},
	{
		.op = "ReverseSequence", .name = "batch first",
		.attrs = {{"time_axis", "1"}, {"batch_axis", "0"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(4, 4), GIVEN(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
			    12, 13, 14, 15)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(1, 2, 3, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 4),
		.expect = {VALUES(0, 1, 2, 3, 5, 4, 6, 7, 10, 9, 8, 11, 15, 14, 13, 12)},
	},
	{
		.op = "ReverseSequence", .name = "drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 2)},
		}, OUT_SHAPE(3, 2, 2),
	},
	{
		.op = "ReverseSequence", .name = "batch first, drawn",
		.attrs = {{"time_axis", "1"}, {"batch_axis", "0"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 1)},
		}, OUT_SHAPE(2, 3, 2),
	},
	{
		.op = "ReverseSequence", .name = "i64", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 4), GIVEN(0, 4, 8, 12, 1, 5, 9,
			    13, 2, 6, 10, 14, 3, 7, 11, 15)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, 2, 2, 2)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 4),
		.expect = {VALUES(1, 5, 9, 13, 0, 4, 8, 12, 2, 6, 10, 14, 3, 7, 11, 15)},
	},
	{
		.op = "ReverseSequence", .name = "too long", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 1), .known = true},
		}, .fails = "length 3 of sequence 0, which has 2",
	},
	{
		.op = "ReverseSequence", .name = "too few", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 1)},
		}, .fails = "2 lengths for 3 sequences",
	},
	{
		.op = "ReverseSequence", .name = "one axis twice",
		.attrs = {{"time_axis", "1"}, {"batch_axis", "1"}}, .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 1)},
		}, .fails = "are both 1",
	},
	{
		.op = "ReverseSequence", .name = "a list", .nin = 2, .in = {
			{.shape = RT_SHAPE(2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 1)},
		}, .fails = "1 dimensions",
	},
	{
		.op = "Trilu", .name = "upper", .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8, 6, 9, 9, 4, 1,
			    8, 7, 4, 3, 4, 2, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 5),
		.expect = {VALUES(4, 7, 3, 7, 9, 0, 2, 8, 6, 9, 0, 0, 1, 8, 7, 0, 0, 0, 2, 4)},
	},
	{
		.op = "Trilu", .name = "upper, above", .nin = 2, .in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8,
			    6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
			{.dtype = RT_I64, GIVEN(1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 5),
		.expect = {VALUES(0, 7, 3, 7, 9, 0, 0, 8, 6, 9, 0, 0, 0, 8, 7, 0, 0, 0, 0, 4)},
	},
	{
		.op = "Trilu", .name = "upper, below, drawn", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 3, 4)}, {.dtype = RT_I64, GIVEN(-1)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Trilu", .name = "upper, far above", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8,
			    6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
			{.dtype = RT_I64, GIVEN(9)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(4, 5),
		.expect = {VALUES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
	},
	{
		.op = "Trilu", .name = "upper, far below", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8,
			    6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
			{.dtype = RT_I64, GIVEN(-9)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 5),
		.expect = {VALUES(4, 7, 3, 7, 9, 1, 2, 8, 6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
	},
	{
		.op = "Trilu", .name = "lower", .attrs = {{"upper", "no"}}, .in = {
			{.shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8, 6, 9, 9, 4, 1,
			    8, 7, 4, 3, 4, 2, 4)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 5),
		.expect = {VALUES(4, 0, 0, 0, 0, 1, 2, 0, 0, 0, 9, 4, 1, 0, 0, 4, 3, 4, 2, 0)},
	},
	{
		.op = "Trilu", .name = "lower, above", .attrs = {{"upper", "no"}}, .nin = 2,
		.in = {
			{.dtype = RT_I64, .shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8,
			    6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
			{.dtype = RT_I64, GIVEN(1)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 5),
		.expect = {VALUES(4, 7, 0, 0, 0, 1, 2, 8, 0, 0, 9, 4, 1, 8, 0, 4, 3, 4, 2, 4)},
	},
	{
		.op = "Trilu", .name = "lower, below, drawn", .attrs = {{"upper", "no"}},
		.nin = 2, .in = {{.shape = RT_SHAPE(2, 3, 4)}, {.dtype = RT_I64, GIVEN(-1)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Trilu", .name = "lower, far above", .attrs = {{"upper", "no"}}, .nin = 2,
		.in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8,
			    6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
			{.dtype = RT_I64, GIVEN(9)},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(4, 5),
		.expect = {VALUES(4, 7, 3, 7, 9, 1, 2, 8, 6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
	},
	{
		.op = "Trilu", .name = "lower, far below", .attrs = {{"upper", "no"}}, .nin = 2,
		.in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(4, 5), GIVEN(4, 7, 3, 7, 9, 1, 2, 8,
			    6, 9, 9, 4, 1, 8, 7, 4, 3, 4, 2, 4)},
			{.dtype = RT_I64, GIVEN(-9)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 5),
		.expect = {VALUES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
	},
	{
		.op = "Trilu", .name = "bool",
		.in = {{.dtype = RT_BOOL8, .shape = RT_SHAPE(2, 2), GIVEN(1, 1, 1, 1)}},
		.source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, 1, 0, 1)},
	},
	{
		.op = "Trilu", .name = "a list", .in = {{.shape = RT_SHAPE(3)}},
		.fails = "input has 1 dimensions",
	},
	{
		.op = "Trilu", .name = "two diagonals", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 2)},
		}, .fails = "k has 2 values",
	},
};

const struct op_samples samples_turn = {rows, RT_COUNT(rows)};
