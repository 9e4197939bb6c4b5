/* scan.c - Scan: a graph run for every slice of its inputs; exec/control.c runs it. */
#include "config.h"

#include "ops/ops.h"

struct scan {
	int64_t num_scan_inputs;
	struct rt_ints scan_input_axes, scan_input_directions;
	struct rt_ints scan_output_axes, scan_output_directions;
};

#define OPT(field, kind) .name = #field, .type = kind, .offset = offsetof(struct scan, field)

static const struct rt_opt opts[] = {
	{OPT(num_scan_inputs, RT_INT), .min = 1, .max = 1024, .example = "1",
	 .flags = RT_OPT_REQUIRED, .summary = "how many of the last inputs are sliced"},
	{OPT(scan_input_axes, RT_INTS), .summary = "the axis each is sliced along; 0 by default"},
	{OPT(scan_input_directions, RT_INTS), .summary = "1: from the last slice to the first"},
	{OPT(scan_output_axes, RT_INTS), .summary = "the axis each result is put together along"},
	{OPT(scan_output_directions, RT_INTS), .summary = "1: the last step comes first"},
	{0},
};

/* What comes out is known when it has run. */
static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	(void)c;
	return rt_fail(err, RT_EUNKNOWN, "what its graph gives is known only while running");
}

static const char *const subgraphs[] = {"body", NULL};

const struct rt_op rt_op_Scan = {
	.row = {.name = "Scan",
		.summary = "a graph run for every slice of its inputs",
		.opts = opts,
		.params_size = sizeof(struct scan)},
	.min_in = 1,
	.max_in = -1,
	.min_out = 1,
	.max_out = -1,
	.flags = RT_OP_CONTROL,
	.subgraphs = subgraphs,
	.infer = infer,
};
