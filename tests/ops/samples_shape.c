/* samples_shape.c - operators that move, name or count elements. */
#include "config.h"

#include "tests/ops/samples.h"

static const struct op_sample rows[] = {
	{
		.op = "Identity", .name = "keeps everything",
		.in = {{.shape = RT_SHAPE(2, 3), GIVEN(1, 2, 3, 4, 5, -6)}},
		.source = "definition", OUT_SHAPE(2, 3),
		.expect = {VALUES(1, 2, 3, 4, 5, -6)},
	},
};

const struct op_samples samples_shape = {rows, RT_COUNT(rows)};
