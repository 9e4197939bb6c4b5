/* layout.h - layouts: which panes stand where on the screen, each a row, some the user's own. */
#ifndef RT_VIEWS_LAYOUT_H
#define RT_VIEWS_LAYOUT_H

#include "views/pane.h"

enum { RT_BANDS = 4 };

/* Panes side by side with their shares of the width; the first without a pane ends them. */
struct rt_band {
	int share;		/* of the height */
	struct {
		const struct rt_pane *pane;
		int share;
	} slot[RT_BANDS];
};

struct rt_layout {
	struct rt_row row;
	struct rt_band narrow[RT_BANDS], wide[RT_BANDS]; /* from the top; wide: 110 columns */
};

/* Those that come with the program: distill, explain, compress, focus.  Each row is the head of its
 * struct rt_layout. */
extern const struct rt_list rt_layouts;

/* Whether it shows one pane alone. */
bool rt_layout_is_focus(const struct rt_layout *l);

/* The user's own, borrowed for ever, at most `most`; returns how many.  In any thread. */
int rt_layouts_own(const struct rt_layout *out[], int most);

/* Appends what may follow the command layout beside the names of rt_layouts: the user's own, and
 * the words of the command itself. */
void rt_layout_names(struct rt_strings *out);

/* The layout of that name, borrowed for ever.  Error: RT_ENOTFOUND with a suggestion. */
enum rt_status rt_layout_get(const struct rt_layout **out, const char *name, struct rt_err *err);

/* The one behind l in the order of the list, then of the user's own, then from the beginning. */
const struct rt_layout *rt_layout_next(const struct rt_layout *l);

/* A layout without a name of n bands, each blank-separated panes that may have shares: "models
 * curves:2"; borrowed for ever.  Errors: RT_EINVAL, RT_ENOTFOUND. */
enum rt_status rt_layout_of(const struct rt_layout **out, int n, const char *const *bands,
			    struct rt_err *err);

/* Keeps l under that name in the user's configuration; alone is the pane of the layout focus.
 * Errors: RT_EINVAL (not a name, or one of ours), RT_EIO.  In one thread only. */
enum rt_status rt_layout_keep(const char *name, const struct rt_layout *l,
			      const struct rt_pane *alone, struct rt_err *err);

/* Where a pane was drawn: its title on row y, and h - 1 rows below. */
struct rt_place {
	const struct rt_pane *pane;
	int x, y, w, h;
};

/* How far panes are scrolled and where they are; {0} at first. */
struct rt_seen {
	int from[RT_MOST_PANES];	/* by their place in rt_panes; clipped when drawn */
	const struct rt_pane *marked;	/* the one that keys scroll, or NULL */
	int n;				/* of the latest rt_layout_draw() */
	struct rt_place place[16];
};

/* The rows by which a pane is scrolled, to read and change. */
int *rt_seen_from(struct rt_seen *seen, const struct rt_pane *pane);

/* Draws the panes of a layout on rows y .. y + h - 1 over the whole width of the canvas; the least
 * important are left out where there is no room.  alone is the pane of the layout `focus`.  A
 * lesson under way stands above them. */
void rt_layout_draw(struct rt_canvas *c, int y, int h, const struct rt_layout *layout,
		    const struct rt_pane *alone, const struct rt_scene *s, struct rt_seen *seen);

#endif
