/* canvas.h - a grid of cells on which views draw text pictures; knows no terminal.
 *
 * A canvas has a fixed width and grows downwards as it is drawn on.  Views append below what is
 * there, so several can share one.  On a canvas that is not unicode every character is spelled in
 * ASCII when it is put; glyphs that carry meaning are chosen by the view with style.unicode.
 */
#ifndef RT_VIEWS_CANVAS_H
#define RT_VIEWS_CANVAS_H

#include "views/palette.h"
#include "views/style.h"
#include "views/text.h"

#define RT_DEFAULT (-1)	/* the terminal's own colour */

enum { RT_BOLD = 1, RT_DIM = 2, RT_REVERSE = 4 };

/* How a character looks: colours are 0xRRGGBB or RT_DEFAULT. */
struct rt_ink {
	int32_t fg, bg;
	unsigned attr;
};
#define RT_INK_PLAIN ((struct rt_ink){RT_DEFAULT, RT_DEFAULT, 0})
#define RT_INK_BOLD ((struct rt_ink){RT_DEFAULT, RT_DEFAULT, RT_BOLD})
#define RT_INK_DIM ((struct rt_ink){RT_DEFAULT, RT_DEFAULT, RT_DIM})
#define RT_INK_COLOR(rgb) ((struct rt_ink){(rgb), RT_DEFAULT, 0})

struct rt_cell {
	uint32_t ch;	/* 0: right half of the wide character before it */
	struct rt_ink ink;
};

struct rt_canvas {
	struct rt_style style;
	int w, h;		/* w = style.width, at least 20 */
	int cap;		/* rows there is room for */
	struct rt_cell *cell;	/* cell[y * w + x]; owned */
};

enum rt_align { RT_LEFT, RT_RIGHT, RT_CENTER };

void rt_canvas_init(struct rt_canvas *c, const struct rt_style *style);
void rt_canvas_release(struct rt_canvas *c);

/* Adds blank rows until the canvas has h. */
void rt_canvas_grow(struct rt_canvas *c, int h);

/* Puts one character; what lies outside the width is dropped, rows are added as needed. */
void rt_canvas_put(struct rt_canvas *c, int x, int y, uint32_t ch, struct rt_ink ink);

/* Repeats ch n times. */
void rt_canvas_repeat(struct rt_canvas *c, int x, int y, int n, uint32_t ch, struct rt_ink ink);

/* Writes text and returns the column behind it. */
int rt_canvas_text(struct rt_canvas *c, int x, int y, const char *text, struct rt_ink ink);

/* Writes text into width cells, cut with … when longer, and aligned. */
void rt_canvas_fit(struct rt_canvas *c, int x, int y, int width, enum rt_align align,
		   const char *text, struct rt_ink ink);

/* A frame of w x h cells, ┌─┐ or +-+. */
void rt_canvas_box(struct rt_canvas *c, int x, int y, int w, int h, struct rt_ink ink);

/* Cells that text takes on this canvas, spelled as it will be. */
int rt_canvas_width(const struct rt_canvas *c, const char *text);

/* Appends the canvas as lines of text, blanks at their ends cut off; escape sequences for colours
 * and attributes when style.colors is not 0, each line ending with the default look. */
void rt_canvas_print(const struct rt_canvas *c, struct rt_str *out);

/* Appends the canvas to out and releases it. */
void rt_canvas_finish(struct rt_canvas *c, struct rt_str *out);

/* Where text begins in n cells, from cell `from` on, upper and lower case alike; -1 when it is not
 * there, or empty. */
int rt_cells_find(const struct rt_cell *cell, int n, const char *text, int from);

/* A bar of `cells` (fractional) cells: a role's fill, with an eighth block at the end for the
 * teacher's solid one (others are rounded, but a bar above 0 shows at least a sliver).  At most
 * width cells. */
void rt_canvas_bar(struct rt_canvas *c, int x, int y, int width, double cells, enum rt_role role);

#endif
