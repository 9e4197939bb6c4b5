/* redirect.h - output of the program into a pipe, while the terminal belongs to the screen. */
#ifndef RT_SCREEN_REDIRECT_H
#define RT_SCREEN_REDIRECT_H

#include <stdbool.h>
#include <stdio.h>

struct rt_redirect {
	FILE *in, *out;		/* the terminal */
	FILE *nowhere;		/* swallows what readline writes */
	int output;		/* reads what goes to 1 and 2; does not block */
	int saved[3];		/* the program's own 0, 1 and 2 */
};

/* Takes 1 and 2 (where it is the terminal) into a pipe, and gives 0 to nobody; false, with errno,
 * when the system refuses. */
bool rt_redirect_begin(struct rt_redirect *r);

/* Gives them back. */
void rt_redirect_end(struct rt_redirect *r);

#endif
