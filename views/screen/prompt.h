/* prompt.h - the plain prompt: one line at a time, no full screen. */
#ifndef RT_SCREEN_PROMPT_H
#define RT_SCREEN_PROMPT_H

#include "shell/shell.h"

struct rt_prompt {
	struct rt_shell *shell;
	struct rt_terminal *term;	/* the one the shell reads; its size is kept up to date */
	bool quiet;			/* no greeting */
	bool no_rc;			/* do not run retortrc first */
	struct rt_session *session;	/* saved when the program is ended by force */
};

/* Reads and runs lines until quit, end of file or a signal that ends the program; returns the exit
 * code (128 + signal for SIGTERM and SIGHUP). */
int rt_prompt_run(const struct rt_prompt *p);

#endif
