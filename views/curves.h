/* curves.h - line charts and scatter plots of several series, in cells and as PNG. */
#ifndef RT_VIEWS_CURVES_H
#define RT_VIEWS_CURVES_H

#include "base/err.h"
#include "views/axis.h"
#include "views/caption.h"

struct rt_series {
	const char *name;
	enum rt_role role;
	int n;
	const double *x;	/* NULL: 1, 2 ... n; rising for lines */
	const double *y;	/* NaN: a gap */
	const char *const *label;	/* one a point, for scatter plots; NULL: none */
	bool reference; /* the level y[0] across the whole width, dashed (a teacher's accuracy) */
};

/* Series that own their numbers; {0} has none. */
struct rt_chart {
	struct rt_series *series;
	int n, cap;
};

/* Adds a series of n numbers, which the caller writes; name is borrowed. */
double *rt_chart_add(struct rt_chart *c, const char *name, enum rt_role role, int n);
/* Adds a level across the whole width. */
void rt_chart_add_reference(struct rt_chart *c, const char *name, enum rt_role role, double y);
void rt_chart_release(struct rt_chart *c);

struct rt_curves {
	const char *title, *xlabel, *ylabel;
	int nseries;
	const struct rt_series *series;	/* in the order of the legend */
	bool points;		/* a scatter plot: points are not joined */
	bool braille;		/* in cells: dots of braille patterns, where the font has them */
	int rows;		/* of the plot in cells; 0: 12 */
	int nnote;
	const struct rt_note *note;
	const char *command;
};

void rt_curves_draw(struct rt_canvas *c, const struct rt_curves *v);

/* Errors: RT_EINVAL (nothing finite to draw), those of rt_png_write. */
enum rt_status rt_curves_png(const struct rt_curves *v, const char *path, struct rt_err *err);

/* The same as a page that is not saved yet. */
struct rt_page;
enum rt_status rt_curves_page(struct rt_page *page, const struct rt_curves *v,
			       struct rt_err *err);

/* The range that holds every finite point; false when there is none. */
struct rt_extent {
	double x0, x1, y0, y1;
	bool whole_x;		/* every x is a whole number */
};
bool rt_curves_extent(struct rt_extent *e, const struct rt_curves *v);

/* x of point i. */
double rt_series_x(const struct rt_series *s, int i);

/* How many series before this one have its role. */
int rt_series_nth(const struct rt_curves *v, int series);

/* What a series is drawn with in cells. */
struct rt_stroke {
	uint32_t flat, upright;			/* ─ │ */
	uint32_t down_right, down_left;		/* ╭ ╮ */
	uint32_t up_right, up_left;		/* ╰ ╯ */
	uint32_t point;				/* scatter plots, lonely points */
};
struct rt_stroke rt_series_stroke(const struct rt_curves *v, int series, bool unicode);

/* The legend: swatch, name and last value of each series. */
void rt_curves_legend(struct rt_pieces *legend, const struct rt_curves *v);

#endif
