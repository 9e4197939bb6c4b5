/* samples_fill.c - new arrays, and arrays spread out, cut and turned. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Range", .name = "real numbers", .nin = 3, .in = {
			{GIVEN(1), .known = true},
			{GIVEN(5.5), .known = true},
			{GIVEN(2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3), .expect = {VALUES(1, 3, 5)},
		.no_differences = true, /* the length jumps */
	},
	{
		.op = "Range", .name = "backwards", .nin = 3, .in = {
			{.dtype = RT_I32, GIVEN(10), .known = true},
			{.dtype = RT_I32, GIVEN(4), .known = true},
			{.dtype = RT_I32, GIVEN(-3), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(10, 7)},
	},
	{
		.op = "Range", .name = "nothing", .nin = 3, .in = {
			{.dtype = RT_I64, GIVEN(5), .known = true},
			{.dtype = RT_I64, GIVEN(5), .known = true},
			{.dtype = RT_I64, GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(0),
	},
	{
		.op = "Range", .name = "f64", .nin = 3, .in = {
			{.dtype = RT_F64, GIVEN(0), .known = true},
			{.dtype = RT_F64, GIVEN(1), .known = true},
			{.dtype = RT_F64, GIVEN(0.3), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(0, 0.3, 0.6, 0.9)},
		.no_differences = true, /* the length jumps */
	},
	{
		.op = "Range", .name = "i16", .nin = 3, .in = {
			{.dtype = RT_I16, GIVEN(-1), .known = true},
			{.dtype = RT_I16, GIVEN(3), .known = true},
			{.dtype = RT_I16, GIVEN(2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2), .expect = {VALUES(-1, 1)},
	},
	{
		.op = "Range", .name = "i64", .nin = 3, .in = {
			{.dtype = RT_I64, GIVEN(1099511627776), .known = true},
			{.dtype = RT_I64, GIVEN(1099511627779), .known = true},
			{.dtype = RT_I64, GIVEN(1), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3),
		.expect = {VALUES(1099511627776, 1099511627777, 1099511627778)},
	},
	{
		.op = "Range", .name = "delta 0", .nin = 3, .in = {
			{GIVEN(0), .known = true},
			{GIVEN(1), .known = true},
			{GIVEN(0), .known = true},
		}, .fails = "delta is 0",
	},
	{
		.op = "Range", .name = "too long", .nin = 3, .in = {
			{.dtype = RT_F64, GIVEN(0), .known = true},
			{.dtype = RT_F64, GIVEN(1000000000000), .known = true},
			{.dtype = RT_F64, GIVEN(1), .known = true},
		}, .fails = "dimension 0",
	},
	{
		.op = "Range", .name = "beyond 2^53", .nin = 3, .in = {
			{.dtype = RT_F64, GIVEN(0), .known = true},
			{.dtype = RT_F64, GIVEN(1e+300), .known = true},
			{.dtype = RT_F64, GIVEN(1), .known = true},
		}, .fails = "limit is 1e+300",
	},
	{
		.op = "Range", .name = "a limit that comes while running", .nin = 3,
		.in = {{GIVEN(0), .known = true}, {GIVEN(3)}, {GIVEN(1), .known = true}},
		.fails = "limit is computed while running",
	},
	{
		.op = "Range", .name = "two limits", .nin = 3, .in = {
			{GIVEN(0), .known = true},
			{.shape = RT_SHAPE(2), GIVEN(1, 2), .known = true},
			{GIVEN(1), .known = true},
		}, .fails = "limit has 2 values",
	},
	{
		.op = "Range", .name = "types differ", .nin = 3, .in = {
			{GIVEN(0), .known = true},
			{.dtype = RT_F64, GIVEN(1), .known = true},
			{GIVEN(1), .known = true},
		}, .fails = "f32 and f64",
	},
	{
		.op = "EyeLike", .name = "its own type",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(0, 0, 0, 0, 0, 0)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 0, 0, 0, 1, 0)},
	},
	{
		.op = "EyeLike", .name = "above, f64", .attrs = {{"dtype", "11"}, {"k", "1"}},
		.in = {
			{.dtype = RT_I32, .shape = RT_SHAPE(4, 3), GIVEN(0, 0, 0, 0, 0, 0, 0, 0,
			    0, 0, 0, 0)},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 3),
		.expect = {VALUES(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)},
	},
	{
		.op = "EyeLike", .name = "below, i64", .attrs = {{"dtype", "7"}, {"k", "-2"}},
		.in = {{.shape = RT_SHAPE(3, 3), GIVEN(0, 0, 0, 0, 0, 0, 0, 0, 0)}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(3, 3),
		.expect = {VALUES(0, 0, 0, 0, 0, 0, 1, 0, 0)},
	},
	{
		.op = "EyeLike", .name = "far out, bool", .attrs = {{"dtype", "9"}, {"k", "5"}},
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(0, 0, 0, 0)}}, .source = "ONNX EyeLike",
		OUT_SHAPE(2, 2), .expect = {VALUES(0, 0, 0, 0)},
	},
	{
		.op = "EyeLike", .name = "a list", .in = {{.shape = RT_SHAPE(3)}},
		.fails = "input is 3; 2 dimensions are wanted",
	},
	{
		.op = "EyeLike", .name = "no such type", .attrs = {{"dtype", "8"}},
		.in = {{.shape = RT_SHAPE(3, 3)}}, .fails = "element type 8",
	},
	{
		.op = "Size", .name = "matrix", .in = {{.shape = RT_SHAPE(2, 3)}},
		.source = "2 x 3", OUT_SCALAR, .expect = {VALUES(6)},
	},
	{
		.op = "Size", .name = "nothing", .in = {{.shape = RT_SHAPE(0, 3)}},
		.source = "0 x 3", OUT_SCALAR, .expect = {VALUES(0)},
	},
	{
		.op = "Size", .name = "scalar of u8", .in = {{.dtype = RT_U8}},
		.source = "by hand", OUT_SCALAR, .expect = {VALUES(1)},
	},
	{
		.op = "HannWindow", .name = "periodic",
		.in = {{.dtype = RT_I64, GIVEN(6), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0, 0.25, 0.75, 1, 0.75, 0.25)}, .expect_tol = 2e-06,
	},
	{
		.op = "HannWindow", .name = "symmetric", .attrs = {{"periodic", "0"}},
		.in = {{.dtype = RT_I32, GIVEN(7), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(7),
		.expect = {VALUES(0, 0.25, 0.75, 1, 0.75, 0.25, 0)}, .expect_tol = 2e-06,
	},
	{
		.op = "HannWindow", .name = "f64", .attrs = {{"output_datatype", "11"}},
		.in = {{.dtype = RT_I64, GIVEN(5), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(0, 0.345491502812526, 0.904508497187474, 0.904508497187474,
		    0.345491502812526)},
		.expect_tol = 1e-06,
	},
	{
		.op = "HannWindow", .name = "one", .attrs = {{"periodic", "no"}},
		.in = {{.dtype = RT_I64, GIVEN(1), .known = true}},
		.source = "scipy.signal.windows", OUT_SHAPE(1), .expect = {VALUES(1)},
	},
	{
		.op = "HammingWindow", .name = "periodic",
		.in = {{.dtype = RT_I64, GIVEN(6), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(0.086956501, 0.315217376, 0.771739125, 1, 0.771739125,
		    0.315217376)},
		.expect_tol = 2e-06,
	},
	{
		.op = "HammingWindow", .name = "symmetric", .attrs = {{"periodic", "0"}},
		.in = {{.dtype = RT_I32, GIVEN(7), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(7),
		.expect = {VALUES(0.086956501, 0.315217376, 0.771739125, 1, 0.771739125,
		    0.315217376, 0.086956501)},
		.expect_tol = 2e-06,
	},
	{
		.op = "HammingWindow", .name = "f64", .attrs = {{"output_datatype", "11"}},
		.in = {{.dtype = RT_I64, GIVEN(5), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(0.0869565010070801, 0.402405271607351, 0.912812104147959,
		    0.912812104147959, 0.402405271607351)},
		.expect_tol = 1e-06,
	},
	{
		.op = "HammingWindow", .name = "one", .attrs = {{"periodic", "no"}},
		.in = {{.dtype = RT_I64, GIVEN(1), .known = true}},
		.source = "scipy.signal.windows", OUT_SHAPE(1), .expect = {VALUES(1)},
	},
	{
		.op = "BlackmanWindow", .name = "periodic",
		.in = {{.dtype = RT_I64, GIVEN(6), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(6),
		.expect = {VALUES(1.49011612e-08, 0.13000001, 0.629999995, 1, 0.629999995,
		    0.130000025)},
		.expect_tol = 2e-06,
	},
	{
		.op = "BlackmanWindow", .name = "symmetric", .attrs = {{"periodic", "0"}},
		.in = {{.dtype = RT_I32, GIVEN(7), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(7),
		.expect = {VALUES(1.49011612e-08, 0.13000001, 0.629999995, 1, 0.629999995,
		    0.130000025, 1.49011612e-08)},
		.expect_tol = 2e-06,
	},
	{
		.op = "BlackmanWindow", .name = "f64", .attrs = {{"output_datatype", "11"}},
		.in = {{.dtype = RT_I64, GIVEN(5), .known = true}},
		.source = "ONNX Runtime 1.32", OUT_SHAPE(5),
		.expect = {VALUES(1.49011611938477e-08, 0.200770161398466, 0.849229872874205,
		    0.849229872874205, 0.200770161398466)},
		.expect_tol = 1e-06,
	},
	{
		.op = "BlackmanWindow", .name = "one", .attrs = {{"periodic", "no"}},
		.in = {{.dtype = RT_I64, GIVEN(1), .known = true}},
		.source = "scipy.signal.windows", OUT_SHAPE(1), .expect = {VALUES(1)},
	},
	{
		.op = "HannWindow", .name = "of no length",
		.in = {{.dtype = RT_I64, GIVEN(-1), .known = true}}, .fails = "size is -1",
	},
	{
		.op = "HannWindow", .name = "a length that comes while running",
		.in = {{.dtype = RT_I64, GIVEN(3)}}, .fails = "size is computed while running",
	},
	{
		.op = "HannWindow", .name = "no such type", .attrs = {{"output_datatype", "8"}},
		.in = {{.dtype = RT_I64, GIVEN(3), .known = true}}, .fails = "element type 8",
	},
	{
		.op = "Expand", .name = "a row and a column", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1), GIVEN(1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(2, 1, 6), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3, 6),
		.expect = {VALUES(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 1, 1, 1,
		    1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3)},
	},
	{
		.op = "Expand", .name = "less than it has", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1), GIVEN(1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 4), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(3, 4),
		.expect = {VALUES(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)},
	},
	{
		.op = "Expand", .name = "unchanged", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 4)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1), .known = true},
		}, OUT_SHAPE(3, 4),
	},
	{
		.op = "Expand", .name = "drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(4), GIVEN(2, 1, 4, 1),
			    .known = true},
		}, OUT_SHAPE(2, 3, 4, 2),
	},
	{
		.op = "Expand", .name = "a scalar of i16", .nin = 2, .in = {
			{.dtype = RT_I16, GIVEN(7)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 2), .known = true},
		}, .source = "ONNX reference evaluator 1.23", OUT_SHAPE(2, 2),
		.expect = {VALUES(7, 7, 7, 7)},
	},
	{
		.op = "Expand", .name = "bool", .nin = 2, .in = {
			{.dtype = RT_BOOL8, .shape = RT_SHAPE(2), GIVEN(0, 1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(0, 1, 0, 1)},
	},
	{
		.op = "Expand", .name = "does not fit", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 4), .known = true},
		}, .fails = "3x2",
	},
	{
		.op = "Expand", .name = "a shape that comes while running", .nin = 2, .in = {
			{.shape = RT_SHAPE(3, 1)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 4)},
		}, .fails = "shape is computed while running",
	},
	{
		.op = "Tile", .name = "matrix", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 2), GIVEN(0, 1, 2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4, 4),
		.expect = {VALUES(0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3)},
	},
	{
		.op = "Tile", .name = "drawn", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 2, 3), .known = true},
		}, OUT_SHAPE(2, 6, 6),
	},
	{
		.op = "Tile", .name = "rows alone", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(3, 1), .known = true},
		}, OUT_SHAPE(6, 3),
	},
	{
		.op = "Tile", .name = "f64", .nin = 2, .in = {
			{.dtype = RT_F64, .shape = RT_SHAPE(2), GIVEN(1.5, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(4),
		.expect = {VALUES(1.5, 2, 1.5, 2)},
	},
	{
		.op = "Tile", .name = "u8", .nin = 2, .in = {
			{.dtype = RT_U8, .shape = RT_SHAPE(2, 1), GIVEN(1, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(1, 3), .known = true},
		}, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 1, 1, 2, 2, 2)},
	},
	{
		.op = "Tile", .name = "never", .nin = 2, .in = {
			{.shape = RT_SHAPE(2), GIVEN(1, 2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(0), .known = true},
		}, .source = "numpy", OUT_SHAPE(0),
	},
	{
		.op = "Tile", .name = "a scalar", .nin = 2,
		.in = {{GIVEN(3)}, {.dtype = RT_I64, .shape = RT_SHAPE(0), .known = true}},
		.source = "numpy", OUT_SCALAR, .expect = {VALUES(3)},
	},
	{
		.op = "Tile", .name = "too few repeats", .nin = 2, .in = {
			{.shape = RT_SHAPE(2, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2), .known = true},
		}, .fails = "1 repeats for 2 dimensions",
	},
	{
		.op = "Tile", .name = "too many", .nin = 2, .in = {
			{.shape = RT_SHAPE(2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(1099511627776),
			    .known = true},
		}, .fails = "dimension 0",
	},
	{
		.op = "Tile", .name = "repeats that come while running", .nin = 2, .in = {
			{.shape = RT_SHAPE(2)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(2)},
		}, .fails = "repeats is computed while running",
	},
	{
		.op = "Split", .name = "equal",
		.in = {{.shape = RT_SHAPE(6), GIVEN(1, 2, 3, 4, 5, 6)}}, .nout = 3,
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(1, 2), VALUES(3, 4), VALUES(5, 6)},
	},
	{
		.op = "Split", .name = "given lengths", .attrs = {{"axis", "1"}}, .nin = 2,
		.in = {
			{.shape = RT_SHAPE(2, 6), GIVEN(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 4), .known = true},
		}, .nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, 2, 7, 8), VALUES(3, 4, 5, 6, 9, 10, 11, 12)},
	},
	{
		.op = "Split", .name = "drawn, from the end", .attrs = {{"axis", "-2"}},
		.nin = 2, .in = {
			{.shape = RT_SHAPE(2, 5, 3)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 0, 4), .known = true},
		}, .nout = 3, OUT_SHAPE(2, 1, 3),
	},
	{
		.op = "Split", .name = "uneven",
		.in = {{.shape = RT_SHAPE(7), GIVEN(1, 2, 3, 4, 5, 6, 7)}}, .nout = 4,
		.source = "ONNX Runtime 1.32", OUT_SHAPE(2),
		.expect = {VALUES(1, 2), VALUES(3, 4), VALUES(5, 6), VALUES(7)},
	},
	{
		.op = "Split", .name = "fewer outputs than parts", .nin = 2, .in = {
			{.shape = RT_SHAPE(6), GIVEN(1, 2, 3, 4, 5, 6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(3), GIVEN(1, 2, 3), .known = true},
		}, .nout = 2, .source = "the parts in front", OUT_SHAPE(1),
		.expect = {VALUES(1), VALUES(2, 3)},
	},
	{
		.op = "Split", .name = "i64", .attrs = {{"axis", "1"}},
		.in = {{.dtype = RT_I64, .shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)}},
		.nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(2, 1),
		.expect = {VALUES(1, 3), VALUES(2, 4)},
	},
	{
		.op = "Split", .name = "f16",
		.in = {{.dtype = RT_F16, .shape = RT_SHAPE(2), GIVEN(1, 2), .no_grad = true}},
		.nout = 2, .source = "ONNX Runtime 1.32", OUT_SHAPE(1),
		.expect = {VALUES(1), VALUES(2)},
	},
	{
		.op = "Split", .name = "one part", .in = {{.shape = RT_SHAPE(3, 2)}},
		OUT_SHAPE(3, 2),
	},
	{
		.op = "Split", .name = "lengths too long", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 5), .known = true},
		}, .nout = 2, .fails = "part 1 has length 5, 4 are left of the 6",
	},
	{
		.op = "Split", .name = "lengths too short", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 3), .known = true},
		}, .nout = 2, .fails = "the parts have length 5, axis 0 has 6",
	},
	{
		.op = "Split", .name = "more outputs than lengths", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(1), GIVEN(6), .known = true},
		}, .nout = 2, .fails = "1 parts for 2 outputs",
	},
	{
		.op = "Split", .name = "lengths that come while running", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(2, 4)},
		}, .nout = 2, .fails = "split is computed while running",
	},
	{
		.op = "Split", .name = "below 0", .nin = 2, .in = {
			{.shape = RT_SHAPE(6)},
			{.dtype = RT_I64, .shape = RT_SHAPE(2), GIVEN(7, -1), .known = true},
		}, .nout = 2, .fails = "part 0 has length 7",
	},
};

const struct op_samples samples_fill = {rows, RT_COUNT(rows)};
