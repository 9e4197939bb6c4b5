/* canvas.c - a grid of cells on which views draw text pictures; knows no terminal. */
#include "config.h"

#include "views/canvas.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <wctype.h>

enum { MAX_ROWS = 100000, MAX_WIDTH = 1000 };

void rt_canvas_init(struct rt_canvas *c, const struct rt_style *style)
{
	*c = (struct rt_canvas){.style = *style};
	c->w = style->width < 20 ? 20 : style->width > MAX_WIDTH ? MAX_WIDTH : style->width;
	c->style.width = c->w;
}

void rt_canvas_release(struct rt_canvas *c)
{
	free(c->cell);
	*c = (struct rt_canvas){0};
}

void rt_canvas_grow(struct rt_canvas *c, int h)
{
	size_t w = (size_t)c->w;

	if (h > MAX_ROWS)
		h = MAX_ROWS;
	if (h <= c->h)
		return;
	if (h > c->cap) {
		c->cap = h > 2 * c->cap ? h : 2 * c->cap;
		c->cell = rt_realloc(c->cell, (size_t)c->cap * w, sizeof(*c->cell));
	}
	for (size_t i = (size_t)c->h * w; i < (size_t)h * w; i++)
		c->cell[i] = (struct rt_cell){' ', RT_INK_PLAIN};
	c->h = h;
}

/* Never leaves half of a wide character behind. */
static void clear_cell(struct rt_canvas *c, struct rt_cell *row, int x)
{
	if (row[x].ch == 0 && x > 0)
		row[x - 1].ch = ' ';
	if (x + 1 < c->w && row[x + 1].ch == 0)
		row[x + 1].ch = ' ';
}

void rt_canvas_put(struct rt_canvas *c, int x, int y, uint32_t ch, struct rt_ink ink)
{
	struct rt_cell *row;
	int width;

	if (x < 0 || x >= c->w || y < 0 || y >= MAX_ROWS)
		return;
	ch = rt_char_plain(ch, c->style.unicode);
	if (ch == 0)
		return;
	width = rt_char_width(ch);
	if (width == 2 && x + 1 >= c->w) {
		ch = ' ';
		width = 1;
	}
	rt_canvas_grow(c, y + 1);
	row = c->cell + (size_t)y * (size_t)c->w;
	clear_cell(c, row, x);
	row[x] = (struct rt_cell){ch, ink};
	if (width == 2) {
		clear_cell(c, row, x + 1);
		row[x + 1] = (struct rt_cell){0, ink};
	}
}

void rt_canvas_repeat(struct rt_canvas *c, int x, int y, int n, uint32_t ch, struct rt_ink ink)
{
	for (int i = 0; i < n && x + i < c->w; i++)
		rt_canvas_put(c, x + i, y, ch, ink);
}

int rt_canvas_text(struct rt_canvas *c, int x, int y, const char *text, struct rt_ink ink)
{
	struct rt_str s = {0};
	const char *p;

	rt_text_add(&s, text, c->style.unicode);
	p = rt_str_text(&s);
	for (uint32_t ch; (ch = rt_utf8_next(&p));) {
		rt_canvas_put(c, x, y, ch, ink);
		x += rt_char_width(ch);
	}
	rt_str_release(&s);
	return x;
}

int rt_canvas_width(const struct rt_canvas *c, const char *text)
{
	struct rt_str s = {0};
	int width;

	rt_text_add(&s, text, c->style.unicode);
	width = rt_text_width(rt_str_text(&s));
	rt_str_release(&s);
	return width;
}

/* Whether text begins at cell i. */
static bool begins(const struct rt_cell *cell, int n, const char *text, int i)
{
	for (uint32_t ch; (ch = rt_utf8_next(&text)); i++) {
		while (i < n && cell[i].ch == 0)
			i++;
		if (i >= n || towlower((wint_t)cell[i].ch) != towlower((wint_t)ch))
			return false;
	}
	return true;
}

int rt_cells_find(const struct rt_cell *cell, int n, const char *text, int from)
{
	for (int i = from; *text && i < n; i++)
		if (cell[i].ch && begins(cell, n, text, i))
			return i;
	return -1;
}

void rt_canvas_fit(struct rt_canvas *c, int x, int y, int width, enum rt_align align,
		   const char *text, struct rt_ink ink)
{
	struct rt_str s = {0};
	int spare;

	rt_text_fit(&s, text, width, c->style.unicode);
	spare = width - rt_text_width(rt_str_text(&s));
	x += align == RT_RIGHT ? spare : align == RT_CENTER ? spare / 2 : 0;
	rt_canvas_text(c, x, y, rt_str_text(&s), ink);
	rt_str_release(&s);
}

