/* picture.h - one image, or several with labels, in cells and as PNG. */
#ifndef RT_VIEWS_PICTURE_H
#define RT_VIEWS_PICTURE_H

#include "io/png.h"
#include "views/caption.h"
#include "views/mosaic.h"

/* An image as a model sees it or as it lies in a data set. */
struct rt_picture {
	int w, h, channels;	/* 1 grey, 3 RGB; of any other number the mean is shown as grey */
	const float *v;		/* channels x h x w, rows from the top */
	float lo, hi;	   /* the values of black and white; both 0: the smallest and the largest */
	const char *label;	/* may be NULL */
};

/* Draws one with its upper left cell at (x, y) in the size of m. */
void rt_picture_put(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m,
		    const struct rt_picture *p);

/* The picture's greys (0 .. 1) at w x h; area average. */
void rt_picture_grey(float *grey, const struct rt_picture *p, int w, int h);

/* The picture as 8-bit RGB, pixel for pixel; the caller releases. */
void rt_picture_image(struct rt_image *out, const struct rt_picture *p);

/* Samples side by side, each with its label above. */
struct rt_gallery {
	const char *title;
	int n;
	const struct rt_picture *picture;
	int columns;		/* 0: as many as fit */
	int nnote;
	const struct rt_note *note;
	const char *command;
};

void rt_gallery_draw(struct rt_canvas *c, const struct rt_gallery *g);

/* Errors: RT_EINVAL (no picture, or too large a page), those of rt_png_write. */
enum rt_status rt_gallery_png(const struct rt_gallery *g, const char *path, struct rt_err *err);

/* The same as a page that is not saved yet. */
struct rt_page;
enum rt_status rt_gallery_page(struct rt_page *page, const struct rt_gallery *g,
			       struct rt_err *err);

#endif
