/* raster.h - drawing on an RGB image: fills, lines, small pictures, text.
 *
 * Coordinates are pixels from the top left; whatever lies outside is clipped.  Colours are
 * 0xRRGGBB.
 */
#ifndef RT_VIEWS_RASTER_H
#define RT_VIEWS_RASTER_H

#include "io/png.h"
#include "views/canvas.h"
#include "views/font.h"

/* Fills a rectangle; alpha 0..1 lays the colour over what is there. */
void rt_raster_fill(struct rt_image *img, int x, int y, int w, int h, int32_t rgb);
void rt_raster_blend(struct rt_image *img, int x, int y, int w, int h, int32_t rgb, double alpha);

/* Fills a rectangle whose edges may lie inside pixels (bars of exact length). */
void rt_raster_bar(struct rt_image *img, double x, double y, double w, double h, int32_t rgb);

/* One pixel thick, inside the rectangle. */
void rt_raster_frame(struct rt_image *img, int x, int y, int w, int h, int32_t rgb);

/* An antialiased line between two points, `width` pixels thick with round ends. */
void rt_raster_line(struct rt_image *img, double x0, double y0, double x1, double y1, double width,
		    int32_t rgb);

/* The same through n points given as x, y pairs; dash > 0: drawn and left out in turns of that many
 * pixels along the path. */
void rt_raster_path(struct rt_image *img, const double *xy, int n, double width, double dash,
		    int32_t rgb);

/* An antialiased disc around a point. */
void rt_raster_disc(struct rt_image *img, double x, double y, double radius, int32_t rgb);

/* Puts a grey or RGB image, each of its pixels enlarged to k x k. */
void rt_raster_image(struct rt_image *img, int x, int y, const struct rt_image *from, int k);

/* Writes text with its baseline at y; x is its left end, right end or middle. */
void rt_raster_text(struct rt_image *img, int x, int y, enum rt_type_size size, enum rt_align align,
		    int32_t rgb, const char *text);

/* The same, cut with … to at most width pixels; x is the left end of that room. */
void rt_raster_text_fit(struct rt_image *img, int x, int y, int width, enum rt_type_size size,
			enum rt_align align, int32_t rgb, const char *text);

/* Label text from (x, y) upwards, its baseline to the right, cut with … to at most length pixels.
 */
void rt_raster_text_up(struct rt_image *img, int x, int y, int length, int32_t rgb,
		       const char *text);

#endif
