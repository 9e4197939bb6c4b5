/* samples_control.c - the operators that run graphs; tests/unit/eager.c runs them. */
#include "config.h"

#include "tests/ops/samples.h"

#define LATER .fails = "what its graph gives is known only while running"

static const struct op_sample rows[] = {
	{
		.op = "If", .name = "shapes come later", LATER,
		.in = {{.dtype = RT_BOOL8, .shape = {0}, GIVEN(1)}},
	},
	{
		.op = "Loop", .name = "shapes come later", LATER,
	},
	{
		.op = "Scan", .name = "shapes come later", LATER,
		.attrs = {{"num_scan_inputs", "1"}}, .in = {{.shape = RT_SHAPE(3, 2)}},
	},
};

const struct op_samples samples_control = {rows, RT_COUNT(rows)};
