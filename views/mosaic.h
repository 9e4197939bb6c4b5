/* mosaic.h - pixels as cells: half blocks in colour, ramps of glyphs without.
 *
 * A cell shows one pixel across and two down.  With 256 colours or more and unicode the two are the
 * halves of ▀; in ASCII a blank on a coloured ground shows their mean.  With fewer colours a glyph
 * stands for the mean: the more ink, the larger the value.  The ramps for values above and below
 * zero differ, so that the sign is seen without colour:
 *
 *     unicode  +  ░ ▒ ▓ █              −  · ╱ ╳ ▞
 *     ASCII    +  . : - = + * # % @    −  , ; i c o x X M W
 */
#ifndef RT_VIEWS_MOSAIC_H
#define RT_VIEWS_MOSAIC_H

#include "views/canvas.h"

/* How large a picture of w x h pixels is drawn: pw x ph pixels in cols x rows cells. */
struct rt_mosaic {
	int cols, rows;
	int pw, ph;
};

/* The largest whole multiple that fits max_cols x max_rows cells, or the largest size below 1:1;
 * never enlarged beyond 32 pixels. */
struct rt_mosaic rt_mosaic_fit(int w, int h, int max_cols, int max_rows);

/* Resizes w x h numbers to tw x th by averaging the area each covers; whole multiples repeat them.
 * NaN spreads to what it touches. */
void rt_grid_resize(float *to, int tw, int th, const float *from, int w, int h);

/* Draws colours (pw x ph, RT_DEFAULT = nothing) as half blocks; needs 256 colours or more. */
void rt_mosaic_colors(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m,
		      const int32_t *rgb);

/* Draws t (pw x ph, −1 .. 1, NaN shown as ?) by the diverging map, or as glyphs. */
void rt_mosaic_signed(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m, const float *t);

/* Draws g (pw x ph, 0 .. 1) as glyphs of the + ramp. */
void rt_mosaic_ramp(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m, const float *g);

/* The legend of the signed map, from −1 over 0 to +1; returns the column behind it. */
int rt_mosaic_legend(struct rt_canvas *c, int x, int y);

/* The colour of t on this canvas. */
int32_t rt_mosaic_color(const struct rt_canvas *c, double t);

/* True when the canvas has colours enough for half blocks. */
bool rt_mosaic_colored(const struct rt_canvas *c);

#endif
