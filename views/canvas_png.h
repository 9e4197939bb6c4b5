/* canvas_png.h - any canvas as a picture: what a terminal would show, cell by cell. */
#ifndef RT_VIEWS_CANVAS_PNG_H
#define RT_VIEWS_CANVAS_PNG_H

#include "base/err.h"
#include "views/canvas.h"

/* Writes the canvas as PNG on white ground; blocks and lines of box drawing are drawn exactly,
 * letters in cells of equal width.  Errors: RT_EINVAL (empty), those of rt_png_write(). */
enum rt_status rt_canvas_png(const struct rt_canvas *c, const char *path, struct rt_err *err);

#endif
