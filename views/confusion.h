/* confusion.h - which class is taken for which, as a matrix in cells and as PNG. */
#ifndef RT_VIEWS_CONFUSION_H
#define RT_VIEWS_CONFUSION_H

#include "base/err.h"
#include "views/caption.h"

struct rt_confusion {
	const char *title;
	int classes;
	const int64_t *count;	/* classes x classes; row: true class, column: predicted */
	const char *const *class_name;	/* NULL: numbers */
	int top;		/* pairs listed below; 0: 5 */
	int nnote;
	const struct rt_note *note;
	const char *command;
};

/* Counts with recall at the end of each row; where they do not fit, shades (the darker or fuller,
 * the larger the part of the row).  The most frequent mistakes follow. */
void rt_confusion_draw(struct rt_canvas *c, const struct rt_confusion *m);

/* Errors: RT_EINVAL (no class), those of rt_png_write. */
enum rt_status rt_confusion_png(const struct rt_confusion *m, const char *path, struct rt_err *err);

#endif
