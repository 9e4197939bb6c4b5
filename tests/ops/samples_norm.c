/* samples_norm.c - normalization, softmax and dropout. */
#include "config.h"

#include "tests/ops/samples.h"

#define BN_INPUTS                                                                                  \
	{{.shape = RT_SHAPE(2, 2, 3), GIVEN(-2, 1, -3, 0, 3, -1, 2, -2, 1, -3, 0, 3)},             \
	 {.shape = RT_SHAPE(2), GIVEN(1.5, -.5)},                                                  \
	 {.shape = RT_SHAPE(2), GIVEN(.25, 1)},                                                    \
	 {.shape = RT_SHAPE(2), GIVEN(.5, -.25), .no_grad = true},                                 \
	 {.shape = RT_SHAPE(2), GIVEN(2, .5), .no_grad = true}}

static const struct op_sample rows[] = {
	{
		.op = "BatchNormalization", .name = "running statistics",
		.attrs = {{"epsilon", "0.01"}},
		.in = BN_INPUTS,
		.source = "onnxruntime 1.32", OUT_SHAPE(2, 2, 3),
		.expect = {VALUES(-2.39504623, 0.779009223, -3.45306444, 0.824965, -1.275455,
				  1.525105, 1.83702767, -2.39504623, 0.779009223, 2.925385,
				  0.824965, -1.275455)},
	},
	{
		.op = "BatchNormalization", .name = "statistics of the batch",
		.attrs = {{"epsilon", "0.01"}, {"momentum", "0.75"}},
		.in = BN_INPUTS,
		.source = "torch 2.13", .purpose = RT_TRAIN, OUT_SHAPE(2, 2, 3),
		.expect = {VALUES(-0.936953664, 1.43695366, -1.72825611, 1.07800126, 0.375989437,
				  1.31200516, 2.22825623, -0.936953664, 1.43695366, 1.78001308,
				  1.07800126, 0.375989437)},
		.seed = VALUES(-1, 1, -2, 0, 2, -1, 1, -2, 0, 2, -1, 1),
		.expect_grad = {VALUES(0.347571224, 0.443731248, 0.0517504066, 0.108459599,
				       -0.282666951, 0.316836417, -0.0517504066, -0.443731248,
				       -0.347571224, -0.43642962, 0.342463553, -0.048663009),
				VALUES(7.12172222, 1.404024), VALUES(-3, 3)},
	},
	{
		.op = "BatchNormalization", .name = "a matrix",
		.in = {{.shape = RT_SHAPE(6, 3)},
		       {.shape = RT_SHAPE(3)},
		       {.shape = RT_SHAPE(3)},
		       {.shape = RT_SHAPE(3), .no_grad = true},
		       {.shape = RT_SHAPE(3), .lo = .5, .hi = 2, .no_grad = true}},
		OUT_SHAPE(6, 3),
	},
	{
		.op = "BatchNormalization", .name = "images",
		.in = {{.shape = RT_SHAPE(3, 4, 2, 3), .lo = -3, .hi = 5},
		       {.shape = RT_SHAPE(4)},
		       {.shape = RT_SHAPE(4)},
		       {.shape = RT_SHAPE(4), .no_grad = true},
		       {.shape = RT_SHAPE(4), .lo = .5, .hi = 2, .no_grad = true}},
		OUT_SHAPE(3, 4, 2, 3),
	},
	{
		.op = "BatchNormalization", .name = "channels",
		.fails = "scale is 3, input has 2 channels",
		.in = {{.shape = RT_SHAPE(1, 2, 5)}, {.shape = RT_SHAPE(3)}, {.shape = RT_SHAPE(2)},
		       {.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2)}},
	},
	{
		.op = "BatchNormalization", .name = "statistics of the batch in every run",
		.attrs = {{"training_mode", "1"}}, .nout = 3,
		.in = {{.shape = RT_SHAPE(3, 2, 4), .lo = -3, .hi = 5}, {.shape = RT_SHAPE(2)},
		       {.shape = RT_SHAPE(2)}, {.shape = RT_SHAPE(2), .no_grad = true},
		       {.shape = RT_SHAPE(2), .no_grad = true}},
	},
	{
		.op = "BatchNormalization", .name = "moved statistics that do not move",
		.nout = 3, .fails = "only with training_mode 1",
		.in = BN_INPUTS,
	},
	{
		.op = "LayerNormalization", .name = "its statistics are outputs", .nout = 3,
		.in = {{.shape = RT_SHAPE(3, 4), .lo = -3, .hi = 5}, {.shape = RT_SHAPE(4)}},
		OUT_SHAPE(3, 4),
	},
	{
		.op = "LayerNormalization", .name = "over two axes, with bias",
		.attrs = {{"axis", "1"}, {"epsilon", "0.01"}}, .nin = 3,
		.in = {{.shape = RT_SHAPE(2, 3, 2), GIVEN(-2, 1, -3, 0, 3, -1, 2, -2, 1, -3, 0, 3)},
		       {.shape = RT_SHAPE(3, 2), GIVEN(-1, 1, -2, 0, 2, -1)},
		       {.shape = RT_SHAPE(3, 2), GIVEN(-2, 2, -1, 3, 0, -3)}},
		.source = "onnxruntime 1.32 and torch 2.13", OUT_SHAPE(2, 3, 2),
		.expect = {VALUES(-1.15593028, 2.67525578, 1.70102334, 3, 3.37627888, -2.66237211,
				  -2.86595392, 0.976600051, -1.78723073, 3, -0.157446161,
				  -4.33829212)},
		.purpose = RT_EXPLAIN,
		.seed = VALUES(-1, 1, -2, 0, 2, -1, 1, -2, 0, 2, -1, 1),
		.expect_grad = {VALUES(-0.361898839, -0.470143676, 1.19350839, -0.940503895,
				       0.977018535, -0.397980452, 0, -0.472338438, 0.472338438,
				       0.472338438, -0.472338438, 0),
				VALUES(1.71002364, 2.72205567, 2.7010231, -2.99147677, 3.45500207,
				       1.67592025),
				VALUES(0, -1, -2, 2, 1, 0)},
	},
	{
		.op = "LayerNormalization", .name = "last axis, no bias",
		.in = {{.shape = RT_SHAPE(2, 3, 7)}, {.shape = RT_SHAPE(7)}},
		OUT_SHAPE(2, 3, 7),
	},
	{
		.op = "LayerNormalization", .name = "scale of another shape",
		.attrs = {{"axis", "1"}},
		.fails = "scale is 4, input 2x3x4 from axis 1 on is wanted",
		.in = {{.shape = RT_SHAPE(2, 3, 4)}, {.shape = RT_SHAPE(4)}},
	},
	{
		.op = "Softmax", .name = "last axis, large numbers",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 1000, 1001, 999)}},
		.source = "onnxruntime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(0.0900305733, 0.244728476, 0.665240943, 0.244728476, 0.665240943,
				  0.0900305733)},
		.no_differences = true, /* the step is lost in the digits of 1000 */
	},
	{
		.op = "Softmax", .name = "inner axis", .attrs = {{"axis", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2),
			GIVEN(-2, 1, -3, 0, 3, -1, 2, -2, 1, -3, 0, 3)}},
		.source = "onnxruntime 1.32", OUT_SHAPE(2, 3, 2),
		.expect = {VALUES(0.00667641265, 0.665240943, 0.00245611486, 0.244728476,
				  0.990867496, 0.0900305733, 0.665240943, 0.00667641265,
				  0.244728476, 0.00245611486, 0.0900305733, 0.990867496)},
	},
	{
		.op = "Softmax", .name = "ten classes",
		.in = {{.shape = RT_SHAPE(3, 10), .lo = -4, .hi = 4}},
		OUT_SHAPE(3, 10),
	},
	{
		.op = "Softmax", .name = "no such axis", .attrs = {{"axis", "-3"}},
		.fails = "axis -3 of an input with 2 dimensions (3x10)",
		.in = {{.shape = RT_SHAPE(3, 10)}},
	},
	{
		.op = "LogSoftmax", .name = "last axis, large numbers",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 1000, 1001, 999)}},
		.source = "onnxruntime 1.32", OUT_SHAPE(2, 3),
		.expect = {VALUES(-2.40760589, -1.40760589, -0.407605946, -1.40760589, -0.407605946,
				  -2.40760589)},
		.no_differences = true, /* the step is lost in the digits of 1000 */
	},
	{
		.op = "LogSoftmax", .name = "inner axis", .attrs = {{"axis", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2),
			GIVEN(-2, 1, -3, 0, 3, -1, 2, -2, 1, -3, 0, 3)}},
		.source = "onnxruntime 1.32", OUT_SHAPE(2, 3, 2),
		.expect = {VALUES(-5.00917435, -0.407605946, -6.00917435, -1.40760589,
				  -0.00917445216, -2.40760589, -0.407605946, -5.00917435,
				  -1.40760589, -6.00917435, -2.40760589, -0.00917445216)},
	},
	{
		.op = "LogSoftmax", .name = "ten classes",
		.in = {{.shape = RT_SHAPE(3, 10), .lo = -4, .hi = 4}},
		OUT_SHAPE(3, 10),
	},
	{
		.op = "Dropout", .name = "the default ratio",
		.in = {{.shape = RT_SHAPE(3, 7), .lo = 1, .hi = 2}},
		OUT_SHAPE(3, 7),
	},
	{
		.op = "Dropout", .name = "inference keeps everything, the mask says so",
		.nin = 2, .nout = 2,
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
		       {.shape = {0}, GIVEN(.25), .known = true, .no_grad = true}},
		.source = "definition", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, 2, 3, 4), VALUES(1, 1, 1, 1)},
	},
	{
		.op = "Dropout", .name = "ratio 0 keeps everything in training", .nin = 2,
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)},
		       {.shape = {0}, GIVEN(0), .no_grad = true}},
		.purpose = RT_TRAIN, .source = "definition", OUT_SHAPE(2, 2),
		.expect = {VALUES(1, 2, 3, 4)},
	},
	{
		.op = "Dropout", .name = "a ratio that drops everything", .nin = 2,
		.fails = "ratio 1; at least 0 and below 1 is wanted",
		.in = {{.shape = RT_SHAPE(2, 2)}, {.shape = {0}, GIVEN(1), .known = true}},
	},
	{
		.op = "Dropout", .name = "a ratio for every element", .nin = 2,
		.fails = "ratio is f32 4, one float is wanted",
		.in = {{.shape = RT_SHAPE(4)}, {.shape = RT_SHAPE(4)}},
	},
};

const struct op_samples samples_norm = {rows, RT_COUNT(rows)};
