/* ssim.c - structural similarity of two maps.
 *
 *	(2 ma mb + C1)(2 sab + C2) / ((ma^2 + mb^2 + C1)(saa + sbb + C2)), C1 = (0.01 L)^2, C2 =
 * (0.03 L)^2
 *
 * averaged over every window that lies inside the maps; m are means, s sample (co)variances (n -
 * 1), L = largest - smallest value of both maps together.
 */
#include "config.h"

#include "explain/measure.h"

#include <math.h>

struct ssim {
	int64_t window;
};

static const struct rt_opt opts[] = {
	{"window", "side of the square windows; 0: the whole map is one window", RT_INT,
	 offsetof(struct ssim, window), "7", 0, 1001},
	{0},
};

/* Of the h x w places from (top, left) on. */
static double one_window(const struct rt_two_maps *m, int64_t top, int64_t left, int64_t h,
			 int64_t w, double L)
{
	double n = (double)(h * w), a = 0, b = 0, aa = 0, bb = 0, ab = 0;
	double c1 = 0.01 * L * 0.01 * L, c2 = 0.03 * L * 0.03 * L;

	for (int64_t y = top; y < top + h; y++)
		for (int64_t x = left; x < left + w; x++) {
			a += m->a[y * m->w + x];
			b += m->b[y * m->w + x];
		}
	a /= n;
	b /= n;
	for (int64_t y = top; y < top + h; y++)
		for (int64_t x = left; x < left + w; x++) {
			double da = m->a[y * m->w + x] - a, db = m->b[y * m->w + x] - b;

			aa += da * da;
			bb += db * db;
			ab += da * db;
		}
	return (2 * a * b + c1) * (2 * ab / (n - 1) + c2) /
	       ((a * a + b * b + c1) * ((aa + bb) / (n - 1) + c2));
}

static double data_range(const struct rt_two_maps *m)
{
	double min = m->a[0], max = min;

	for (int64_t i = 0; i < m->h * m->w; i++) {
		min = fmin(min, fmin(m->a[i], m->b[i]));
		max = fmax(max, fmax(m->a[i], m->b[i]));
	}
	return max - min;
}

static struct rt_measured eval(const struct rt_two_maps *m, const void *params)
{
	int64_t side = ((const struct ssim *)params)->window;
	int64_t h = side ? side : m->h, w = side ? side : m->w, count = 0;
	double L = data_range(m), sum = 0;

	if (h > m->h || w > m->w)
		return (struct rt_measured){NAN, "the maps are smaller than the window of ssim"};
	if (h * w < 2)
		return (struct rt_measured){NAN, "a window of one place has no variance"};
	if (L == 0)
		return (struct rt_measured){1, "both maps are the same constant"};
	for (int64_t y = 0; y + h <= m->h; y++)
		for (int64_t x = 0; x + w <= m->w; x++, count++)
			sum += one_window(m, y, x, h, w, L);
	return (struct rt_measured){sum / (double)count, NULL};
}

const struct rt_measure rt_measure_ssim = {
	.row = {"ssim", "structural similarity over 7x7 windows", opts, sizeof(struct ssim)},
	.same = 1,
	.source = "Wang et al., IEEE TIP 2004; windows and range as in scikit-image",
	.eval = eval,
};
