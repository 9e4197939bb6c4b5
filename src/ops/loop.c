/* loop.c - Loop: a graph run again and again, its results the next run's inputs; exec/control.c
 * runs it. */
#include "config.h"

#include "ops/ops.h"

/* What comes out is known when it has run. */
static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	(void)c;
	return rt_fail(err, RT_EUNKNOWN, "what its graph gives is known only while running");
}

static const char *const subgraphs[] = {"body", NULL};

const struct rt_op rt_op_Loop = {
	.row = {.name = "Loop", .summary = "a graph run again and again"},
	.min_in = 0, .max_in = -1, .min_out = 1, .max_out = -1,
	.flags = RT_OP_CONTROL,
	.subgraphs = subgraphs,
	.infer = infer,
};
