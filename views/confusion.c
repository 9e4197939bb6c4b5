/* confusion.c - which class is taken for which, as a matrix in cells and as PNG. */
#include "config.h"

#include "views/confusion.h"

#include "base/mem.h"
#include "views/mosaic.h"
#include "views/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int64_t at(const struct rt_confusion *m, int truth, int predicted)
{
	return m->count[(size_t)truth * (size_t)m->classes + (size_t)predicted];
}

static double row_sum(const struct rt_confusion *m, int truth)
{
	double sum = 0;

	for (int k = 0; k < m->classes; k++)
		sum += (double)at(m, truth, k);
	return sum;
}

static const char *class_of(char *buf, size_t size, const struct rt_confusion *m, int k)
{
	if (m->class_name && m->class_name[k])
		snprintf(buf, size, "%s", m->class_name[k]);
	else
		snprintf(buf, size, "%d", k);
	return buf;
}

/* How dark a cell is: the square root lets rare mistakes be seen. */
static double shade(const struct rt_confusion *m, int truth, int predicted, double sum)
{
	return sum > 0 ? sqrt((double)at(m, truth, predicted) / sum) : 0;
}

struct pair {
	int64_t count;
	int index;
};

static int by_count(const void *a, const void *b)
{
	const struct pair *p = a, *q = b;

	return p->count > q->count ? -1 : p->count < q->count ? 1 : p->index - q->index;
}

/* "4 → 9 (23)" and the following ones, then the notes. */
static void add_mistakes(struct rt_pieces *foot, const struct rt_confusion *m)
{
	size_t n = (size_t)m->classes * (size_t)m->classes, found = 0;
	struct pair *pair = rt_alloc(n, sizeof(*pair));
	char a[64], b[64], number[RT_NUM];

	for (size_t i = 0; i < n; i++)
		if (m->count[i] > 0 && i % ((size_t)m->classes + 1) != 0)
			pair[found++] = (struct pair){m->count[i], (int)i};
	qsort(pair, found, sizeof(*pair), by_count);
	rt_pieces_add(foot, found ? "most frequent mistakes" : "no mistakes");
	for (size_t i = 0; i < found && i < (size_t)(m->top > 0 ? m->top : 5); i++)
		rt_pieces_addf(foot, "%s → %s (%s)",
			       class_of(a, sizeof(a), m, pair[i].index / m->classes),
			       class_of(b, sizeof(b), m, pair[i].index % m->classes),
			       rt_num_count(number, (double)pair[i].count));
	rt_pieces_notes(foot, m->note, m->nnote);
	free(pair);
}

enum { INDENT = 2, RECALL = 9, LONGEST = 16 };

/* Widths of the names of rows and of the columns of counts. */
struct layout {
	int label, cell;
	bool recall;		/* there is room for it */
	bool numbered;		/* names do not fit over the columns: rows carry number and name */
};

static const char *row_label(char *buf, size_t size, const struct rt_confusion *m,
			     const struct layout *l, int k)
{
	char name[64];

	if (!l->numbered)
		return class_of(buf, size, m, k);
	snprintf(buf, size, "%s %d", class_of(name, sizeof(name), m, k), k);
	return buf;
}

static struct layout lay_out(const struct rt_canvas *c, const struct rt_confusion *m)
{
	struct layout l = {.cell = 2};
	char name[80];

	for (int k = 0; k < m->classes; k++) {
		int width = rt_canvas_width(c, class_of(name, sizeof(name), m, k));

		l.numbered = l.numbered || width > 5;
		for (int j = 0; j < m->classes; j++) {
			char digits[RT_NUM];
			int need =
				1 + rt_canvas_width(c, rt_num_count(digits, (double)at(m, k, j)));

			l.cell = need > l.cell ? need : l.cell;
		}
	}
	for (int k = 0; k < m->classes; k++) {
		int width = rt_canvas_width(c, row_label(name, sizeof(name), m, &l, k));
		int head = l.numbered ? snprintf(name, sizeof(name), "%d", k) : width;

		l.label = width > l.label ? width : l.label;
		l.cell = head + 1 > l.cell ? head + 1 : l.cell;
	}
	l.label = l.label > LONGEST ? LONGEST : l.label;
	l.recall = INDENT + l.label + 1 + m->classes * l.cell + RECALL <= c->w;
	return l;
}

