/* bars.h - probability bars of several models side by side, and plain horizontal bars. */
#ifndef RT_VIEWS_BARS_H
#define RT_VIEWS_BARS_H

#include "base/err.h"
#include "views/caption.h"

struct rt_bars_model {
	enum rt_role role;
	const char *name;	/* may be NULL */
	const float *hard;	/* probabilities at T = 1, one a class */
	const float *soft;	/* at the temperature; NULL for none of the models or for all */
};

/* What the models think of one sample. */
struct rt_bars {
	int64_t sample;		/* its number; -1: not shown */
	int classes;
	const char *const *class_name;	/* NULL: numbers */
	int label;		/* the true class, marked *; -1: unknown */
	double temperature;
	int nmodel;
	const struct rt_bars_model *model;	/* teacher, student, control */
	int top;		/* classes drawn at most; 0: 10.  The true one always is. */
	int nnote;
	const struct rt_note *note;	/* "KL 0.481" */
	const char *command;	/* for the PNG; may be NULL */
};

/* Appends the bars to the canvas.  Classes in the order of their largest T = 1 probability; those
 * below 0.1 % in every column, and those beyond `top`, become one line with their sums. */
void rt_bars_draw(struct rt_canvas *c, const struct rt_bars *b);

/* Writes the same as PNG.  Errors: RT_EINVAL (no class or model), those of rt_png_write. */
enum rt_status rt_bars_png(const struct rt_bars *b, const char *path, struct rt_err *err);

/* The same as a page that is not saved yet. */
struct rt_page;
enum rt_status rt_bars_page(struct rt_page *page, const struct rt_bars *b,
			       struct rt_err *err);

/* One bar a name, as long as its value: class balance, importances.  Negative values have none. */
struct rt_hbars {
	const char *title;	/* may be NULL */
	int n;
	const char *const *name;	/* NULL: numbers */
	const double *value;
	bool share;		/* values are counts: show them with their percentage of the sum */
	int decimals;		/* of the values otherwise */
	enum rt_role role;	/* whose hue */
	int nnote;
	const struct rt_note *note;
	const char *command;
};

void rt_hbars_draw(struct rt_canvas *c, const struct rt_hbars *b);
enum rt_status rt_hbars_png(const struct rt_hbars *b, const char *path, struct rt_err *err);

/* Which classes have a bar, and what the rest adds up to; shared by both back ends. */
struct rt_bars_plan {
	int n;			/* classes drawn */
	int *order;		/* [n] class numbers; owned */
	int others;
	double (*sum)[2];	/* [nmodel] of the others at T = 1 and softened; owned */
	bool soft;
};
void rt_bars_plan(struct rt_bars_plan *plan, const struct rt_bars *b);
void rt_bars_plan_release(struct rt_bars_plan *plan);

/* Appends what the others add up to for each model: "1.1 % | 1.0 %". */
void rt_bars_sums(struct rt_str *out, const struct rt_bars *b, const struct rt_bars_plan *plan,
		  int soft);

/* The facts above the bars: sample, label, each model's answer, notes. */
void rt_bars_head(struct rt_pieces *head, const struct rt_bars *b);

/* Writes class k's name or number to buf; returns buf. */
char *rt_bars_class(char *buf, size_t size, const struct rt_bars *b, int k);

#endif
