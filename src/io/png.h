/* png.h - PNG pictures in and out. */
#ifndef RT_IO_PNG_H
#define RT_IO_PNG_H

#include "base/err.h"

#include <stdint.h>

/* Rows from the top; pixel[(y * w + x) * channels + c]; 8 bits a channel. */
struct rt_image {
	int w, h, channels;	/* 1 grey, 3 RGB */
	uint8_t *pixel;		/* owned */
};

/* Reads any PNG (grey, RGB, 16-bit, palette, alpha, interlaced) as channels = 1 or 3; alpha is laid
 * over white.  channels 0: as the file has it.  The caller releases.  Errors: RT_EIO, RT_EFORMAT (a
 * damaged or truncated file), RT_ENOMEM (larger than 2^28 pixels). */
enum rt_status rt_png_read(struct rt_image *out, const char *path, int channels,
			   struct rt_err *err);

/* The same from memory; name is used in errors. */
enum rt_status rt_png_parse(struct rt_image *out, const void *bytes, size_t len, const char *name,
			    int channels, struct rt_err *err);

/* Width, height and channels (as channels 0 would give) of a PNG file, without its pixels: pixel is
 * NULL and nothing needs releasing.  Errors: RT_EIO, RT_EFORMAT. */
enum rt_status rt_png_info(struct rt_image *out, const char *path, struct rt_err *err);

/* Writes atomically.  comment becomes a tEXt "Software"/"Comment" chunk (NULL = none).  Error:
 * RT_EIO. */
enum rt_status rt_png_write(const struct rt_image *img, const char *path, const char *comment,
			    struct rt_err *err);

/* A zeroed image; dies when out of memory. */
void rt_image_init(struct rt_image *img, int w, int h, int channels);
void rt_image_release(struct rt_image *img);

/* Resizes by area averaging (shrinking) or bilinear interpolation (enlarging), pixel centres
 * aligned. */
void rt_image_resize(struct rt_image *out, const struct rt_image *img, int w, int h);

#endif