static void draw_counts(struct rt_canvas *c, const struct rt_confusion *m, const struct layout *l)
{
	int y = c->h, x0 = INDENT + l->label + 1, recall = x0 + m->classes * l->cell;
	char name[80], number[RT_NUM];

	for (int k = 0; k < m->classes; k++) {
		snprintf(number, sizeof(number), "%d", k);
		rt_canvas_fit(c, x0 + k * l->cell, y, l->cell, RT_RIGHT,
			      l->numbered ? number : class_of(name, sizeof(name), m, k),
			      RT_INK_DIM);
	}
	if (l->recall)
		rt_canvas_fit(c, recall, y, RECALL, RT_RIGHT, "recall", RT_INK_DIM);
	for (int i = 0; i < m->classes; i++) {
		double sum = row_sum(m, i);

		y++;
		rt_canvas_fit(c, INDENT, y, l->label, RT_RIGHT,
			      row_label(name, sizeof(name), m, l, i), RT_INK_PLAIN);
		for (int k = 0; k < m->classes; k++) {
			int64_t n = at(m, i, k);
			struct rt_ink ink = n == 0   ? RT_INK_DIM
					    : i == k ? RT_INK_BOLD
						     : RT_INK_PLAIN;
			int x = x0 + k * l->cell;

			if (n && i != k && rt_mosaic_colored(c)) {
				/* The rarest mistake still has a tint. */
				ink.bg = rt_mosaic_color(c, fmax(shade(m, i, k, sum), 0.17));
				ink.fg = rt_color_on(ink.bg);
				rt_canvas_repeat(c, x + 1, y, l->cell - 1, ' ', ink);
			}
			rt_canvas_fit(c, x, y, l->cell, RT_RIGHT,
				      n ? rt_num_count(number, (double)n) : "·", ink);
		}
		if (l->recall)
			rt_canvas_fit(
				c, recall, y, RECALL, RT_RIGHT,
				rt_num_percent(number, sum > 0 ? (double)at(m, i, i) / sum : NAN),
				RT_INK_PLAIN);
	}
}

static void draw_shades(struct rt_canvas *c, const struct rt_confusion *m)
{
	struct rt_mosaic size = rt_mosaic_fit(m->classes, m->classes, c->w - INDENT - 2, 32);
	size_t n = (size_t)m->classes * (size_t)m->classes,
	       cells = (size_t)size.pw * (size_t)size.ph;
	float *v = rt_alloc(n, sizeof(*v)), *t = rt_alloc(cells, sizeof(*t));
	int32_t *rgb = rt_alloc(cells, sizeof(*rgb));
	int y = c->h;

	for (int i = 0; i < m->classes; i++)
		for (int k = 0; k < m->classes; k++)
			v[(size_t)i * (size_t)m->classes + (size_t)k] =
				(float)shade(m, i, k, row_sum(m, i));
	rt_grid_resize(t, size.pw, size.ph, v, m->classes, m->classes);
	for (size_t i = 0; i < cells; i++)
		rgb[i] = rt_color_grey(1 - t[i]);
	if (rt_mosaic_colored(c)) {
		rt_mosaic_colors(c, INDENT, y, &size, rgb);
	} else {
		rt_canvas_box(c, INDENT, y, size.cols + 2, size.rows + 2, RT_INK_DIM);
		rt_mosaic_ramp(c, INDENT + 1, y + 1, &size, t);
	}
	free(v);
	free(t);
	free(rgb);
}

void rt_confusion_draw(struct rt_canvas *c, const struct rt_confusion *m)
{
	struct rt_pieces foot = {0};
	struct layout l;

	if (m->classes < 1)
		return;
	l = lay_out(c, m);
	rt_title_draw(c, m->title);
	rt_canvas_text(c, INDENT, c->h, "rows: true class   columns: predicted", RT_INK_DIM);
	if (INDENT + l.label + 1 + m->classes * l.cell <= c->w)
		draw_counts(c, m, &l);
	else
		draw_shades(c, m);
	add_mistakes(&foot, m);
	rt_pieces_draw(c, INDENT, c->h, INDENT, &foot, RT_INK_PLAIN);
	rt_pieces_release(&foot);
}

