/* cmds.h - the commands of the program, and the lists of rows that are topics of help. */
#ifndef RT_CMD_CMDS_H
#define RT_CMD_CMDS_H

#include "cmd/list.h"
#include "shell/cmd.h"

#define RT_CMD_DECLARE(name) extern const struct rt_cmd rt_cmd_##name;
RT_CMD_LIST(RT_CMD_DECLARE)
#undef RT_CMD_DECLARE

/* Every command; each row is the head of its struct rt_cmd. */
extern const struct rt_list rt_commands;

/* What bench runs; in cmd/bench.c. */
extern const struct rt_list rt_workloads;

/* The lists of RT_TOPIC_LIST, NULL at the end. */
extern const struct rt_list *const rt_topics[];

#endif
