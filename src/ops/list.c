/* list.c - the list of operators and its look-up. */
#include "config.h"

#include "ops/ops.h"

#define ROW(name) &rt_op_##name.row,
static const struct rt_row *const rows[] = {RT_OP_LIST(ROW)};
#undef ROW

const struct rt_list rt_ops = {"operator", rows, RT_COUNT(rows)};

const struct rt_op *rt_op_find(const char *name)
{
	return (const struct rt_op *)rt_list_find(&rt_ops, name);
}
