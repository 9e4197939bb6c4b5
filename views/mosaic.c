/* mosaic.c - pixels as cells: half blocks in colour, ramps of glyphs without. */
#include "config.h"

#include "views/mosaic.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

enum { LARGEST = 32 };

struct rt_mosaic rt_mosaic_fit(int w, int h, int max_cols, int max_rows)
{
	struct rt_mosaic m = {0};
	double scale;
	int k;

	if (w < 1 || h < 1 || max_cols < 1 || max_rows < 1)
		return m;
	if (w <= max_cols && h <= 2 * max_rows) {
		int side = w > h ? w : h,
		    fits = max_cols / w < 2 * max_rows / h ? max_cols / w : 2 * max_rows / h;

		k = LARGEST / side < fits ? LARGEST / side : fits;
		k = k < 1 ? 1 : k;
		m.pw = w * k;
		m.ph = h * k;
	} else {
		scale = fmin((double)max_cols / w, 2.0 * max_rows / h);
		m.pw = (int)fmax(1, floor(w * scale + 1e-9));
		m.ph = (int)fmax(1, floor(h * scale + 1e-9));
	}
	m.cols = m.pw;
	m.rows = (m.ph + 1) / 2;
	return m;
}

/* Sums n numbers `step` apart, weighted by how much of each lies in [from, to). */
static double area(const float *v, size_t step, int n, double from, double to)
{
	double sum = 0;

	for (int i = (int)from; i < n && i < to; i++) {
		double part = fmin(i + 1, to) - fmax(i, from);

		if (part > 0)
			sum += part * v[(size_t)i * step];
	}
	return sum;
}

void rt_grid_resize(float *to, int tw, int th, const float *from, int w, int h)
{
	double fx = (double)w / tw, fy = (double)h / th;
	float *wide = rt_alloc((size_t)tw * (size_t)h, sizeof(*wide));

	for (int y = 0; y < h; y++)
		for (int x = 0; x < tw; x++)
			wide[(size_t)y * (size_t)tw + (size_t)x] =
				(float)(area(from + (size_t)y * (size_t)w, 1, w, x * fx,
					     (x + 1) * fx) /
					fx);
	for (int y = 0; y < th; y++)
		for (int x = 0; x < tw; x++)
			to[(size_t)y * (size_t)tw + (size_t)x] =
				(float)(area(wide + x, (size_t)tw, h, y * fy, (y + 1) * fy) / fy);
	free(wide);
}

bool rt_mosaic_colored(const struct rt_canvas *c)
{
	return c->style.colors >= 256;
}

static void put_halves(struct rt_canvas *c, int x, int y, int32_t top, int32_t bottom)
{
	if (top == RT_DEFAULT && bottom == RT_DEFAULT)
		rt_canvas_put(c, x, y, ' ', RT_INK_PLAIN);
	else if (!c->style.unicode)
		rt_canvas_put(c, x, y, ' ',
			      (struct rt_ink){RT_DEFAULT,
					      top == RT_DEFAULT ? bottom
					      : bottom == RT_DEFAULT
						      ? top
						      : rt_color_mix(top, bottom, 0.5),
					      0});
	else if (top == bottom)
		rt_canvas_put(c, x, y, ' ', (struct rt_ink){RT_DEFAULT, top, 0});
	else if (top == RT_DEFAULT)
		rt_canvas_put(c, x, y, 0x2584, RT_INK_COLOR(bottom));
	else
		rt_canvas_put(c, x, y, 0x2580, (struct rt_ink){top, bottom, 0});
}

void rt_mosaic_colors(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m,
		      const int32_t *rgb)
{
	for (int j = 0; j < m->rows; j++)
		for (int i = 0; i < m->cols; i++) {
			const int32_t *p = rgb + (size_t)(2 * j) * (size_t)m->pw + i;

			put_halves(c, x + i, y + j, p[0],
				   2 * j + 1 < m->ph ? p[m->pw] : RT_DEFAULT);
		}
}

