/* line.h - readline as every prompt here wants it. */
#ifndef RT_SCREEN_LINE_H
#define RT_SCREEN_LINE_H

#include "shell/shell.h"

/* Settings and completion; pending (borrowed) holds the lines of a command that is not whole
 * yet. */
void rt_line_set_up(struct rt_shell *sh, const struct rt_str *pending);

/* Readline's rl_prep_term_function for a plain prompt. */
void rt_line_prepare(int meta);

#endif
