/* terminal.h - what the terminal can show, decided once. */
#ifndef RT_SCREEN_TERMINAL_H
#define RT_SCREEN_TERMINAL_H

#include "shell/cmd.h"

enum rt_color_when { RT_COLOR_AUTO, RT_COLOR_ALWAYS, RT_COLOR_NEVER };

/* Fills *term for stdout and stderr.  Colours: the option, then NO_COLOR, CLICOLOR_FORCE, whether
 * stdout is a terminal, TERM.  Symbols: ascii, then the locale.  A pipe is 80 columns wide. */
void rt_terminal_detect(struct rt_terminal *term, enum rt_color_when when, bool ascii);

/* Asks for the size again; a size of 0 is ignored. */
void rt_terminal_resize(struct rt_terminal *term);

/* True when there is a person at both ends: stdin and stdout are terminals. */
bool rt_terminal_both(void);

#endif
