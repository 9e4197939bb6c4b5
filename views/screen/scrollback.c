/* scrollback.c - what was printed, kept as cells in a ring of lines. */
#include "config.h"

#include "views/screen/scrollback.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LINES = 10000, MOST_CELLS = 4000, MOST_ROWS = MOST_CELLS / 10, TAB = 8, PARAMS = 16 };

struct line {
	struct rt_cell *cell;
	int n, cap;
};

struct rt_scrollback {
	struct line line[LINES];
	int first, n;		/* the ring; the last line is the one written to */
	int column;
	struct rt_ink ink;
	bool unicode;
	char part[8];		/* a character that has not arrived whole */
	int npart;
	enum { TEXT, ESCAPE, CSI, OSC } state;
	int param[PARAMS], nparam;
};

struct rt_scrollback *rt_scrollback_new(bool unicode)
{
	struct rt_scrollback *s = rt_alloc(1, sizeof(*s));

	s->n = 1;
	s->ink = RT_INK_PLAIN;
	s->unicode = unicode;
	return s;
}

void rt_scrollback_free(struct rt_scrollback *s)
{
	if (!s)
		return;
	for (int i = 0; i < LINES; i++)
		free(s->line[i].cell);
	free(s);
}

static struct line *last(struct rt_scrollback *s)
{
	return &s->line[(s->first + s->n - 1) % LINES];
}

static void new_line(struct rt_scrollback *s)
{
	if (s->n == LINES)
		s->first = (s->first + 1) % LINES;
	else
		s->n++;
	last(s)->n = 0;
	s->column = 0;
}

static void put(struct rt_scrollback *s, uint32_t ch)
{
	struct line *l = last(s);
	int width = rt_char_width(ch);

	if (width == 0 || s->column + width > MOST_CELLS)
		return;
	while (l->n < s->column + width) {
		RT_GROW(l->cell, l->n, l->cap);
		l->cell[l->n++] = (struct rt_cell){' ', RT_INK_PLAIN};
	}
	l->cell[s->column] = (struct rt_cell){ch, s->ink};
	if (width == 2)
		l->cell[s->column + 1] = (struct rt_cell){0, s->ink};
	s->column += width;
}

/* --- colours ------------------------------------------------------------------------------- */

static int32_t color_256(int n)
{
	static const int32_t base[] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
				       0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5};
	static const int level[] = {0, 95, 135, 175, 215, 255};

	if (n < 8)
		return base[n < 0 ? 0 : n];
	if (n < 16)
		return rt_color_mix(base[n - 8], 0xffffff, 0.3);
	if (n > 255)
		return RT_DEFAULT;
	if (n >= 232)
		return (8 + 10 * (n - 232)) * 0x010101;
	n -= 16;
	return level[n / 36] << 16 | level[n / 6 % 6] << 8 | level[n % 6];
}

/* "38;5;n" or "38;2;r;g;b" from parameter i on; returns the last one used. */
static int extended(const struct rt_scrollback *s, int i, int32_t *color)
{
	if (i + 2 < s->nparam && s->param[i + 1] == 5) {
		*color = color_256(s->param[i + 2]);
		return i + 2;
	}
	if (i + 4 < s->nparam && s->param[i + 1] == 2) {
		*color = (s->param[i + 2] & 255) << 16 | (s->param[i + 3] & 255) << 8 |
			 (s->param[i + 4] & 255);
		return i + 4;
	}
	return s->nparam;
}

static void set_ink(struct rt_scrollback *s)
{
	struct rt_ink *ink = &s->ink;

	for (int i = 0; i < s->nparam; i++) {
		int p = s->param[i];

		if (p == 0)
			*ink = RT_INK_PLAIN;
		else if (p == 1)
			ink->attr |= RT_BOLD;
		else if (p == 2)
			ink->attr |= RT_DIM;
		else if (p == 22)
			ink->attr = 0;
		else if (p == 38)
			i = extended(s, i, &ink->fg);
		else if (p == 48)
			i = extended(s, i, &ink->bg);
		else if (p >= 30 && p <= 37)
			ink->fg = color_256(p - 30);
		else if (p >= 40 && p <= 47)
			ink->bg = color_256(p - 40);
		else if (p == 39)
			ink->fg = RT_DEFAULT;
		else if (p == 49)
			ink->bg = RT_DEFAULT;
	}
}

/* --- bytes --------------------------------------------------------------------------------- */

static void control(struct rt_scrollback *s, char c)
{
	if (c == '\n')
		new_line(s);
	else if (c == '\r')
		s->column = 0;
	else if (c == '\b' && s->column > 0)
		s->column--;
	else if (c == '\t')
		do
			put(s, ' ');
		while (s->column % TAB && s->column < MOST_CELLS);
	else if (c == '\033')
		s->state = ESCAPE;
}

