/* scrollback.h - what was printed: the last 10,000 lines as cells, wrapped when they are drawn. */
#ifndef RT_SCREEN_SCROLLBACK_H
#define RT_SCREEN_SCROLLBACK_H

#include "views/canvas.h"

struct rt_scrollback;

struct rt_scrollback *rt_scrollback_new(bool unicode);
void rt_scrollback_free(struct rt_scrollback *s);

/* Adds bytes as a program writes them to a terminal: UTF-8 (also cut in the middle of a character),
 * colours, \n \r \b \t; every other escape sequence is dropped. */
void rt_scrollback_write(struct rt_scrollback *s, const char *bytes, size_t n);

/* Draws the rows that end `back` rows above the newest on rows y .. y + h - 1, so that the newest
 * is the last.  With `most` all lines are measured and how far `back` can go is returned. */
int rt_scrollback_draw(const struct rt_scrollback *s, struct rt_canvas *c, int y, int h, int back,
		       bool most);

/* The row (counted from the newest, 0, in lines wrapped to width w) nearest to `row` in the
 * direction of `step` (+1 older, -1 newer) that has text in it, upper and lower case alike; -1 when
 * there is none. */
int rt_scrollback_find(const struct rt_scrollback *s, int w, const char *text, int row, int step);

#endif
