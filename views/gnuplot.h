/* gnuplot.h - charts drawn by the external program gnuplot: PNG, SVG and PDF.
 *
 * Optional: every chart here is also drawn without gnuplot (curves.h, confusion.h).  Text reaches
 * gnuplot in single quotes only, where it runs nothing.
 */
#ifndef RT_VIEWS_GNUPLOT_H
#define RT_VIEWS_GNUPLOT_H

#include "views/confusion.h"
#include "views/curves.h"

struct rt_gnuplot {
	const char *path;	/* the picture; its suffix says what it is: .png, .svg, .pdf */
	bool keep;		/* leave the script (.gp) and the data (.dat) beside it */
	double timeout;		/* seconds; 0: 30 */
};

/* Draws and writes the picture atomically.  Errors: RT_EINVAL (suffix, nothing to draw),
 * RT_ENOTFOUND (no gnuplot), RT_EIO (gnuplot failed, with its last line; time is up; a file cannot
 * be written), RT_ECANCELLED. */
enum rt_status rt_curves_gnuplot(const struct rt_curves *v, const struct rt_gnuplot *g,
				 struct rt_err *err);
enum rt_status rt_confusion_gnuplot(const struct rt_confusion *m, const struct rt_gnuplot *g,
				    struct rt_err *err);

/* A control character, which no quoted text contains. */
#define RT_GNUPLOT_DATA "\001"

/* A chart on its way to gnuplot. */
struct rt_gnuplot_job {
	struct rt_str head;	/* commands before the plot */
	struct rt_str plot;	/* the plot command, RT_GNUPLOT_DATA where the data are named */
	struct rt_str data;	/* blocks, two empty lines apart */
	const char *command;	/* of ours, kept as a comment; may be NULL */
};

/* Runs a job and releases it; size of the picture in pixels. */
enum rt_status rt_gnuplot_finish(struct rt_gnuplot_job *job, const struct rt_gnuplot *g, int w,
				 int h, struct rt_err *err);

/* Appends text in single quotes, quotes doubled and control characters blank. */
void rt_gnuplot_quote(struct rt_str *out, const char *text);

/* Appends "set NAME 'text'", nothing when text is NULL. */
void rt_gnuplot_set(struct rt_str *out, const char *name, const char *text);

#endif
