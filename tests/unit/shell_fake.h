/* shell_fake.h - commands, topics and a session that only count what happens to them. */
#ifndef RT_TESTS_SHELL_FAKE_H
#define RT_TESTS_SHELL_FAKE_H

#include "shell/cmd.h"
#include "shell/shell.h"

extern const struct rt_list fake_commands;
extern const struct rt_list fake_optimizers;
extern const struct rt_list fake_scores;

/* What happened, a word each: "begin(distill a b) run commit ". */
extern struct rt_str fake_events;

/* How often a handler ran. */
extern int fake_runs;

/* Everything written to stdout and stderr between the two calls; the caller frees both. */
void capture_begin(void);
void capture_end(char **out, char **err);

#endif
