/* screen.h - the terminal as a grid of cells; curses, and nothing else, is behind it. */
#ifndef RT_SCREEN_SCREEN_H
#define RT_SCREEN_SCREEN_H

#include "views/canvas.h"

#include <stdio.h>

/* Whether TERM names a terminal that can place its cursor; *why (borrowed) says what is missing. */
bool rt_screen_capable(const char **why);

/* Takes over the terminal; false when curses cannot.  in and out are the terminal itself. */
bool rt_screen_open(FILE *in, FILE *out);
void rt_screen_close(void);

/* Leaves the screen so that plain text can be written, and comes back. */
void rt_screen_suspend(void);
void rt_screen_resume(void);

/* The terminal has another size. */
void rt_screen_resize(int h, int w);

/* Everything is drawn anew at the next rt_screen_show(). */
void rt_screen_refresh_all(void);

/* Shows the canvas with the cursor at (x, y); only what has changed is sent. */
void rt_screen_show(const struct rt_canvas *c, int x, int y);

/* Whether the terminal can report its mouse; and asks it to, or not: then its own selection works
 * as without us.  It is asked from the beginning. */
bool rt_screen_has_mouse(void);
void rt_screen_mouse(bool on);

/* The bytes that leave the screen and make the terminal usable, for a signal handler; borrowed. */
const char *rt_screen_farewell(void);

/* What the terminal sends for a key of terminfo ("kf5"), borrowed, or NULL. */
const char *rt_screen_key(const char *capability);

#endif
