/* samples_regions.c - lengths by the p-norm, middles and blocks of images, grids of affine maps,
 * cells of regions. */
#include "config.h"

#include "tests/ops/samples.h"

#define ORT "onnxruntime 1.32"
#define PLANE_4X5                                                                                  \
	.shape = RT_SHAPE(1, 1, 4, 5),                                                             \
	GIVEN(-10, -3, 4, 11, -5, 2, 9, -7, 0, 7, -9, -2, 5, -11, -4, 3, 10, -6, 1, 8)
#define NUMBERS(n, ...) {.dtype = RT_I64, .shape = RT_SHAPE(n), .known = true, GIVEN(__VA_ARGS__)}
#define TEN .shape = RT_SHAPE(2, 5), GIVEN(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)

static const struct op_sample rows[] = {
	{
		.op = "LpPool", .name = "the last window is partly inside",
		.attrs = {{"kernel_shape", "2 2"}, {"strides", "2 2"}, {"ceil_mode", "1"}},
		.in = {{PLANE_4X5}},
		.source = ORT, OUT_SHAPE(1, 1, 2, 3),
		.expect = {VALUES(13.9283886, 13.6381817, 8.6023254, 13.9283886, 13.5277491,
				  8.944272)},
	},
	{
		.op = "LpPool", .name = "dilations, p 3",
		.attrs = {{"kernel_shape", "2 2"}, {"dilations", "2 2"}, {"p", "3"}},
		.in = {{PLANE_4X5}},
		.source = ORT, OUT_SHAPE(1, 1, 2, 3),
		.expect = {VALUES(12.424614, 13.9196081, 7.2304273, 8.4061184, 12.0046291,
				  11.2240562)},
	},
	{
		.op = "LpPool", .name = "padding, p 1",
		.attrs = {{"kernel_shape", "2 3"}, {"pads", "1 0 0 1"}, {"p", "1"}},
		.in = {{.shape = RT_SHAPE(1, 1, 4, 5), KINKS(0),
			GIVEN(-10, -3, 4, 11, -5, 2, 9, -7, 0.5, 7, -9, -2, 5, -11, -4, 3, 10, -6,
			      1, 8)}},
		OUT_SHAPE(1, 1, 4, 4),
	},
	{
		.op = "LpPool", .name = "three dimensions",
		.attrs = {{"kernel_shape", "2 1 2"}},
		.in = {{.shape = RT_SHAPE(2, 2, 3, 2, 3)}},
		OUT_SHAPE(2, 2, 2, 2, 2),
	},
	{
		.op = "LpPool", .name = "a window larger than the input",
		.attrs = {{"kernel_shape", "5 2"}},
		.fails = "kernel 5 (dilation 1) larger than input 4 in spatial",
		.in = {{PLANE_4X5}},
	},
	{
		.op = "GlobalLpPool", .name = "p 2",
		.in = {{PLANE_4X5}},
		.source = ORT, OUT_SHAPE(1, 1, 1, 1),
		.expect = {VALUES(30.1827774)},
	},
	{
		.op = "GlobalLpPool", .name = "p 3",
		.attrs = {{"p", "3"}},
		.in = {{PLANE_4X5}},
		.source = ORT, OUT_SHAPE(1, 1, 1, 1),
		.expect = {VALUES(19.9858246)},
	},
	{
		.op = "LpNormalization", .name = "a line of zeros stays",
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(3, 4, 0, 0)}},
		.source = ORT, OUT_SHAPE(2, 2),
		.expect = {VALUES(0.6, 0.8, 0, 0)},
		.no_differences = true, /* zeros have no derivative */
	},
	{
		.op = "LpNormalization", .name = "p 1 along the first axis",
		.attrs = {{"p", "1"}, {"axis", "0"}},
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(3, -4, 1, 4)}},
		.source = ORT, OUT_SHAPE(2, 2),
		.expect = {VALUES(0.75, -0.5, 0.25, 0.5)},
	},
	{
		.op = "LpNormalization", .name = "in the middle",
		.attrs = {{"axis", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2), KINKS(0)}},
		OUT_SHAPE(2, 3, 2),
	},
	{
		.op = "LpNormalization", .name = "no such axis",
		.attrs = {{"axis", "3"}},
		.fails = "axis 3 of an input with 2 dimensions (2x2)",
		.in = {{.shape = RT_SHAPE(2, 2)}},
	},
	{
		.op = "CenterCropPad", .name = "one axis grows, one is cut",
		.in = {{TEN}, NUMBERS(2, 3, 2)},
		.source = ORT, OUT_SHAPE(3, 2),
		.expect = {VALUES(2, 3, 7, 8, 0, 0)},
	},
	{
		.op = "CenterCropPad", .name = "one axis by name",
		.attrs = {{"axes", "-1"}},
		.in = {{TEN}, NUMBERS(1, 8)},
		.source = ORT, OUT_SHAPE(2, 8),
		.expect = {VALUES(0, 1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8, 9, 10, 0, 0)},
	},
	{
		.op = "CenterCropPad", .name = "a number too many",
		.attrs = {{"axes", "0"}},
		.fails = "shape has 2 numbers for 1 axes",
		.in = {{TEN}, NUMBERS(2, 3, 2)},
	},
	{
		.op = "Col2Im", .name = "blocks overlap",
		.in = {{.shape = RT_SHAPE(1, 4, 3), GIVEN(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)},
		       NUMBERS(2, 2, 4), NUMBERS(2, 2, 2)},
		.source = ORT, OUT_SHAPE(1, 1, 2, 4),
		.expect = {VALUES(1, 6, 8, 6, 7, 18, 20, 12)},
	},
	{
		.op = "Col2Im", .name = "one dimension, padding",
		.attrs = {{"pads", "1 1"}},
		.in = {{.shape = RT_SHAPE(1, 2, 4), GIVEN(1, 2, 3, 4, 5, 6, 7, 8)}, NUMBERS(1, 3),
		       NUMBERS(1, 2)},
		.source = ORT, OUT_SHAPE(1, 1, 3),
		.expect = {VALUES(7, 9, 11)},
	},
	{
		.op = "Col2Im", .name = "dilations, two channels",
		.attrs = {{"dilations", "2"}},
		.in = {{.shape = RT_SHAPE(1, 4, 2), GIVEN(1, 2, 3, 4, 5, 6, 7, 8)}, NUMBERS(1, 4),
		       NUMBERS(1, 2)},
		.source = "onnx.reference 1.23", OUT_SHAPE(1, 2, 4),
		.expect = {VALUES(1, 2, 3, 4, 5, 6, 7, 8)},
	},
	{
		.op = "Col2Im", .name = "more blocks than there are",
		.fails = "the image has 3 blocks, the input 4",
		.in = {{.shape = RT_SHAPE(1, 4, 4)}, NUMBERS(2, 2, 4), NUMBERS(2, 2, 2)},
	},
	{
		.op = "AffineGrid", .name = "a plane",
		.in = {{.shape = RT_SHAPE(1, 2, 3), GIVEN(1, 0.5, 0.25, -0.5, 2, -1)},
		       NUMBERS(4, 1, 1, 2, 3)},
		.source = ORT, OUT_SHAPE(1, 2, 3, 2),
		.expect = {VALUES(-0.6666667, -1.6666666, 0, -2, 0.6666667, -2.3333335, -0.1666667,
				  0.3333334, 0.5, 0, 1.1666667, -0.3333334)},
	},
	{
		.op = "AffineGrid", .name = "a plane, corners aligned",
		.attrs = {{"align_corners", "1"}},
		.in = {{.shape = RT_SHAPE(1, 2, 3), GIVEN(1, 0.5, 0.25, -0.5, 2, -1)},
		       NUMBERS(4, 1, 1, 2, 3)},
		.source = ORT, OUT_SHAPE(1, 2, 3, 2),
		.expect = {VALUES(-1.25, -2.5, -0.25, -3, 0.75, -3.5, -0.25, 1.5, 0.75, 1, 1.75,
				  0.5)},
	},
	{
		.op = "AffineGrid", .name = "a volume",
		.in = {{.shape = RT_SHAPE(1, 3, 4),
			GIVEN(1, 0.5, 0.25, 0, -0.5, 2, -1, 0.1, 0.3, 0.2, 0.1, 1)},
		       NUMBERS(5, 1, 1, 2, 1, 2)},
		.source = ORT, OUT_SHAPE(1, 2, 1, 2, 3),
		.expect = {VALUES(-0.625, 0.85, 0.8, 0.375, 0.35, 1.1, -0.375, -0.15, 0.9, 0.625,
				  -0.65, 1.2)},
	},
	{
		.op = "AffineGrid", .name = "a map of a plane for a volume",
		.fails = "theta is 1x2x3 and size has 5 numbers",
		.in = {{.shape = RT_SHAPE(1, 2, 3)}, NUMBERS(5, 1, 1, 2, 1, 2)},
	},
	{
		.op = "MaxRoiPool", .name = "cells overlap, cells outside are empty",
		.attrs = {{"pooled_shape", "2 2"}},
		.in = {{PLANE_4X5},
		       {.shape = RT_SHAPE(3, 5), .no_grad = true,
			GIVEN(0, 0, 0, 3, 3, 0, 1, 1, 4, 2, 0, 2, 0, 9, 1)}},
		.source = ORT, OUT_SHAPE(3, 1, 2, 2),
		.expect = {VALUES(9, 11, 10, 5, 9, 7, 5, -4, 11, 0, 7, 0)},
	},
	{
		.op = "MaxRoiPool", .name = "regions at another scale",
		.attrs = {{"pooled_shape", "2 3"}, {"spatial_scale", "0.5"}},
		.in = {{PLANE_4X5},
		       {.shape = RT_SHAPE(2, 5), .no_grad = true,
			GIVEN(0, 0, 0, 6, 6, 0, 2.6, 3, 8, 5)}},
		.source = ORT, OUT_SHAPE(2, 1, 2, 3),
		.expect = {VALUES(9, 9, 11, 10, 10, 5, 5, 5, -4, 10, 1, 8)},
	},
	{
		.op = "MaxRoiPool", .name = "an image that is not there",
		.attrs = {{"pooled_shape", "1 1"}},
		.in = {{PLANE_4X5},
		       {.shape = RT_SHAPE(1, 5), .no_grad = true, GIVEN(7, 0, 0, 3, 3)}},
		.source = "the definition", OUT_SHAPE(1, 1, 1, 1),
		.expect = {VALUES(0)},
	},
	{
		.op = "MaxRoiPool", .name = "regions that are not five numbers",
		.attrs = {{"pooled_shape", "1 1"}},
		.fails = "rois 1x4; N x C x H x W and R x 5",
		.in = {{PLANE_4X5}, {.shape = RT_SHAPE(1, 4)}},
	},
	{
		.op = "Multinomial", .name = "only one class is possible",
		.attrs = {{"sample_size", "3"}, {"seed", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(-900, 5, -900, 0, -2000, -2000)}},
		.source = "the definition", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 1, 1, 0, 0, 0)},
	},
	{
		.op = "Multinomial", .name = "classes as real numbers",
		.attrs = {{"dtype", "1"}},
		.fails = "classes are drawn as i32 or i64, not as f32",
		.in = {{.shape = RT_SHAPE(2, 3)}},
	},
};

const struct op_samples samples_regions = {rows, RT_COUNT(rows)};