enum { SIDE = 56, SMALLEST = 3, WHOLE = 560, PAD = 10, LONGEST_NAME = 220 };

struct png_layout {
	int label, head, cell,
		step; /* names left and above, a cell, every step-th name is written */
	bool turned;			/* names above stand upright */
};

static struct png_layout png_lay_out(const struct rt_confusion *m)
{
	struct png_layout l = {.cell = WHOLE / m->classes};
	char name[80];

	l.cell = l.cell > SIDE ? SIDE : l.cell < SMALLEST ? SMALLEST : l.cell;
	l.step = 1 + rt_font_line(RT_LABEL) / (l.cell + 1);
	for (int k = 0; k < m->classes; k++)
		l.label = (int)fmax(l.label,
				    rt_font_width(RT_LABEL, class_of(name, sizeof(name), m, k)));
	l.label = l.label > LONGEST_NAME ? LONGEST_NAME : l.label;
	l.turned = l.label > l.cell - 4;
	l.head = (l.turned ? l.label : rt_font_line(RT_LABEL)) + PAD;
	return l;
}

static void png_row(struct rt_image *img, const struct rt_confusion *m, const struct png_layout *l,
		    int x, int y, int i)
{
	double sum = row_sum(m, i);
	char text[RT_NUM];

	for (int k = 0; k < m->classes; k++, x += l->cell) {
		int32_t ground = rt_color_ink(shade(m, i, k, sum));

		rt_raster_fill(img, x, y, l->cell - (l->cell > 8), l->cell - (l->cell > 8), ground);
		rt_num_count(text, (double)at(m, i, k));
		if (at(m, i, k) && rt_font_width(RT_LABEL, text) < l->cell - 3)
			rt_raster_text(img, x + l->cell / 2, y + l->cell / 2 + 6, RT_LABEL,
				       RT_CENTER, rt_color_on(ground), text);
	}
	if (i % l->step == 0)
		rt_raster_text(img, x + PAD + rt_font_width(RT_LABEL, "100.0 %"),
			       y + l->cell / 2 + 6, RT_LABEL, RT_RIGHT, RT_TEXT,
			       rt_num_percent(text, sum > 0 ? (double)at(m, i, i) / sum : NAN));
}

enum rt_status rt_confusion_png(const struct rt_confusion *m, const char *path, struct rt_err *err)
{
	struct rt_page_text text = {.title = m->title, .command = m->command};
	int recall = rt_font_width(RT_LABEL, "100.0 %"), side, x, y;
	struct png_layout l;
	struct rt_page page;
	enum rt_status status;
	char name[80];

	if (m->classes < 1 || m->classes > 20000)
		return rt_fail(err, RT_EINVAL,
			       "a confusion matrix needs 1 to 20000 classes, got %d", m->classes);
	l = png_lay_out(m);
	side = m->classes * l.cell;
	rt_pieces_add(&text.head, "rows: true class");
	rt_pieces_add(&text.head, "columns: predicted");
	rt_pieces_add(&text.head, "right: recall");
	add_mistakes(&text.foot, m);
	status = rt_page_begin(&page, l.label + PAD + side + PAD + recall, l.head + side, &text,
			       err);
	rt_page_text_release(&text);
	RT_TRY(status);
	x = page.x + l.label + PAD;
	y = page.y + l.head;
	rt_raster_fill(&page.img, x - 1, y - 1, side + 2 - (l.cell > 8), side + 2 - (l.cell > 8),
		       RT_GRID);
	for (int k = 0; k < m->classes; k++) {
		int middle = k * l.cell + l.cell / 2;

		class_of(name, sizeof(name), m, k);
		png_row(&page.img, m, &l, x, y + k * l.cell, k);
		if (k % l.step)
			continue;
		rt_raster_text_fit(&page.img, page.x, y + middle + 6, l.label, RT_LABEL, RT_RIGHT,
				   RT_TEXT, name);
		if (l.turned)
			rt_raster_text_up(&page.img, x + middle + 6, y - PAD / 2, l.label, RT_TEXT,
					  name);
		else
			rt_raster_text(&page.img, x + middle, y - PAD, RT_LABEL, RT_CENTER, RT_TEXT,
				       name);
	}
	return rt_page_save(&page, path, err);
}
