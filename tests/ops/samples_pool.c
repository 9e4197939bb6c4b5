/* samples_pool.c - maxima and means over windows and planes. */
#include "config.h"

#include "tests/ops/samples.h"

#define PLANE_5X5                                                                                  \
	.shape = RT_SHAPE(1, 1, 5, 5),                                                             \
	GIVEN(-10, -3, 4, 11, -5, 2, 9, -7, 0, 7, -9, -2, 5, -11, -4, 3, 10, -6, 1, 8, -8, -1, 6,  \
	      -10, -3)
#define PLANE_4X5                                                                                  \
	.shape = RT_SHAPE(1, 1, 4, 5),                                                             \
	GIVEN(-10, -3, 4, 11, -5, 2, 9, -7, 0, 7, -9, -2, 5, -11, -4, 3, 10, -6, 1, 8)

static const struct op_sample rows[] = {
	{
		.op = "MaxPool", .name = "ceil_mode keeps the partial window",
		.attrs = {{"kernel_shape", "2 2"}, {"strides", "2 2"}, {"ceil_mode", "1"}},
		.in = {{PLANE_5X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 3, 3),
		.expect = {VALUES(9, 11, 7, 10, 5, 8, -1, 6, -3)},
		.purpose = RT_EXPLAIN,
		.seed = VALUES(1, 2, 3, 4, 5, 6, 7, 8, 9),
		.expect_grad = {VALUES(0, 0, 0, 2, 0, 0, 1, 0, 0, 3, 0, 0, 5, 0, 0, 0, 4, 0, 0, 6,
				       0, 7, 8, 0, 9)},
	},
	{
		.op = "MaxPool", .name = "ceil_mode drops a window that starts in the padding",
		.attrs = {{"kernel_shape", "3 2"}, {"strides", "2 3"}, {"pads", "1 0 1 1"},
			  {"ceil_mode", "1"}},
		.in = {{PLANE_5X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 3, 2),
		.expect = {VALUES(9, 11, 10, 8, 10, 8)},
	},
	{
		.op = "MaxPool", .name = "ceil_mode with a window larger than the input",
		.attrs = {{"kernel_shape", "4"}, {"strides", "3"}, {"ceil_mode", "1"}},
		.in = {{.shape = RT_SHAPE(1, 1, 3), GIVEN(1, 3, 2)}},
		.source = "onnxruntime 1.32 and torch 2.13", OUT_SHAPE(1, 1, 1),
		.expect = {VALUES(3)},
	},
	{
		.op = "MaxPool", .name = "dilations",
		.attrs = {{"kernel_shape", "2 2"}, {"dilations", "2 3"}},
		.in = {{PLANE_5X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 3, 2),
		.expect = {VALUES(11, -2, 3, 10, -8, -1)},
	},
	{
		.op = "MaxPool", .name = "SAME_UPPER",
		.attrs = {{"kernel_shape", "2 3"}, {"strides", "2 2"}, {"auto_pad", "SAME_UPPER"}},
		.in = {{PLANE_5X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 3, 3),
		.expect = {VALUES(9, 11, 11, 10, 10, 8, -1, 6, -3)},
	},
	{
		.op = "MaxPool", .name = "SAME_LOWER",
		.attrs = {{"kernel_shape", "2 3"}, {"strides", "2 2"}, {"auto_pad", "SAME_LOWER"}},
		.in = {{PLANE_5X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 3, 3),
		.expect = {VALUES(-3, 11, 11, 9, 9, 7, 10, 10, 8)},
	},
	{
		.op = "MaxPool", .name = "overlapping windows",
		.attrs = {{"kernel_shape", "3 3"}, {"strides", "1 2"}, {"pads", "1 1 1 1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 5, 6), .draw = DRAW_SPREAD, .lo = -10, .hi = 10}},
		OUT_SHAPE(2, 3, 5, 3),
	},
	{
		.op = "MaxPool", .name = "one dimension",
		.attrs = {{"kernel_shape", "3"}, {"strides", "2"}},
		.in = {{.shape = RT_SHAPE(2, 2, 8), .draw = DRAW_SPREAD, .lo = -10, .hi = 10}},
		OUT_SHAPE(2, 2, 3),
	},
	{
		.op = "MaxPool", .name = "not-a-number is seen, and the first of equals wins",
		.attrs = {{"kernel_shape", "2"}, {"strides", "2"}},
		.in = {{.shape = RT_SHAPE(1, 1, 8),
			GIVEN(__builtin_nan(""), 1, 2, __builtin_nan(""), 5, 5, -__builtin_inf(),
			      -__builtin_inf()),
			.no_grad = true}},
		.source = "definition", OUT_SHAPE(1, 1, 4),
		.expect = {VALUES(__builtin_nan(""), __builtin_nan(""), 5, -__builtin_inf())},
		.purpose = RT_EXPLAIN,
		.seed = VALUES(1, 2, 3, 4),
		.expect_grad = {VALUES(1, 0, 0, 2, 3, 0, 4, 0)},
		.no_differences = true, /* infinities have none */
	},
	{
		.op = "MaxPool", .name = "padding as large as the window",
		.attrs = {{"kernel_shape", "2 2"}, {"pads", "2 0 0 0"}},
		.fails = "pad 2 is not below kernel 2",
		.in = {{.shape = RT_SHAPE(1, 1, 5, 5)}},
	},
	{
		.op = "MaxPool", .name = "window too large", .attrs = {{"kernel_shape", "9"}},
		.fails = "kernel 9 larger than input 5",
		.in = {{.shape = RT_SHAPE(1, 1, 5)}},
	},
	{
		.op = "MaxPool", .name = "no window", .fails = "kernel_shape is missing",
		.in = {{.shape = RT_SHAPE(1, 1, 5)}},
	},
	{
		.op = "MaxPool", .name = "no elements", .attrs = {{"kernel_shape", "1"}},
		.fails = "input 1x0x5 has no elements",
		.in = {{.shape = RT_SHAPE(1, 0, 5)}},
	},
	{
		.op = "AveragePool", .name = "ceil_mode, padding left out",
		.attrs = {{"kernel_shape", "3 2"}, {"strides", "2 2"}, {"pads", "1 1 1 0"},
			  {"ceil_mode", "1"}},
		.in = {{PLANE_4X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 3, 3),
		.expect = {VALUES(-4, 0.75, 3.25, -1.33333337, 1.5, 0.166666672, 3, 2, 4.5)},
	},
	{
		.op = "AveragePool", .name = "ceil_mode, padding counted, but nothing beyond it",
		.attrs = {{"kernel_shape", "3 2"}, {"strides", "2 2"}, {"pads", "1 1 1 0"},
			  {"ceil_mode", "1"}, {"count_include_pad", "1"}},
		.in = {{PLANE_4X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 3, 3),
		.expect = {VALUES(-1.33333337, 0.5, 2.16666675, -0.666666687, 1.5, 0.166666672,
				  0.75, 1, 2.25)},
	},
	{
		.op = "AveragePool", .name = "SAME_UPPER",
		.attrs = {{"kernel_shape", "2 3"}, {"strides", "2 2"}, {"auto_pad", "SAME_UPPER"}},
		.in = {{PLANE_4X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 2, 3),
		.expect = {VALUES(-0.5, 2.33333325, 3.25, 0.5, -0.5, -1.5)},
	},
	{
		.op = "AveragePool", .name = "SAME_LOWER, padding counted",
		.attrs = {{"kernel_shape", "2 3"}, {"strides", "2 2"}, {"auto_pad", "SAME_LOWER"},
			  {"count_include_pad", "1"}},
		.in = {{PLANE_4X5}},
		.source = "onnxruntime 1.32", OUT_SHAPE(1, 1, 2, 3),
		.expect = {VALUES(-0.333333343, 2.33333325, 2.16666675, 0.333333343, -0.5, -1)},
	},
	{
		.op = "AveragePool", .name = "one dimension, several planes",
		.attrs = {{"kernel_shape", "3"}, {"strides", "2"}, {"pads", "1 1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 7)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "GlobalAveragePool", .name = "means of planes",
		.in = {{.shape = RT_SHAPE(1, 2, 2, 2), GIVEN(1, 2, 3, 4, -1, 0, 1, 2)}},
		.source = "definition", OUT_SHAPE(1, 2, 1, 1),
		.expect = {VALUES(2.5, 0.5)},
	},
	{
		.op = "GlobalAveragePool", .name = "any number of spatial dimensions",
		.in = {{.shape = RT_SHAPE(2, 3, 4, 2, 3)}},
		OUT_SHAPE(2, 3, 1, 1, 1),
	},
	{
		.op = "GlobalAveragePool", .name = "no planes", .fails = "input is 2x3",
		.in = {{.shape = RT_SHAPE(2, 3)}},
	},
	{
		.op = "GlobalMaxPool", .name = "maxima of planes, the first of equals",
		.in = {{.shape = RT_SHAPE(1, 2, 2, 2), GIVEN(1, 4, 3, 4, -1, -3, -1, -2)}},
		.source = "definition", OUT_SHAPE(1, 2, 1, 1),
		.expect = {VALUES(4, -1)},
		.purpose = RT_EXPLAIN,
		.seed = VALUES(3, 5),
		.expect_grad = {VALUES(0, 3, 0, 0, 5, 0, 0, 0)},
		.no_differences = true, /* equal maxima have no derivative */
	},
	{
		.op = "GlobalMaxPool", .name = "one dimension",
		.in = {{.shape = RT_SHAPE(2, 3, 7), .draw = DRAW_SPREAD, .lo = -10, .hi = 10}},
		OUT_SHAPE(2, 3, 1),
	},
};

const struct op_samples samples_pool = {rows, RT_COUNT(rows)};
