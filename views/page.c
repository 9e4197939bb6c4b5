/* page.c - the frame of every PNG picture: white ground, title, facts, the command. */
#include "config.h"

#include "views/page.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MARGIN = 28, GAP = 16, PIECE_GAP = 28, SWATCH = 13, NARROWEST = 520, WIDEST_TITLE = 1400 };

static int piece_width(const struct rt_piece *piece)
{
	return rt_font_width(RT_LABEL, piece->text) + (piece->swatch.glyph ? SWATCH + 7 : 0);
}

int rt_page_pieces(struct rt_image *img, int x, int y, int width, const struct rt_pieces *pieces,
		   int32_t rgb)
{
	int line = rt_font_line(RT_LABEL), up = rt_font_up(RT_LABEL), at = 0, row = 0;

	for (int i = 0; i < pieces->n; i++) {
		const struct rt_piece *piece = &pieces->v[i];
		int need = piece_width(piece), left = at ? at + PIECE_GAP : 0, base;

		if (left > 0 && left + need > width) {
			row++;
			left = 0;
		}
		base = y + row * line + up;
		at = left + need;
		if (!img)
			continue;
		if (piece->swatch.glyph) {
			rt_raster_fill(img, x + left, base - SWATCH, SWATCH, SWATCH,
				       piece->swatch.paper);
			left += SWATCH + 7;
		}
		rt_raster_text_fit(img, x + left, base, width - left, RT_LABEL, RT_LEFT, rgb,
				   piece->text);
	}
	return pieces->n ? (row + 1) * line : 0;
}

/* Small print, broken between words into width pixels; returns its height.  img NULL: measures. */
static int small_print(struct rt_image *img, int x, int y, int width, const char *text)
{
	struct rt_str line = {0};
	int height = 0;

	text += strspn(text, " \t\r\n");
	while (*text) {
		size_t word = strcspn(text, " \t\r\n"), before = line.len;

		if (line.len)
			rt_str_addc(&line, ' ');
		rt_str_addn(&line, text, word);
		if (before && rt_font_width(RT_SMALL, line.text) > width) {
			/* This word begins the next row. */
			line.text[before] = '\0';
			line.len = before;
		} else {
			text += word;
			text += strspn(text, " \t\r\n");
			if (*text)
				continue;
		}
		if (img)
			rt_raster_text_fit(img, x, y + height + rt_font_up(RT_SMALL), width,
					   RT_SMALL, RT_LEFT, RT_FAINT, line.text);
		height += rt_font_line(RT_SMALL);
		rt_str_clear(&line);
	}
	rt_str_release(&line);
	return height;
}

static int with_gap(int height)
{
	return height ? height + GAP : 0;
}

enum rt_status rt_page_begin(struct rt_page *p, int w, int h, const struct rt_page_text *text,
			     struct rt_err *err)
{
	int title = text->title ? rt_font_width(RT_TITLE, text->title) : 0;
	int top, head, foot, print;
	int64_t total;

	*p = (struct rt_page){.w = w, .h = h, .command = text->command};
	if (w < 1 || h < 1 || w > 1 << 20 || h > 1 << 20)
		return rt_fail(err, RT_EINVAL, "a picture of %dx%d pixels cannot be drawn", w, h);
	w = w < NARROWEST ? NARROWEST : w;
	w = title > w ? (title < WIDEST_TITLE ? title : WIDEST_TITLE) : w;
	top = text->title ? rt_font_line(RT_TITLE) + GAP / 2 : 0;
	head = with_gap(rt_page_pieces(NULL, 0, 0, w, &text->head, RT_TEXT));
	foot = with_gap(rt_page_pieces(NULL, 0, 0, w, &text->foot, RT_TEXT));
	print = with_gap(text->command ? small_print(NULL, 0, 0, w, text->command) : 0);
	total = 2 * MARGIN + (int64_t)top + head + h + foot + print;
	if ((w + 2 * MARGIN) * total > INT64_C(1) << 27)
		return rt_fail(
			err, RT_EINVAL,
			"the picture would have %dx%lld pixels, more than 2^27; draw less of it",
			w + 2 * MARGIN, (long long)total);
	rt_image_init(&p->img, w + 2 * MARGIN, (int)total, 3);
	memset(p->img.pixel, 0xff, (size_t)p->img.w * (size_t)p->img.h * 3);
	p->x = MARGIN;
	p->y = MARGIN + top + head;
	if (text->title)
		rt_raster_text_fit(&p->img, MARGIN, MARGIN + rt_font_up(RT_TITLE), w, RT_TITLE,
				   RT_LEFT, RT_TEXT, text->title);
	rt_page_pieces(&p->img, MARGIN, MARGIN + top, w, &text->head, RT_TEXT);
	rt_page_pieces(&p->img, MARGIN, p->y + h + GAP, w, &text->foot, RT_FAINT);
	if (text->command)
		small_print(&p->img, MARGIN, p->y + h + foot + GAP, w, text->command);
	return RT_OK;
}

enum rt_status rt_page_save(struct rt_page *p, const char *path, struct rt_err *err)
{
	enum rt_status status = rt_png_write(&p->img, path, p->command, err);

	rt_image_release(&p->img);
	return status;
}

enum rt_status rt_pages_save(struct rt_page *pages, int n, const char *path, struct rt_err *err)
{
	struct rt_image all;
	int w = 1, h = 0;
	enum rt_status status;

	for (int i = 0; i < n; i++) {
		w = pages[i].img.w > w ? pages[i].img.w : w;
		h += pages[i].img.h;
	}
	rt_image_init(&all, w, h ? h : 1, 3);
	rt_raster_fill(&all, 0, 0, all.w, all.h, RT_PAPER);
	for (int i = 0, y = 0; i < n; i++) {
		rt_raster_image(&all, 0, y, &pages[i].img, 1);
		y += pages[i].img.h;
		rt_image_release(&pages[i].img);
	}
	status = rt_png_write(&all, path, n ? pages[n - 1].command : NULL, err);
	rt_image_release(&all);
	return status;
}

void rt_page_text_release(struct rt_page_text *text)
{
	rt_pieces_release(&text->head);
	rt_pieces_release(&text->foot);
}
