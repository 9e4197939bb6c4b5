/* raster.c - drawing on an RGB image: fills, lines, small pictures, text. */
#include "config.h"

#include "views/raster.h"

#include "base/mem.h"
#include "views/text.h"

#include <math.h>
#include <stdlib.h>

static void blend_pixel(struct rt_image *img, int x, int y, int32_t rgb, double alpha)
{
	uint8_t *p;

	if (x < 0 || y < 0 || x >= img->w || y >= img->h)
		return;
	p = img->pixel + ((size_t)y * (size_t)img->w + (size_t)x) * 3;
	for (int i = 0; i < 3; i++)
		p[i] = (uint8_t)lround((1 - alpha) * p[i] + alpha * (rgb >> (16 - 8 * i) & 0xff));
}

/* Clips a span to 0 .. limit. */
static void clip(int *at, int *n, int limit)
{
	if (*at < 0) {
		*n += *at;
		*at = 0;
	}
	if (*n > limit - *at)
		*n = limit - *at;
}

void rt_raster_blend(struct rt_image *img, int x, int y, int w, int h, int32_t rgb, double alpha)
{
	clip(&x, &w, img->w);
	clip(&y, &h, img->h);
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++)
			blend_pixel(img, x + i, y + j, rgb, alpha);
}

void rt_raster_fill(struct rt_image *img, int x, int y, int w, int h, int32_t rgb)
{
	clip(&x, &w, img->w);
	clip(&y, &h, img->h);
	for (int j = 0; j < h; j++) {
		uint8_t *p = img->pixel + ((size_t)(y + j) * (size_t)img->w + (size_t)x) * 3;

		for (int i = 0; i < w; i++, p += 3) {
			p[0] = (uint8_t)(rgb >> 16);
			p[1] = (uint8_t)(rgb >> 8);
			p[2] = (uint8_t)rgb;
		}
	}
}

/* How much of pixel i the span from a to b covers. */
static double covered(int i, double a, double b)
{
	double lo = fmax(a, i), hi = fmin(b, i + 1);

	return hi > lo ? hi - lo : 0;
}

void rt_raster_bar(struct rt_image *img, double x, double y, double w, double h, int32_t rgb)
{
	double x1 = fmin(x + w, img->w), y1 = fmin(y + h, img->h);

	x = fmax(x, 0);
	y = fmax(y, 0);
	for (int j = (int)floor(y); j < y1; j++)
		for (int i = (int)floor(x); i < x1; i++)
			blend_pixel(img, i, j, rgb, covered(i, x, x1) * covered(j, y, y1));
}

void rt_raster_frame(struct rt_image *img, int x, int y, int w, int h, int32_t rgb)
{
	rt_raster_fill(img, x, y, w, 1, rgb);
	rt_raster_fill(img, x, y + h - 1, w, 1, rgb);
	rt_raster_fill(img, x, y, 1, h, rgb);
	rt_raster_fill(img, x + w - 1, y, 1, h, rgb);
}

/* A path is first drawn as coverage, so that joints are not laid twice. */
struct stroke {
	int w, h;
	uint8_t *cover;
	double width;
};

/* Coverage of the pixel at (x, y) by a line with round ends: its distance from the segment,
 * smoothed over one pixel. */
static double near_segment(double x, double y, const double a[2], const double b[2], double width)
{
	double dx = b[0] - a[0], dy = b[1] - a[1], len = dx * dx + dy * dy;
	double t = len > 0 ? ((x - a[0]) * dx + (y - a[1]) * dy) / len : 0;
	double c;

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	c = width / 2 + 0.5 - hypot(x - a[0] - t * dx, y - a[1] - t * dy);
	return c < 0 ? 0 : c > 1 ? 1 : c;
}

static void segment(struct stroke *s, const double a[2], const double b[2])
{
	double reach = s->width / 2 + 1;
	int x0 = (int)fmin(fmax(fmin(a[0], b[0]) - reach, 0), s->w);
	int y0 = (int)fmin(fmax(fmin(a[1], b[1]) - reach, 0), s->h);
	double x1 = fmin(fmax(a[0], b[0]) + reach, s->w), y1 = fmin(fmax(a[1], b[1]) + reach, s->h);

	for (int y = y0; y < y1; y++) {
		uint8_t *row = s->cover + (size_t)y * (size_t)s->w;

		for (int x = x0; x < x1; x++) {
			uint8_t c = (uint8_t)lround(255 *
						    near_segment(x + 0.5, y + 0.5, a, b, s->width));

			if (c > row[x])
				row[x] = c;
		}
	}
}

/* One stretch of a dashed path; *at is the length walked so far. */
static void dashes(struct stroke *s, const double a[2], const double b[2], double dash, double *at)
{
	double len = hypot(b[0] - a[0], b[1] - a[1]), end = *at + len;
	double first = floor(*at / (2 * dash)) * 2 * dash;

	if (len > 0 && len < 1e6)
		for (double on = first; on < end; on += 2 * dash) {
			double t0 = (fmax(on, *at) - *at) / len,
			       t1 = (fmin(on + dash, end) - *at) / len;
			double from[2] = {a[0] + t0 * (b[0] - a[0]), a[1] + t0 * (b[1] - a[1])};
			double to[2] = {a[0] + t1 * (b[0] - a[0]), a[1] + t1 * (b[1] - a[1])};

			if (t1 > t0)
				segment(s, from, to);
		}
	*at = end;
}

