/* plane.c - maps as pictures: channels summed, resized, and one scale for several of them. */
#include "config.h"

#include "explain/probe.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

void rt_picture_size(const struct rt_shape *s, int64_t *h, int64_t *w)
{
	*h = s->rank >= 2 ? s->dim[s->rank - 2] : 1;
	*w = s->rank >= 1 ? s->dim[s->rank - 1] : 1;
}

float *rt_attribution_plane(const struct rt_attribution *a, int64_t *h, int64_t *w)
{
	int64_t n = rt_shape_count(&a->shape), size;
	float *plane;

	rt_picture_size(&a->shape, h, w);
	size = *h * *w;
	plane = rt_alloc((size_t)size, sizeof(*plane));
	for (int64_t i = 0; i < size; i++) {
		double sum = 0;

		for (int64_t k = i; k < n; k += size)
			sum += a->map[k];
		plane[i] = (float)sum;
	}
	return plane;
}

/* The two neighbours of output place i and the share of the second. */
static double between(int64_t i, int64_t from, int64_t to, int64_t *lo, int64_t *hi)
{
	double at = ((double)i + 0.5) * (double)from / (double)to - 0.5;

	at = at < 0 ? 0 : at;
	*lo = (int64_t)at;
	if (*lo > from - 1)
		*lo = from - 1;
	*hi = *lo < from - 1 ? *lo + 1 : *lo;
	return at - (double)*lo;
}

float *rt_map_resize(const float *map, int64_t h, int64_t w, int64_t H, int64_t W)
{
	float *out = rt_alloc((size_t)(H * W), sizeof(*out));
	int64_t top, bottom, left, right;

	for (int64_t i = 0; i < H; i++) {
		double down = between(i, h, H, &top, &bottom);

		for (int64_t j = 0; j < W; j++) {
			double along = between(j, w, W, &left, &right);
			const float *t = map + top * w, *b = map + bottom * w;

			out[i * W + j] =
				(float)((1 - down) * ((1 - along) * t[left] + along * t[right]) +
					down * ((1 - along) * b[left] + along * b[right]));
		}
	}
	return out;
}

static int rising(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

float rt_map_clip(const float *const *maps, const int64_t *n, int nmaps, double percentile)
{
	int64_t total = 0, used = 0, lo;
	float *all, clip;
	double at;

	for (int m = 0; m < nmaps; m++)
		total += n[m];
	if (total == 0)
		return 0;
	all = rt_alloc((size_t)total, sizeof(*all));
	for (int m = 0; m < nmaps; m++)
		for (int64_t i = 0; i < n[m]; i++)
			all[used++] = fabsf(maps[m][i]);
	qsort(all, (size_t)total, sizeof(*all), rising);
	at = percentile / 100 * (double)(total - 1);
	lo = (int64_t)at;
	clip = all[lo];
	if (lo < total - 1)
		clip = (float)(all[lo] + (at - (double)lo) * ((double)all[lo + 1] - all[lo]));
	if (clip == 0)
		clip = all[total - 1];
	free(all);
	return clip;
}