static const uint32_t unicode_plus[] = {' ', 0x2591, 0x2592, 0x2593, 0x2588};
static const uint32_t unicode_minus[] = {' ', 0xb7, 0x2571, 0x2573, 0x259e};
static const char ascii_plus[] = " .:-=+*#%@";
static const char ascii_minus[] = " ,;icoxXMW";

static uint32_t ramp(double t, bool unicode)
{
	int steps = unicode ? (int)RT_COUNT(unicode_plus) : (int)sizeof(ascii_plus) - 1;
	int i = (int)lround(fmin(fabs(t), 1) * (steps - 1));

	if (isnan(t))
		return '?';
	if (unicode)
		return t < 0 ? unicode_minus[i] : unicode_plus[i];
	return (unsigned char)(t < 0 ? ascii_minus[i] : ascii_plus[i]);
}

/* With eight colours the glyphs of the ramps are red or blue on white. */
static struct rt_ink ramp_ink(const struct rt_canvas *c, double t)
{
	if (c->style.colors == 0)
		return RT_INK_PLAIN;
	return (struct rt_ink){isnan(t) ? 0x000000 : t < 0 ? 0x0000ee : 0xcd0000, 0xe5e5e5, 0};
}

/* The mean of the two pixels of a cell. */
static double cell_mean(const struct rt_mosaic *m, const float *v, int i, int j)
{
	const float *p = v + (size_t)(2 * j) * (size_t)m->pw + i;

	return 2 * j + 1 < m->ph ? 0.5 * ((double)p[0] + p[m->pw]) : p[0];
}

void rt_mosaic_signed(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m, const float *t)
{
	size_t n = (size_t)m->pw * (size_t)m->ph;
	int32_t *rgb;

	if (rt_mosaic_colored(c)) {
		rgb = rt_alloc(n, sizeof(*rgb));
		for (size_t i = 0; i < n; i++)
			rgb[i] = rt_mosaic_color(c, t[i]);
		rt_mosaic_colors(c, x, y, m, rgb);
		free(rgb);
		return;
	}
	for (int j = 0; j < m->rows; j++)
		for (int i = 0; i < m->cols; i++) {
			double v = cell_mean(m, t, i, j);

			rt_canvas_put(c, x + i, y + j, ramp(v, c->style.unicode), ramp_ink(c, v));
		}
}

void rt_mosaic_ramp(struct rt_canvas *c, int x, int y, const struct rt_mosaic *m, const float *g)
{
	for (int j = 0; j < m->rows; j++)
		for (int i = 0; i < m->cols; i++)
			rt_canvas_put(c, x + i, y + j,
				      ramp(fmax(cell_mean(m, g, i, j), 0), c->style.unicode),
				      RT_INK_PLAIN);
}

int32_t rt_mosaic_color(const struct rt_canvas *c, double t)
{
	return c->style.colors > 256 ? rt_color_signed(t) : rt_color_signed_256(t);
}

int rt_mosaic_legend(struct rt_canvas *c, int x, int y)
{
	bool colored = rt_mosaic_colored(c);
	/* Every glyph of a ramp once or twice, or eight cells of colour, then " 0 ". */
	int n = colored || c->style.unicode ? 8 : (int)sizeof(ascii_plus) - 2;

	for (int side = -1; side <= 1; side += 2)
		for (int i = 1; i <= n; i++) {
			double t = side * (double)i / n;
			struct rt_ink ink =
				colored ? (struct rt_ink){RT_DEFAULT, rt_mosaic_color(c, t), 0}
					: ramp_ink(c, t);

			rt_canvas_put(c, x + n + 1 + side * (i + 1), y,
				      colored ? ' ' : ramp(t, c->style.unicode), ink);
		}
	for (int i = 0; i < 3; i++) {
		struct rt_ink ink =
			colored ? (struct rt_ink){0x000000, 0xffffff, 0} : ramp_ink(c, NAN);

		rt_canvas_put(c, x + n + i, y, i == 1 ? '0' : ' ', ink);
	}
	return x + 2 * n + 3;
}