void rt_raster_path(struct rt_image *img, const double *xy, int n, double width, double dash,
		    int32_t rgb)
{
	struct stroke s = {img->w, img->h, rt_alloc((size_t)img->w, (size_t)img->h), width};
	double at = 0;

	for (int i = 0; i + 1 < n; i++) {
		const double *a = xy + 2 * (size_t)i, *b = a + 2;

		if (!isfinite(a[0]) || !isfinite(a[1]) || !isfinite(b[0]) || !isfinite(b[1]))
			continue;
		if (dash > 0)
			dashes(&s, a, b, dash, &at);
		else
			segment(&s, a, b);
	}
	for (int y = 0; y < img->h; y++)
		for (int x = 0; x < img->w; x++) {
			uint8_t c = s.cover[(size_t)y * (size_t)img->w + (size_t)x];

			if (c)
				blend_pixel(img, x, y, rgb, c / 255.0);
		}
	free(s.cover);
}

void rt_raster_line(struct rt_image *img, double x0, double y0, double x1, double y1, double width,
		    int32_t rgb)
{
	const double xy[4] = {x0, y0, x1, y1};

	rt_raster_path(img, xy, 2, width, 0, rgb);
}

void rt_raster_disc(struct rt_image *img, double x, double y, double radius, int32_t rgb)
{
	if (!isfinite(x) || !isfinite(y) || fabs(x) > 1e6 || fabs(y) > 1e6)
		return;
	for (int j = (int)floor(y - radius - 1); j <= y + radius + 1; j++)
		for (int i = (int)floor(x - radius - 1); i <= x + radius + 1; i++) {
			double c = radius + 0.5 - hypot(i + 0.5 - x, j + 0.5 - y);

			if (c > 0)
				blend_pixel(img, i, j, rgb, fmin(c, 1));
		}
}

void rt_raster_image(struct rt_image *img, int x, int y, const struct rt_image *from, int k)
{
	for (int j = 0; j < from->h; j++)
		for (int i = 0; i < from->w; i++) {
			const uint8_t *p = from->pixel + ((size_t)j * (size_t)from->w + (size_t)i) *
								 (size_t)from->channels;
			int32_t rgb = from->channels == 3 ? p[0] << 16 | p[1] << 8 | p[2]
							  : p[0] << 16 | p[0] << 8 | p[0];

			rt_raster_fill(img, x + i * k, y + j * k, k, k, rgb);
		}
}

static void draw_glyph(struct rt_image *img, int pen, int baseline, const struct rt_glyph *g,
		       int32_t rgb)
{
	for (int j = 0; j < g->h; j++)
		for (int i = 0; i < g->w; i++) {
			uint8_t c = g->coverage[(size_t)j * (size_t)g->stride + (size_t)i];

			if (c)
				blend_pixel(img, pen - g->pad + i, baseline - g->base + j, rgb,
					    c / 255.0);
		}
}

void rt_raster_text(struct rt_image *img, int x, int y, enum rt_type_size size, enum rt_align align,
		    int32_t rgb, const char *text)
{
	int width = rt_font_width(size, text);

	x -= align == RT_RIGHT ? width : align == RT_CENTER ? width / 2 : 0;
	for (uint32_t ch; (ch = rt_utf8_next(&text));) {
		struct rt_glyph g = rt_font_glyph(size, ch);

		draw_glyph(img, x, y, &g, rgb);
		x += g.advance;
	}
}

/* Appends text cut with … to at most width pixels. */
static void cut_text(struct rt_str *cut, enum rt_type_size size, int width, const char *text)
{
	int room = width - rt_font_width(size, "…");

	if (rt_font_width(size, text) <= width) {
		rt_str_add(cut, text);
	} else if (room >= 0) {
		for (const char *next = text; *text; text = next) {
			room -= rt_font_glyph(size, rt_utf8_next(&next)).advance;
			if (room < 0)
				break;
			rt_str_addn(cut, text, (size_t)(next - text));
		}
		rt_str_add(cut, "…");
	}
}

void rt_raster_text_fit(struct rt_image *img, int x, int y, int width, enum rt_type_size size,
			enum rt_align align, int32_t rgb, const char *text)
{
	struct rt_str cut = {0};

	cut_text(&cut, size, width, text);
	x += align == RT_RIGHT ? width : align == RT_CENTER ? width / 2 : 0;
	rt_raster_text(img, x, y, size, align, rgb, rt_str_text(&cut));
	rt_str_release(&cut);
}

void rt_raster_text_up(struct rt_image *img, int x, int y, int length, int32_t rgb,
		       const char *text)
{
	struct rt_str cut = {0};
	const char *p;

	cut_text(&cut, RT_LABEL, length, text);
	p = rt_str_text(&cut);
	for (uint32_t ch; (ch = rt_utf8_next(&p));) {
		struct rt_glyph g = rt_font_glyph(RT_LABEL, ch);

		for (int j = 0; j < g.h; j++)
			for (int i = 0; i < g.w; i++) {
				uint8_t c = g.coverage[(size_t)j * (size_t)g.stride + (size_t)i];

				if (c)
					blend_pixel(img, x - g.base + j, y + g.pad - i, rgb,
						    c / 255.0);
			}
		y -= g.advance;
	}
	rt_str_release(&cut);
}
