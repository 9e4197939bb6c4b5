/* picture.c - one image, or several with labels, in cells and as PNG. */
#include "config.h"

#include "views/picture.h"

#include "base/mem.h"
#include "views/page.h"

#include <math.h>
#include <stdlib.h>

/* The values that become black and white. */
static void range(const struct rt_picture *p, double *lo, double *hi)
{
	size_t n = (size_t)p->channels * (size_t)p->h * (size_t)p->w;

	*lo = p->lo;
	*hi = p->hi;
	if (p->lo == 0 && p->hi == 0) {
		*lo = INFINITY;
		*hi = -INFINITY;
		for (size_t i = 0; i < n; i++)
			if (isfinite(p->v[i])) {
				*lo = fmin(*lo, p->v[i]);
				*hi = fmax(*hi, p->v[i]);
			}
	}
	if (!(*hi > *lo)) /* flat, or nothing finite */
		*hi = *lo + 1;
}

/* Channel k, or the mean of all with k < 0, resized and brought to 0 .. 1. */
static void plane(float *out, const struct rt_picture *p, int k, int w, int h)
{
	size_t n = (size_t)p->w * (size_t)p->h, m = (size_t)w * (size_t)h;
	float *one = rt_alloc(n, sizeof(*one));
	double lo, hi;

	range(p, &lo, &hi);
	for (size_t i = 0; i < n; i++) {
		double sum = 0;

		for (int c = 0; c < p->channels; c++)
			sum += k < 0 || c == k ? p->v[(size_t)c * n + i] : 0;
		sum = ((k < 0 ? sum / p->channels : sum) - lo) / (hi - lo);
		one[i] = (float)(isnan(sum) ? 0 : fmin(fmax(sum, 0), 1));
	}
	rt_grid_resize(out, w, h, one, p->w, p->h);
	free(one);
	for (size_t i = 0; i < m; i++)
		out[i] = fminf(fmaxf(out[i], 0), 1);
}

void rt_picture_grey(float *grey, const struct rt_picture *p, int w, int h)
{
	plane(grey, p, -1, w, h);
}

static bool usable(const struct rt_picture *p)
{
	return p->w > 0 && p->h > 0 && p->channels > 0 && p->v;
}

static int32_t *colors(const struct rt_picture *p, int w, int h)
{
	size_t n = (size_t)w * (size_t)h;
	int32_t *rgb = rt_alloc(n, sizeof(*rgb));
	float *v = rt_alloc(n, sizeof(*v));

	for (int k = 0; k < 3; k++) {
		plane(v, p, p->channels == 3 ? k : -1, w, h);
		for (size_t i = 0; i < n; i++)
			rgb[i] |= (int32_t)lround(255 * (double)v[i]) << (16 - 8 * k);
	}
	free(v);
	return rgb;
}

void rt_picture_put(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m,
		    const struct rt_picture *p)
{
	if (!usable(p) || m->pw < 1)
		return;
	if (rt_mosaic_colored(c)) {
		int32_t *rgb = colors(p, m->pw, m->ph);

		rt_mosaic_colors(c, x, y, m, rgb);
		free(rgb);
	} else {
		float *grey = rt_alloc((size_t)m->pw * (size_t)m->ph, sizeof(*grey));

		rt_picture_grey(grey, p, m->pw, m->ph);
		rt_mosaic_ramp(c, x, y, m, grey);
		free(grey);
	}
}

void rt_picture_image(struct rt_image *out, const struct rt_picture *p)
{
	size_t n = (size_t)p->w * (size_t)p->h;
	int32_t *rgb = colors(p, p->w, p->h);

	rt_image_init(out, p->w, p->h, 3);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 3; k++)
			out->pixel[3 * i + k] = (uint8_t)(rgb[i] >> (16 - 8 * k));
	free(rgb);
}

/* The largest picture decides the size of all. */
static void extent(const struct rt_gallery *g, int *w, int *h)
{
	*w = *h = 0;
	for (int i = 0; i < g->n; i++) {
		if (!usable(&g->picture[i]))
			continue;
		*w = g->picture[i].w > *w ? g->picture[i].w : *w;
		*h = g->picture[i].h > *h ? g->picture[i].h : *h;
	}
}

enum { GAP = 2, SMALLEST = 14 };