static void escape(struct rt_scrollback *s, char c)
{
	s->state = TEXT;
	if (c == '[') {
		s->state = CSI;
		s->nparam = 1;
		s->param[0] = 0;
	} else if (c == ']') {
		s->state = OSC;
	}
}

static void csi(struct rt_scrollback *s, char c)
{
	int *p = &s->param[s->nparam - 1];

	if (c >= '0' && c <= '9') {
		*p = *p < 100000 ? *p * 10 + c - '0' : *p;
	} else if (c == ';' && s->nparam < PARAMS) {
		s->param[s->nparam++] = 0;
	} else if (c >= '@' && c <= '~') {
		if (c == 'm')
			set_ink(s);
		else if (c == 'K' && last(s)->n > s->column)
			last(s)->n = s->column;
		s->state = TEXT;
	}
}

/* Bytes that a character beginning with this one takes. */
static int length_of(unsigned char c)
{
	return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static void text(struct rt_scrollback *s, char c)
{
	const char *p = s->part;

	if ((unsigned char)c < 0x20 || c == 0x7f) {
		s->npart = 0;
		control(s, c);
		return;
	}
	s->part[s->npart++] = c;
	s->part[s->npart] = '\0';
	if (s->npart < length_of((unsigned char)s->part[0]))
		return;
	while (*p)
		put(s, rt_utf8_next(&p));
	s->npart = 0;
}

void rt_scrollback_write(struct rt_scrollback *s, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (s->state) {
		case TEXT: text(s, bytes[i]); break;
		case ESCAPE: escape(s, bytes[i]); break;
		case CSI: csi(s, bytes[i]); break;
		case OSC:
			if (bytes[i] == '\a' || bytes[i] == '\\')
				s->state = TEXT;
			break;
		}
	}
}

/* --- drawing ------------------------------------------------------------------------------- */

/* Where the row that begins at `from` ends: behind the last blank that fits, if there is one. */
static int row_end(const struct line *l, int from, int w)
{
	int end = from + w;

	if (end >= l->n)
		return l->n;
	for (int i = end; i > from + w / 2; i--)
		if (l->cell[i].ch == ' ')
			return i;
	return l->cell[end].ch ? end : end - 1;
}

/* The first cell of each row in start[0 .. rows]; returns how many rows. */
static int wrap(const struct line *l, int w, int *start, int most)
{
	int rows = 0, at = 0;

	do {
		int end = row_end(l, at, w);

		if (rows < most)
			start[rows] = at;
		rows++;
		at = end;
		if (at < l->n && l->cell[at].ch == ' ')
			at++;
	} while (at < l->n);
	return rows;
}

static void draw_row(struct rt_canvas *c, int y, const struct line *l, int from)
{
	int end = row_end(l, from, c->w);

	for (int x = 0; from + x < end; x++)
		if (l->cell[from + x].ch)
			rt_canvas_put(c, x, y, l->cell[from + x].ch, l->cell[from + x].ink);
}

/* Lines that are there: one that has just been ended is not yet. */
static int count_lines(const struct rt_scrollback *s)
{
	return s->n - (s->n > 0 && s->line[(s->first + s->n - 1) % LINES].n == 0);
}

int rt_scrollback_draw(const struct rt_scrollback *s, struct rt_canvas *c, int y, int h, int back,
		       bool most)
{
	int lines = count_lines(s), row = 0;

	rt_canvas_grow(c, y + h);
	for (int i = lines - 1; i >= 0; i--) {
		const struct line *l = &s->line[(s->first + i) % LINES];
		int start[MOST_ROWS], rows = wrap(l, c->w, start, MOST_ROWS);

		for (int k = rows - 1; k >= 0; k--, row++)
			if (row >= back && row < back + h && k < MOST_ROWS)
				draw_row(c, y + h - 1 - (row - back), l, start[k]);
		if (!most && row >= back + h)
			break;
	}
	return row > h ? row - h : 0;
}

int rt_scrollback_find(const struct rt_scrollback *s, int w, const char *text, int row, int step)
{
	int lines = count_lines(s), at = 0, found = -1;

	for (int i = lines - 1; i >= 0; i--) {
		const struct line *l = &s->line[(s->first + i) % LINES];
		int start[MOST_ROWS], rows = wrap(l, w, start, MOST_ROWS);

		for (int k = rows - 1; k >= 0; k--, at++) {
			int from = start[k < MOST_ROWS ? k : MOST_ROWS - 1];

			if (step > 0 && at <= row)
				continue;
			if (step < 0 && at >= row)
				return found;
			if (rt_cells_find(l->cell + from, row_end(l, from, w) - from, text, 0) < 0)
				continue;
			found = at;
			if (step > 0)
				return found;
		}
	}
	return found;
}
