/* workbench.h - the prompt with panes above it: the screen in one thread, the work in another. */
#ifndef RT_SCREEN_WORKBENCH_H
#define RT_SCREEN_WORKBENCH_H

#include "session/look.h"
#include "views/screen/prompt.h"

/* Runs the workbench until quit, end of file or a signal that ends the program; returns the exit
 * code as rt_prompt_run().  The calling thread does the work. */
int rt_workbench_run(const struct rt_prompt *p, struct rt_session *session);

/* --- what keys do; in the thread of the screen
 * ------------------------------------------------- */

/* Runs a command as if it had been typed. */
void rt_workbench_command(const char *text);

void rt_workbench_seek(enum rt_seek how);

/* Another temperature of the softened bars: the next one up or down. */
void rt_workbench_warmer(int direction);

void rt_workbench_next_layout(void);
void rt_workbench_next_pane(void);
void rt_workbench_help(void);
void rt_workbench_scroll(int pages);
void rt_workbench_toggle(void);
void rt_workbench_redraw(void);

/* Runs the epochs that are left, or stops a run between two batches. */
void rt_workbench_run_or_pause(void);

/* Asks what to search for; the next match above (+1), or below (-1).  In a marked pane the other
 * way round, from its top down. */
void rt_workbench_search(void);
void rt_workbench_find(int step);
bool rt_workbench_searching(void);
void rt_workbench_search_end(void);

/* The next pane on the screen is marked: PgUp, PgDn and searching are about it. */
void rt_workbench_mark_next(void);

/* Whose the mouse is; and what it has done, read behind the sequence that announces it. */
void rt_workbench_mouse_toggle(void);
void rt_workbench_mouse_event(void);

/* Shows one pane alone; the same once more brings the layout back. */
void rt_workbench_alone(const struct rt_pane *pane);

/* True while a line or a part of a command has been typed. */
bool rt_workbench_typing(void);

#endif
