/* page.h - the frame of every PNG picture: white ground, title, facts, the command. */
#ifndef RT_VIEWS_PAGE_H
#define RT_VIEWS_PAGE_H

#include "views/caption.h"
#include "views/raster.h"

/* What is written around the drawing; every part may be missing. */
struct rt_page_text {
	const char *title;
	struct rt_pieces head;	/* between title and drawing */
	struct rt_pieces foot;	/* under the drawing */
	const char *command;	/* what made the picture */
};

struct rt_page {
	struct rt_image img;	/* RGB; owned */
	int x, y, w, h;		/* where the drawing goes */
	const char *command;	/* borrowed */
};

/* Makes a page around a drawing of w x h pixels and writes the text; the page may be wider than
 * asked, so that a title is not cut.  The caller draws, then calls rt_page_save. Errors: RT_EINVAL
 * (more than 2^27 pixels). */
enum rt_status rt_page_begin(struct rt_page *p, int w, int h, const struct rt_page_text *text,
			     struct rt_err *err);

/* Writes the PNG and releases the page, also on failure.  Errors: those of rt_png_write. */
enum rt_status rt_page_save(struct rt_page *p, const char *path, struct rt_err *err);

/* Writes several pages (released, also on failure), one below the other, as one PNG.  Errors: those
 * of rt_png_write. */
enum rt_status rt_pages_save(struct rt_page *pages, int n, const char *path, struct rt_err *err);

/* Releases what the text's pieces own. */
void rt_page_text_release(struct rt_page_text *text);

/* Writes pieces from (x, y) into width pixels, rows rt_font_line(RT_LABEL) apart, y being the top
 * of the first row; returns the height.  img NULL only measures. */
int rt_page_pieces(struct rt_image *img, int x, int y, int width, const struct rt_pieces *pieces,
		   int32_t rgb);

#endif
