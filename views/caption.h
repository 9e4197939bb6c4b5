/* caption.h - the short facts written above and below a picture, the same way in every view. */
#ifndef RT_VIEWS_CAPTION_H
#define RT_VIEWS_CAPTION_H

#include "views/canvas.h"

/* A number and its name, as callers give them: "cosine 0.71".  value has two decimals (NaN: a dash)
 * unless text says how it is written ("" for a name that stands alone, such as "agreement"). */
struct rt_note {
	const char *name;
	double value;
	const char *text;	/* NULL: value */
};

/* What a legend shows before a name: a colour on paper and in cells, and a glyph. */
struct rt_swatch {
	int32_t paper, cells;
	uint32_t glyph, ascii;
};

/* A fact, with or without a swatch before it. */
struct rt_piece {
	char *text;
	struct rt_swatch swatch;	/* glyph 0: none */
};

/* Facts in order; {0} before use. */
struct rt_pieces {
	struct rt_piece *v;
	int n, cap;
};

/* Adds one fact without swatch; NULL or "" adds nothing. */
void rt_pieces_add(struct rt_pieces *p, const char *text);
void rt_pieces_addf(struct rt_pieces *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds one with a swatch: the one given, or that of a role's bars. */
void rt_pieces_swatch(struct rt_pieces *p, const struct rt_swatch *swatch, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void rt_pieces_role(struct rt_pieces *p, enum rt_role role, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

void rt_pieces_notes(struct rt_pieces *p, const struct rt_note *note, int n);
void rt_pieces_release(struct rt_pieces *p);

/* Writes the pieces three blanks apart from column x of row y on, each whole, beginning a new row
 * at `indent` when the row is full; one longer than a row is broken between words.  Returns the row
 * behind the last one used. */
int rt_pieces_draw(struct rt_canvas *c, int x, int y, int indent, const struct rt_pieces *p,
		   struct rt_ink ink);

/* Appends a title (may be NULL) in bold; its parts, three blanks apart, stay whole. */
void rt_title_draw(struct rt_canvas *c, const char *title);

/* "teacher", "student", "control", "difference", "". */
const char *rt_role_name(enum rt_role role);

/* Writes "teacher lenet5", or the name alone where it says the role already; returns buf. */
char *rt_model_label(char *buf, size_t size, enum rt_role role, const char *name);

#endif
