/* model.h - what the commands about models share. */
#ifndef RT_CMD_MODEL_H
#define RT_CMD_MODEL_H

#include "cmd/common.h"

/* The name becomes part of commands and file names.  Error: RT_EINVAL. */
enum rt_status rt_model_name_check(const char *name, struct rt_err *err);

/* Adds "student   Nx1x28x28 → Nx10   23,860 parameters   23,820 MACs   from ..." to the reply, and
 * the name as its value where it has none. */
enum rt_status rt_say_model(const struct rt_ctx *ctx, struct rt_reply *reply,
			    const struct rt_model *m, struct rt_err *err);

#endif
