/* frame.h - one picture of the whole screen: panes, what was printed, prompt, key bar. */
#ifndef RT_SCREEN_FRAME_H
#define RT_SCREEN_FRAME_H

#include "views/layout.h"
#include "views/screen/scrollback.h"

enum { RT_LEAST_ROWS = 8, RT_LEAST_COLUMNS = 40 };

/* Everything that is on the screen; all borrowed. */
struct rt_frame {
	int rows;
	const struct rt_layout *layout;
	const struct rt_pane *pane;	/* of the layout focus */
	struct rt_seen *seen;		/* how far panes are scrolled; where they are: filled in */
	bool help;
	int help_from;			/* its first row; clipped */
	const char *search;		/* what is searched for, NULL: nothing */
	int found;			/* its row in the log, counted from the newest; -1 = none */
	struct rt_scene scene;		/* look may be NULL */
	const struct rt_scrollback *log;
	int back;			/* rows scrolled back; clipped to what there is */
	const char *prompt, *line;
	int point;			/* the cursor, a byte of line */
	int x, y;			/* where the cursor is on the screen: filled in */
	int log_y;			/* the first row of the log: filled in */
};

/* Draws f on an empty canvas. */
void rt_frame_draw(struct rt_canvas *c, struct rt_frame *f);

/* How many rows of the log are seen, for scrolling by pages. */
int rt_frame_log_rows(const struct rt_frame *f);

#endif
