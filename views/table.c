/* table.c - aligned tables: numbers to the right, a dash for none, a totals row, no rules. */
#include "config.h"

#include "views/table.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { INDENT = 2, GAP = 3, NARROW_GAP = 2, SHORTEST = 8 };

void rt_table_column(struct rt_table *t, const char *title, enum rt_align align, int rank)
{
	RT_ASSERT(t->ncell == 0);
	RT_GROW(t->column, t->ncolumn, t->column_cap);
	t->column[t->ncolumn++] = (struct rt_table_column){rt_strdup(title), align, rank};
}

static void add(struct rt_table *t, char *text)
{
	RT_ASSERT(t->ncolumn > 0);
	RT_GROW(t->cell, t->ncell, t->cell_cap);
	t->cell[t->ncell++] = text;
}

void rt_table_text(struct rt_table *t, const char *text)
{
	add(t, rt_strdup(text ? text : "–"));
}

void rt_table_textf(struct rt_table *t, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	add(t, rt_strdup(line));
}

void rt_table_count(struct rt_table *t, double n)
{
	char number[RT_NUM];

	rt_table_text(t, rt_num_count(number, n));
}

void rt_table_real(struct rt_table *t, double v, int decimals)
{
	char number[RT_NUM];

	rt_table_text(t, rt_num_real(number, v, decimals));
}

void rt_table_signed(struct rt_table *t, double v, int decimals)
{
	char number[RT_NUM];

	rt_table_text(t, rt_num_signed(number, v, decimals));
}

void rt_table_percent(struct rt_table *t, double fraction)
{
	char number[RT_NUM];

	rt_table_text(t, rt_num_percent(number, fraction));
}

void rt_table_none(struct rt_table *t)
{
	rt_table_text(t, NULL);
}

void rt_table_blank(struct rt_table *t)
{
	rt_table_text(t, "");
}

void rt_table_total(struct rt_table *t)
{
	t->total = t->ncolumn ? t->ncell / t->ncolumn : 0;
}

void rt_table_release(struct rt_table *t)
{
	for (int i = 0; i < t->ncolumn; i++)
		free(t->column[i].title);
	for (int i = 0; i < t->ncell; i++)
		free(t->cell[i]);
	free(t->column);
	free(t->cell);
	rt_pieces_release(&t->foot);
	*t = (struct rt_table){0};
}

/* Widths of the columns as they are drawn; 0: left out. */
struct fit {
	int *width;
	int gap;
};

static int total_width(const struct rt_table *t, const struct fit *f)
{
	int width = INDENT, shown = 0;

	for (int i = 0; i < t->ncolumn; i++) {
		width += f->width[i];
		shown += f->width[i] > 0;
	}
	return width + (shown > 1 ? (shown - 1) * f->gap : 0);
}

/* Takes one cell from the widest text column that can give one. */
static bool shorten(const struct rt_table *t, struct fit *f)
{
	int widest = -1;

	for (int i = 0; i < t->ncolumn; i++)
		if (t->column[i].align == RT_LEFT && f->width[i] > SHORTEST &&
		    (widest < 0 || f->width[i] > f->width[widest]))
			widest = i;
	if (widest < 0)
		return false;
	f->width[widest]--;
	return true;
}

/* Leaves out the last of the columns with the highest rank. */
static bool leave_out(const struct rt_table *t, struct fit *f)
{
	int least = -1;

	for (int i = 0; i < t->ncolumn; i++)
		if (f->width[i] && t->column[i].rank > 0 &&
		    (least < 0 || t->column[i].rank >= t->column[least].rank))
			least = i;
	if (least < 0)
		return false;
	f->width[least] = 0;
	return true;
}

static void fit_width(const struct rt_canvas *c, const struct rt_table *t, struct fit *f)
{
	int *natural;

	f->gap = GAP;
	f->width = rt_alloc((size_t)t->ncolumn, sizeof(*f->width));
	for (int i = 0; i < t->ncolumn; i++) {
		f->width[i] = rt_canvas_width(c, t->column[i].title);
		for (int j = i; j < t->ncell; j += t->ncolumn) {
			int width = rt_canvas_width(c, t->cell[j]);

			f->width[i] = width > f->width[i] ? width : f->width[i];
		}
	}
	if (total_width(t, f) > c->w)
		f->gap = NARROW_GAP;
	natural = rt_memdup(f->width, (size_t)t->ncolumn, sizeof(*natural));
	while (total_width(t, f) > c->w) {
		if (shorten(t, f))
			continue;
		if (!leave_out(t, f))
			break;
		/* With a column gone, texts may be long again. */
		for (int i = 0; i < t->ncolumn; i++)
			f->width[i] = f->width[i] ? natural[i] : 0;
	}
	free(natural);
}

/* Long names, in the first column of texts, are cut in the middle: many begin alike. */
static void draw_cell(struct rt_canvas *c, int x, int y, int width,
		      const struct rt_table *t, int column, const char *text, struct rt_ink ink)
{
	enum rt_align align = t->column[column].align;
	struct rt_str cut = {0};
	int first = 0;

	while (t->column[first].align != RT_LEFT && first < column)
		first++;
	if (column == first && align == RT_LEFT)
		rt_text_fit_middle(&cut, text, width, c->style.unicode);
	else
		rt_str_add(&cut, text);
	rt_canvas_fit(c, x, y, width, align, rt_str_text(&cut), ink);
	rt_str_release(&cut);
}

static void draw_row(struct rt_canvas *c, const struct rt_table *t, const struct fit *f, int row,
		     struct rt_ink ink)
{
	int y = c->h, x = INDENT;

	rt_canvas_grow(c, y + 1);
	for (int i = 0; i < t->ncolumn; i++) {
		int cell = row * t->ncolumn + i;

		if (!f->width[i])
			continue;
		if (row < 0 || cell < t->ncell)
			draw_cell(c, x, y, f->width[i], t, i,
				  row < 0 ? t->column[i].title : t->cell[cell], ink);
		x += f->width[i] + f->gap;
	}
}

void rt_table_draw(struct rt_canvas *c, const struct rt_table *t)
{
	struct rt_str missing = {0};
	struct fit f;

	if (t->ncolumn == 0)
		return;
	fit_width(c, t, &f);
	draw_row(c, t, &f, -1, RT_INK_DIM);
	for (int row = 0; row * t->ncolumn < t->ncell; row++)
		draw_row(c, t, &f, row, t->total && row == t->total ? RT_INK_BOLD : RT_INK_PLAIN);
	for (int i = 0; i < t->ncolumn; i++)
		if (!f.width[i])
			rt_str_addf(&missing, "%s%s",
				    missing.len ? ", " : "not shown: ", t->column[i].title);
	if (missing.len)
		rt_canvas_fit(c, INDENT, c->h, c->w - INDENT, RT_LEFT, rt_str_text(&missing),
			      RT_INK_DIM);
	if (t->foot.n)
		rt_pieces_draw(c, INDENT, c->h + 1, INDENT, &t->foot, RT_INK_PLAIN);
	rt_str_release(&missing);
	free(f.width);
}