void rt_canvas_box(struct rt_canvas *c, int x, int y, int w, int h, struct rt_ink ink)
{
	bool u = c->style.unicode;
	uint32_t across = u ? 0x2500 : '-', down = u ? 0x2502 : '|';

	rt_canvas_repeat(c, x + 1, y, w - 2, across, ink);
	rt_canvas_repeat(c, x + 1, y + h - 1, w - 2, across, ink);
	for (int i = 1; i < h - 1; i++) {
		rt_canvas_put(c, x, y + i, down, ink);
		rt_canvas_put(c, x + w - 1, y + i, down, ink);
	}
	rt_canvas_put(c, x, y, u ? 0x250c : '+', ink);
	rt_canvas_put(c, x + w - 1, y, u ? 0x2510 : '+', ink);
	rt_canvas_put(c, x, y + h - 1, u ? 0x2514 : '+', ink);
	rt_canvas_put(c, x + w - 1, y + h - 1, u ? 0x2518 : '+', ink);
}

void rt_canvas_bar(struct rt_canvas *c, int x, int y, int width, double cells, enum rt_role role)
{
	struct rt_ink ink = RT_INK_COLOR(rt_role_cells(role));
	uint32_t fill = rt_role_fill(role, c->style.unicode);
	int whole, eighths;

	if (!(cells > 0))
		return;
	if (cells > width)
		cells = width;
	if (!c->style.unicode) {
		rt_canvas_repeat(c, x, y, (int)lround(fmax(cells, 1)), fill, ink);
		return;
	}
	eighths = (int)lround(8 * cells);
	whole = role == RT_TEACHER ? eighths / 8 : (int)lround(cells);
	rt_canvas_repeat(c, x, y, whole, fill, ink);
	if (eighths == 0)
		eighths = 1;
	if (role == RT_TEACHER && eighths % 8 && whole < width)
		rt_canvas_put(c, x + whole, y, 0x2590 - (uint32_t)(eighths % 8), ink);
	else if (whole == 0)
		rt_canvas_put(c, x, y, 0x2590 - (uint32_t)eighths, ink);
}

/* Select Graphic Rendition of one colour: 24-bit, 256 or 8 colours. */
static void add_color(struct rt_str *out, int32_t rgb, int colors, bool background)
{
	if (colors > 256)
		rt_str_addf(out, ";%d;2;%d;%d;%d", background ? 48 : 38, rgb >> 16 & 0xff,
			    rgb >> 8 & 0xff, rgb & 0xff);
	else if (colors == 256)
		rt_str_addf(out, ";%d;5;%d", background ? 48 : 38, rt_color_256(rgb));
	else
		rt_str_addf(out, ";%d", (background ? 40 : 30) + rt_color_8(rgb));
}

static void add_ink(struct rt_str *out, const struct rt_ink *ink, int colors)
{
	rt_str_add(out, "\033[0");
	if (ink->attr & RT_BOLD)
		rt_str_add(out, ";1");
	if (ink->attr & RT_DIM)
		rt_str_add(out, ";2");
	if (ink->attr & RT_REVERSE)
		rt_str_add(out, ";7");
	if (ink->fg != RT_DEFAULT)
		add_color(out, ink->fg, colors, false);
	if (ink->bg != RT_DEFAULT)
		add_color(out, ink->bg, colors, true);
	rt_str_addc(out, 'm');
}

static bool same_ink(const struct rt_ink *a, const struct rt_ink *b, uint32_t ch)
{
	/* A blank has no foreground. */
	return a->bg == b->bg && (ch == ' ' || (a->fg == b->fg && a->attr == b->attr));
}

void rt_canvas_print(const struct rt_canvas *c, struct rt_str *out)
{
	const bool color = c->style.colors > 0;
	const struct rt_ink plain = RT_INK_PLAIN;

	for (int y = 0; y < c->h; y++) {
		const struct rt_cell *row = c->cell + (size_t)y * (size_t)c->w;
		struct rt_ink now = plain;
		int end = c->w;

		while (end > 0 && row[end - 1].ch == ' ' &&
		       (!color || row[end - 1].ink.bg == RT_DEFAULT))
			end--;
		for (int x = 0; x < end; x++) {
			if (row[x].ch == 0)
				continue;
			if (color && !same_ink(&now, &row[x].ink, row[x].ch)) {
				now = row[x].ink;
				add_ink(out, &now, c->style.colors);
			}
			rt_utf8_add(out, row[x].ch);
		}
		if (color && !(same_ink(&now, &plain, ' ') && now.fg == RT_DEFAULT && !now.attr))
			rt_str_add(out, "\033[0m");
		rt_str_addc(out, '\n');
	}
}

void rt_canvas_finish(struct rt_canvas *c, struct rt_str *out)
{
	rt_canvas_print(c, out);
	rt_canvas_release(c);
}
