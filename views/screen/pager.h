/* pager.h - long output through the user's pager. */
#ifndef RT_SCREEN_PAGER_H
#define RT_SCREEN_PAGER_H

#include "shell/cmd.h"

/* Shows text by $PAGER (less where that is not set, nothing where it is empty) if it has more rows
 * than the terminal; false when it is not shown and has to be printed. */
bool rt_pager_show(const struct rt_terminal *term, const char *text);

#endif
