/* ops.h - every operator, by name. */
#ifndef RT_OPS_OPS_H
#define RT_OPS_OPS_H

#include "graph/op.h"

/* All rows of ops/list.h. */
extern const struct rt_list rt_ops;

/* The operator of that ONNX name (default domain or retort's own), borrowed, or NULL. */
const struct rt_op *rt_op_find(const char *name);

#include "ops/list.h"
#define RT_OP_DECLARE(name) extern const struct rt_op rt_op_##name;
RT_OP_LIST(RT_OP_DECLARE)
#undef RT_OP_DECLARE

#endif
