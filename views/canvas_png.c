/* canvas_png.c - any canvas as a picture: cells become rectangles, lines and letters. */
#include "config.h"

#include "views/canvas_png.h"
#include "views/raster.h"

#include <math.h>

enum { W = 11, H = 22, BASE = 16, MARGIN = 12 };

/* Which arms a character of box drawing has: left, right, up, down. */
enum { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8 };

static int arms(uint32_t ch)
{
	switch (ch) {
	case 0x2500: case 0x2501: case 0x254c: case 0x2550: return LEFT | RIGHT;
	case 0x2502: case 0x2503: case 0x254e: case 0x2551: return UP | DOWN;
	case 0x250c: case 0x250f: case 0x2554: case 0x256d: return RIGHT | DOWN;
	case 0x2510: case 0x2513: case 0x2557: case 0x256e: return LEFT | DOWN;
	case 0x2514: case 0x2517: case 0x255a: case 0x2570: return RIGHT | UP;
	case 0x2518: case 0x251b: case 0x255d: case 0x256f: return LEFT | UP;
	case 0x251c: return UP | DOWN | RIGHT;
	case 0x2524: return UP | DOWN | LEFT;
	case 0x252c: return LEFT | RIGHT | DOWN;
	case 0x2534: return LEFT | RIGHT | UP;
	case 0x253c: return LEFT | RIGHT | UP | DOWN;
	default: return 0;
	}
}

/* How thick a line is: heavy ones and double ones (drawn as one) more than light ones. */
static int thickness(uint32_t ch)
{
	static const uint32_t heavy[] = {0x2501, 0x2503, 0x250f, 0x2513, 0x2517, 0x251b};

	for (size_t i = 0; i < RT_COUNT(heavy); i++)
		if (ch == heavy[i])
			return 3;
	return ch >= 0x2550 && ch <= 0x256c ? 2 : 1;
}

static void draw_arms(struct rt_image *img, int x, int y, int which, int thick, int32_t rgb)
{
	int cx = x + W / 2 - thick / 2, cy = y + H / 2 - thick / 2;

	if (which & LEFT)
		rt_raster_fill(img, x, cy, W / 2 + 1, thick, rgb);
	if (which & RIGHT)
		rt_raster_fill(img, cx, cy, W - W / 2 + thick / 2, thick, rgb);
	if (which & UP)
		rt_raster_fill(img, cx, y, thick, H / 2 + 1, rgb);
	if (which & DOWN)
		rt_raster_fill(img, cx, cy, thick, H - H / 2 + thick / 2, rgb);
}

/* The points of scatter plots: a disc, a ring for the hollow ones. */
static bool draw_point(struct rt_image *img, int x, int y, uint32_t ch, int32_t rgb)
{
	if (ch != 0x25cf && ch != 0x25cb && ch != 0x25c6 && ch != 0x25a1)
		return false;
	rt_raster_disc(img, x + W / 2.0, y + H / 2.0, 4, rgb);
	if (ch == 0x25cb || ch == 0x25a1)
		rt_raster_disc(img, x + W / 2.0, y + H / 2.0, 2.5, RT_PAPER);
	return true;
}

/* U+2596 .. U+259F: upper left, upper right, lower left, lower right quarter. */
static void draw_quarters(struct rt_image *img, int x, int y, uint32_t ch, int32_t rgb)
{
	static const uint8_t which[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};

	for (int k = 0; k < 4; k++)
		if (which[ch - 0x2596] >> k & 1)
			rt_raster_fill(img, x + k % 2 * (W / 2), y + k / 2 * (H / 2),
				       k % 2 ? W - W / 2 : W / 2, H / 2, rgb);
}

/* U+2580 .. U+259F; false for those that are not drawn here. */
static bool draw_block(struct rt_image *img, int x, int y, uint32_t ch, int32_t rgb)
{
	static const double shade[] = {0.25, 0.5, 0.75};

	if (ch == 0x2580)
		rt_raster_fill(img, x, y, W, H / 2, rgb);
	else if (ch >= 0x2581 && ch <= 0x2588)
		rt_raster_bar(img, x, y + H - H * (double)(ch - 0x2580) / 8, W,
			      H * (double)(ch - 0x2580) / 8, rgb);
	else if (ch >= 0x2589 && ch <= 0x258f)
		rt_raster_bar(img, x, y, W * (double)(0x2590 - ch) / 8, H, rgb);
	else if (ch >= 0x2591 && ch <= 0x2593)
		rt_raster_blend(img, x, y, W, H, rgb, shade[ch - 0x2591]);
	else if (ch >= 0x2596 && ch <= 0x259f)
		draw_quarters(img, x, y, ch, rgb);
	else
		return false;
	return true;
}

static void draw_letter(struct rt_image *img, int x, int y, const struct rt_cell *cell, int32_t rgb)
{
	enum rt_type_size size = cell->ink.attr & RT_BOLD ? RT_STRONG : RT_MONO;
	struct rt_str text = {0};
	int width = rt_char_width(cell->ch) * W;

	rt_utf8_add(&text, cell->ch);
	rt_raster_text(img, x + width / 2, y + BASE, size, RT_CENTER, rgb, rt_str_text(&text));
	rt_str_release(&text);
}

static void draw_cell(struct rt_image *img, int x, int y, const struct rt_cell *cell)
{
	int32_t rgb = cell->ink.fg == RT_DEFAULT ? RT_TEXT : cell->ink.fg;
	int width = rt_char_width(cell->ch) * W;

	if (cell->ink.attr & RT_REVERSE) {
		rt_raster_fill(img, x, y, width, H, RT_GRID);
		rgb = RT_TEXT;
	}
	if (cell->ink.fg == RT_DEFAULT && cell->ink.attr & RT_DIM)
		rgb = RT_FAINT;
	if (cell->ink.bg != RT_DEFAULT)
		rt_raster_fill(img, x, y, width, H, cell->ink.bg);
	if (cell->ch == ' ' || cell->ch == 0)
		return;
	if (arms(cell->ch))
		draw_arms(img, x, y, arms(cell->ch), thickness(cell->ch), rgb);
	else if (!draw_block(img, x, y, cell->ch, rgb) && !draw_point(img, x, y, cell->ch, rgb))
		draw_letter(img, x, y, cell, rgb);
}

enum rt_status rt_canvas_png(const struct rt_canvas *c, const char *path, struct rt_err *err)
{
	struct rt_image img = {0};
	enum rt_status status;

	if (c->h < 1)
		return rt_fail(err, RT_EINVAL, "%s: there is nothing to draw", path);
	rt_image_init(&img, c->w * W + 2 * MARGIN, c->h * H + 2 * MARGIN, 3);
	rt_raster_fill(&img, 0, 0, img.w, img.h, RT_PAPER);
	for (int y = 0; y < c->h; y++)
		for (int x = 0; x < c->w; x++)
			draw_cell(&img, MARGIN + x * W, MARGIN + y * H, &c->cell[y * c->w + x]);
	status = rt_png_write(&img, path, NULL, err);
	rt_image_release(&img);
	return status;
}
