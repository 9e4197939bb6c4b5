/* samples_sampling.c - sampled images, boxes, sums over named axes, spectra, random numbers. */
#include "config.h"

#include "tests/ops/samples.h"

/* Places away from the pixels' centres and edges, where the slope jumps. */
#define GRID                                                                                       \
	{.shape = RT_SHAPE(1, 2, 3, 2),                                                            \
	 GIVEN(-0.62, -0.4, 0.1, 0.21, 0.55, -0.15, 0.83, 0.47, -0.23, 0.66, 1.27, -1.36)}
#define IMAGE {.shape = RT_SHAPE(1, 2, 4, 5)}
#define NUMBERS(...) {.dtype = RT_I64, __VA_ARGS__}

static const struct op_sample rows[] = {
	{
		.op = "GridSample", .name = "bilinear, zeros outside", .in = {IMAGE, GRID},
		OUT_SHAPE(1, 2, 2, 3), .eps = 2e-3,
	},
	{
		.op = "GridSample", .name = "bicubic, the border outside, corners aligned",
		.attrs = {{"mode", "bicubic"}, {"padding_mode", "border"}, {"align_corners", "1"}},
		.in = {IMAGE, GRID}, OUT_SHAPE(1, 2, 2, 3), .eps = 2e-3,
	},
	{
		.op = "GridSample", .name = "bilinear, mirrored outside",
		.attrs = {{"padding_mode", "reflection"}}, .in = {IMAGE, GRID},
		OUT_SHAPE(1, 2, 2, 3), .eps = 2e-3,
	},
	{
		.op = "GridSample", .name = "nearest",
		.attrs = {{"mode", "nearest"}}, .in = {IMAGE, GRID}, OUT_SHAPE(1, 2, 2, 3), .eps = 2e-3,
	},
	{
		.op = "GridSample", .name = "a grid of another batch",
		.fails = "input is 1x2x4x5 and grid 2x2x3x2",
		.in = {IMAGE, {.shape = RT_SHAPE(2, 2, 3, 2)}},
	},
	{
		.op = "RoiAlign", .name = "the mean of four samples",
		.attrs = {{"output_height", "1"}, {"output_width", "1"}, {"sampling_ratio", "2"},
			  {"coordinate_transformation_mode", "output_half_pixel"}},
		.in = {{.shape = RT_SHAPE(1, 1, 2, 2), GIVEN(0, 1, 2, 3)},
		       {.shape = RT_SHAPE(1, 4), GIVEN(0, 0, 1, 1)},
		       NUMBERS(.shape = RT_SHAPE(1), GIVEN(0))},
		.source = "the definition", OUT_SHAPE(1, 1, 1, 1), .expect = {VALUES(1.5)},
	},
	{
		.op = "RoiAlign", .name = "regions that are not four numbers",
		.fails = "rois 1x3; N x C x H x W and R x 4",
		.in = {IMAGE, {.shape = RT_SHAPE(1, 3)}, NUMBERS(.shape = RT_SHAPE(1), GIVEN(0))},
	},
	{
		.op = "MaxUnpool", .name = "back to their places",
		.attrs = {{"kernel_shape", "2 2"}, {"strides", "2 2"}},
		.in = {{.shape = RT_SHAPE(1, 1, 1, 2), GIVEN(5, 7)},
		       NUMBERS(.shape = RT_SHAPE(1, 1, 1, 2), GIVEN(1, 6))},
		.source = "the definition", OUT_SHAPE(1, 1, 2, 4),
		.expect = {VALUES(0, 5, 0, 0, 0, 0, 7, 0)},
	},
	{
		.op = "MaxUnpool", .name = "indices of another shape", .attrs = {{"kernel_shape", "2"}},
		.fails = "indices must be i64 of the input's shape",
		.in = {{.shape = RT_SHAPE(1, 1, 2)}, NUMBERS(.shape = RT_SHAPE(1, 1, 3), GIVEN(1, 2, 3))},
	},
	{
		.op = "NonMaxSuppression", .name = "one overlaps, one is far", .nin = 4,
		.in = {{.shape = RT_SHAPE(1, 3, 4), .known = true,
			GIVEN(0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 10, 1, 11)},
		       {.shape = RT_SHAPE(1, 1, 3), .known = true, GIVEN(0.9, 0.75, 0.6)},
		       NUMBERS(.known = true, GIVEN(3)), {.known = true, GIVEN(0.5)}},
		.source = "the definition", OUT_SHAPE(2, 3), .expect = {VALUES(0, 0, 0, 0, 0, 2)},
	},
	{
		.op = "NonMaxSuppression", .name = "boxes that come while running",
		.fails = "how many boxes stay is known only while running",
		.in = {{.shape = RT_SHAPE(1, 3, 4)}, {.shape = RT_SHAPE(1, 1, 3)}},
	},
	{
		.op = "Einsum", .name = "products of a batch", .nin = 2,
		.attrs = {{"equation", "bij, bjk -> bik"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2)}, {.shape = RT_SHAPE(2, 2, 4)}},
		OUT_SHAPE(2, 3, 4),
	},
	{
		.op = "Einsum", .name = "the rest broadcasts, result implied", .nin = 2,
		.attrs = {{"equation", "...i,i..."}},
		.in = {{.shape = RT_SHAPE(2, 1, 3)}, {.shape = RT_SHAPE(3, 4)}},
		OUT_SHAPE(2, 4),
	},
	{
		.op = "Einsum", .name = "a diagonal", .nin = 1, .attrs = {{"equation", "ii->i"}},
		.in = {{.shape = RT_SHAPE(2, 2), GIVEN(1, 2, 3, 4)}},
		.source = "numpy.einsum", OUT_SHAPE(2), .expect = {VALUES(1, 4)},
	},
	{
		.op = "Einsum", .name = "the sum of three factors", .nin = 3,
		.attrs = {{"equation", "i,ij,j->"}},
		.in = {{.shape = RT_SHAPE(3)}, {.shape = RT_SHAPE(3, 2)}, {.shape = RT_SHAPE(2)}},
		OUT_SCALAR,
	},
	{
		.op = "Einsum", .name = "sizes that differ", .nin = 2,
		.attrs = {{"equation", "ij,jk->ik"}}, .fails = "dimension 0 is 4, elsewhere it is 2",
		.in = {{.shape = RT_SHAPE(3, 2)}, {.shape = RT_SHAPE(4, 3)}},
	},
	{
		.op = "Einsum", .name = "no equation", .nin = 1, .attrs = {{"equation", "i->i>"}},
		.fails = "cannot be read", .in = {{.shape = RT_SHAPE(3)}},
	},
	{
		.op = "DFT", .name = "of one wave",
		.in = {{.shape = RT_SHAPE(1, 4, 1), GIVEN(1, 0, -1, 0)}}, .source = "numpy.fft",
		OUT_SHAPE(1, 4, 2), .expect = {VALUES(0, 0, 2, 0, 0, 0, 2, 0)},
	},
	{
		.op = "DFT", .name = "an inverse, half of it, padded", .nin = 2,
		.attrs = {{"inverse", "1"}, {"onesided", "1"}},
		.in = {{.shape = RT_SHAPE(2, 3, 2)}, NUMBERS(.known = true, GIVEN(5))},
		OUT_SHAPE(2, 3, 2),
	},
	{
		.op = "STFT", .name = "two frames with a window", .nin = 3,
		.in = {{.shape = RT_SHAPE(1, 6, 1), GIVEN(1, 1, 1, 1, 1, 1)},
		       NUMBERS(.known = true, GIVEN(2)),
		       {.shape = RT_SHAPE(4), GIVEN(0, 1, 1, 0)}},
		.source = "numpy.fft", OUT_SHAPE(1, 2, 3, 2),
		.expect = {VALUES(2, 0, -1, -1, 0, 0, 2, 0, -1, -1, 0, 0)},
	},
	{
		.op = "MelWeightMatrix", .name = "eight bands",
		.in = {NUMBERS(.known = true, GIVEN(8)), NUMBERS(.known = true, GIVEN(16)),
		       NUMBERS(GIVEN(8192)), {GIVEN(0)}, {GIVEN(4096)}},
		OUT_SHAPE(9, 8),
	},
	{
		.op = "TfIdfVectorizer", .name = "ones and twos, nothing skipped",
		.attrs = {{"mode", "TF"}, {"min_gram_length", "1"}, {"max_gram_length", "2"},
			  {"max_skip_count", "0"}, {"ngram_counts", "0 2"},
			  {"ngram_indexes", "0 1 2"}, {"pool_int64s", "2 3 5 4"}},
		.in = {NUMBERS(.shape = RT_SHAPE(5), GIVEN(2, 5, 4, 2, 3))},
		.source = "the definition", OUT_SHAPE(3), .expect = {VALUES(2, 1, 1)},
	},
	{
		.op = "TfIdfVectorizer", .name = "a pool that does not add up",
		.attrs = {{"mode", "TF"}, {"min_gram_length", "1"}, {"max_gram_length", "2"},
			  {"max_skip_count", "0"}, {"ngram_counts", "0 2"},
			  {"ngram_indexes", "0 1"}, {"pool_int64s", "2 3 5 4"}},
		.fails = "3 n-grams, 2 indexes", .in = {NUMBERS(.shape = RT_SHAPE(2), GIVEN(2, 5))},
	},
	{
		.op = "Bernoulli", .name = "certain and impossible",
		.in = {{.shape = RT_SHAPE(3), GIVEN(1, 0, 1)}},
		.source = "the definition", OUT_SHAPE(3), .expect = {VALUES(1, 0, 1)},
	},
	{
		.op = "RandomUniform", .name = "nowhere to go",
		.attrs = {{"shape", "2 3"}, {"low", "4"}, {"high", "4"}},
		.source = "the definition", OUT_SHAPE(2, 3), .expect = {VALUES(4, 4, 4, 4, 4, 4)},
	},
	{
		.op = "RandomUniformLike", .name = "as its input", .attrs = {{"seed", "3"}},
		.in = {{.shape = RT_SHAPE(2, 2)}}, OUT_SHAPE(2, 2),
	},
	{
		.op = "RandomNormal", .name = "its mean", .attrs = {{"shape", "2"}, {"mean", "5"}, {"scale", "0"}},
		.source = "the definition", OUT_SHAPE(2), .expect = {VALUES(5, 5)},
	},
	{
		.op = "RandomNormalLike", .name = "as its input", .attrs = {{"seed", "3"}},
		.in = {{.shape = RT_SHAPE(2, 2)}}, OUT_SHAPE(2, 2),
	},
};

const struct op_samples samples_sampling = {rows, RT_COUNT(rows)};
