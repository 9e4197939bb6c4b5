/* pane.h - panes: what is seen of a session, each a row; see layout.h for placing them.
 *
 * A pane draws on a canvas of its own width, so it needs no terminal: the screen shows it, the
 * command `view` prints it, tests compare it.
 */
#ifndef RT_VIEWS_PANE_H
#define RT_VIEWS_PANE_H

#include "base/row.h"
#include "base/val.h"
#include "session/look.h"
#include "views/canvas.h"

/* A step of a lesson as it is read. */
struct rt_lesson_page {
	char *title;	/* "First distillation   step 3 of 12: A teacher" */
	char *text;	/* paragraphs; lines that begin with a blank stay as they are */
	char *tries;	/* commands to try, one a line; "" = none */
};

/* What there is to draw; all borrowed. */
struct rt_scene {
	const struct rt_look *look;
	const struct rt_focus *focus;
	double now;			/* rt_now(), for rates and times left */
	const char *running;		/* the command under way, or NULL */
	int queued;			/* commands that wait for it */
	const struct rt_lesson_page *lesson;	/* the step of the lesson under way, or NULL */
};

struct rt_pane {
	struct rt_row row;
	int height;		/* rows it likes to have where it stands alone */
	/* Appends the words of the title line: "sample 17: 4". */
	void (*title)(struct rt_str *out, const struct rt_scene *s);
	/* Draws from the top of an empty canvas on; what exceeds h rows is cut off by the
	 * caller. */
	void (*draw)(struct rt_canvas *c, const struct rt_scene *s, int h);
	/* The same as numbers: a list of dictionaries. */
	struct rt_val *(*value)(const struct rt_scene *s);
	/* What a click on row y (below the title, h rows are shown) means, NULL for nothing: a
	 * command that the caller frees. */
	char *(*pick)(const struct rt_scene *s, int w, int h, int y);
	bool scrolls;		/* with more rows than there is room, it draws them all */
	int head;		/* rows that stay when it is scrolled */
	/* A picture on a page of its own; NULL: as its cells look. */
	enum rt_status (*png)(const struct rt_scene *s, const char *path, const char *command,
			      struct rt_err *err);
};

enum { RT_MOST_PANES = 16 };

#define RT_PANE_LIST(X) \
	X(models) \
	X(curves) \
	X(sample) \
	X(layers) \
	X(confusion) \
	X(compression) \
	X(job) \
	X(lesson)

#define RT_PANE_DECLARE(name) extern const struct rt_pane rt_pane_##name;
RT_PANE_LIST(RT_PANE_DECLARE)
#undef RT_PANE_DECLARE

/* Every pane; each row is the head of its struct rt_pane. */
extern const struct rt_list rt_panes;

/* The pane of that name, borrowed.  Error: RT_ENOTFOUND with a suggestion. */
enum rt_status rt_pane_get(const struct rt_pane **out, const char *name, struct rt_err *err);

/* Copies rows from .. from + h - 1 of the first w columns of `what` to (x, y). */
void rt_canvas_paste(struct rt_canvas *c, int x, int y, int w, int h, const struct rt_canvas *what,
		     int from);

/* --- for the panes ---------------------------------------------------------------------------- */

/* What a model is in the latest run; RT_OTHER when it is not part of it. */
enum rt_role rt_look_role(const struct rt_look *l, const char *name);

/* A line that says what to do where there is nothing to show yet. */
void rt_pane_hint(struct rt_canvas *c, const char *text);

/* Name of the class, or its number, in buf. */
const char *rt_look_class(const struct rt_look *l, int64_t k, char *buf, size_t size);

/* "98.20 %" or "RMSE 3.1"; a dash for NaN. */
char *rt_look_score(char buf[RT_NUM], const struct rt_look *l, double score);

/* "431 k", "1.2 M": three digits. */
char *rt_num_brief(char buf[RT_NUM], double n);

#endif
