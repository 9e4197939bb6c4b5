/* signals.h - signals, brought to a poll loop as bytes in a pipe. */
#ifndef RT_SCREEN_SIGNALS_H
#define RT_SCREEN_SIGNALS_H

#include <stdbool.h>

/* Scripts: Ctrl-C asks the work to stop; the third one ends the program. */
void rt_signals_batch(void);

/* A prompt: in addition SIGTERM, SIGHUP, SIGWINCH and SIGTSTP arrive at rt_signals_next(), and a
 * fatal signal leaves the terminal as it is now. */
void rt_signals_prompt(void);

/* Readable when a signal has arrived. */
int rt_signals_fd(void);

/* The next signal that has arrived, 0 when there is none. */
int rt_signals_next(void);

/* Between begin and end Ctrl-C belongs to the command `what` (borrowed) and Ctrl-Z stops the
 * program. */
void rt_signals_busy_begin(const char *what);
void rt_signals_busy_end(void);

/* A full screen on the terminal fd (-1: none any more): a program that dies writes bytes (borrowed)
 * to it first.  Every Ctrl-C then also arrives at rt_signals_next(). */
void rt_signals_screen(int fd, const char *bytes);

/* What runs in another thread, borrowed, or NULL: Ctrl-C asks it to stop. */
void rt_signals_working(const char *what);

/* The third Ctrl-C in a row calls save in a thread of its own, with the terminal to write on, and
 * ends the program then; a fourth ends it at once. */
void rt_signals_rescue(void (*save)(void *closure, int fd), void *closure);

/* While the terminal is lent to another program, Ctrl-C is for that one alone. */
void rt_signals_lend(bool lent);

/* Stops the program as Ctrl-Z does; returns when it is continued. */
void rt_signals_suspend(void);

#endif