/* At full size when all fit in one row; otherwise rows of pictures about 14 cells wide. */
static struct rt_mosaic gallery_size(const struct rt_canvas *c, const struct rt_gallery *g, int w,
				     int h, int *columns)
{
	int room = c->w + GAP - 2;
	struct rt_mosaic m;

	*columns = g->columns > 0 ? g->columns : g->n;
	while (*columns > 1 && room / *columns - GAP < SMALLEST)
		--*columns;
	m = rt_mosaic_fit(w, h, room / *columns - GAP, 64);
	if (g->columns <= 0 && m.pw > 0 && *columns < g->n)
		*columns = room / (m.pw + GAP) > *columns ? room / (m.pw + GAP) : *columns;
	return m;
}

void rt_gallery_draw(struct rt_canvas *c, const struct rt_gallery *g)
{
	struct rt_pieces foot = {0};
	struct rt_mosaic size;
	int w, h, columns;

	extent(g, &w, &h);
	if (w < 1)
		return;
	size = gallery_size(c, g, w, h, &columns);
	rt_title_draw(c, g->title);
	for (int i = 0; i < g->n; i += columns) {
		int y = c->h + (i > 0);

		for (int j = 0; j < columns && i + j < g->n; j++) {
			const struct rt_picture *p = &g->picture[i + j];
			struct rt_mosaic m = rt_mosaic_fit(p->w, p->h, size.cols, size.rows);
			int x = 2 + j * (size.cols + GAP);

			if (p->label)
				rt_canvas_fit(c, x, y, size.cols, RT_LEFT, p->label, RT_INK_PLAIN);
			rt_picture_put(c, x, y + 1, &m, p);
		}
		rt_canvas_grow(c, y + 1 + size.rows);
	}
	rt_pieces_notes(&foot, g->note, g->nnote);
	rt_pieces_draw(c, 2, c->h, 2, &foot, RT_INK_PLAIN);
	rt_pieces_release(&foot);
}

enum { SIDE = 168, SPACE = 20, MOST_COLUMNS = 6 };

enum rt_status rt_gallery_page(struct rt_page *page, const struct rt_gallery *g, struct rt_err *err)
{
	struct rt_page_text text = {.title = g->title, .command = g->command};
	int w, h, k, columns, rows, label = rt_font_line(RT_LABEL) + 4, dx, dy;
	enum rt_status status;

	extent(g, &w, &h);
	if (w < 1)
		return rt_fail(err, RT_EINVAL, "nothing to draw: no picture has any pixels");
	k = SIDE / (w > h ? w : h);
	k = k < 1 ? 1 : k;
	dx = w * k > 64 ? w * k + SPACE : 64 + SPACE;
	dy = h * k + SPACE + label;
	columns = g->columns > 0 ? g->columns : g->n < MOST_COLUMNS ? g->n : MOST_COLUMNS;
	rows = (g->n - 1) / columns + 1;
	rt_pieces_notes(&text.foot, g->note, g->nnote);
	status =
		rows > (1 << 20) / dy || columns > (1 << 20) / dx
			? rt_fail(err, RT_EINVAL, "%d pictures do not fit on one page; draw fewer",
				  g->n)
			: rt_page_begin(page, columns * dx - SPACE, rows * dy - SPACE, &text, err);
	rt_page_text_release(&text);
	RT_TRY(status);
	for (int i = 0; i < g->n; i++) {
		const struct rt_picture *p = &g->picture[i];
		int x = page->x + i % columns * dx, y = page->y + i / columns * dy;
		struct rt_image image;

		if (p->label)
			rt_raster_text_fit(&page->img, x, y + rt_font_up(RT_LABEL), dx - SPACE / 2,
					   RT_LABEL, RT_LEFT, RT_TEXT, p->label);
		if (!usable(p))
			continue;
		rt_picture_image(&image, p);
		rt_raster_image(&page->img, x, y + label, &image, k);
		rt_raster_frame(&page->img, x - 1, y + label - 1, image.w * k + 2, image.h * k + 2,
				RT_AXIS);
		rt_image_release(&image);
	}
	return RT_OK;
}

enum rt_status rt_gallery_png(const struct rt_gallery *g, const char *path, struct rt_err *err)
{
	struct rt_page page;

	RT_TRY(rt_gallery_page(&page, g, err));
	return rt_page_save(&page, path, err);
}
