/* if.c - If: one of two graphs, as a condition says; exec/control.c runs it. */
#include "config.h"

#include "ops/ops.h"

/* What comes out is known when it has run. */
static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	(void)c;
	return rt_fail(err, RT_EUNKNOWN, "what its graph gives is known only while running");
}

static const char *const subgraphs[] = {"then_branch", "else_branch", NULL};

const struct rt_op rt_op_If = {
	.row = {.name = "If", .summary = "one of two graphs"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = -1,
	.flags = RT_OP_CONTROL,
	.subgraphs = subgraphs,
	.infer = infer,
};
