/* roi_align.c - regions of images pooled at interpolated places. */
#include "config.h"

#include "tensor/roi_align.h"
#include "tensor/parallel.h"

#include <math.h>

static float interpolate(const struct rt_roi_align *g, const float *plane, float y, float x)
{
	int64_t y0, x0, y1, x1;
	float fy, fx;

	if (!(y >= -1 && y <= (float)g->H && x >= -1 && x <= (float)g->W))
		return 0;
	y = fmaxf(y, 0);
	x = fmaxf(x, 0);
	y0 = (int64_t)fminf(y, (float)(g->H - 1));
	x0 = (int64_t)fminf(x, (float)(g->W - 1));
	y1 = y0 + 1 < g->H ? y0 + 1 : y0;
	x1 = x0 + 1 < g->W ? x0 + 1 : x0;
	fy = y1 == y0 ? 0 : y - (float)y0;
	fx = x1 == x0 ? 0 : x - (float)x0;
	return (1 - fy) * ((1 - fx) * plane[y0 * g->W + x0] + fx * plane[y0 * g->W + x1]) +
	       fy * ((1 - fx) * plane[y1 * g->W + x0] + fx * plane[y1 * g->W + x1]);
}

/* A region in pixels: where it starts, the size of a bin, samples a bin. */
struct region {
	float y, x, bin_h, bin_w;
	int64_t ny, nx;
};

static int64_t samples(const struct rt_roi_align *g, float bin)
{
	float n = ceilf(bin);

	if (g->samples > 0)
		return g->samples;
	return n >= 1 ? n < 1024 ? (int64_t)n : 1024 : 1;
}

static struct region region_of(const struct rt_roi_align *g, const float *roi)
{
	float shift = g->half_pixel ? 0.5f : 0;
	float x1 = roi[0] * g->scale - shift, y1 = roi[1] * g->scale - shift;
	float w = roi[2] * g->scale - shift - x1, h = roi[3] * g->scale - shift - y1;
	struct region r;

	if (!g->half_pixel) {
		w = fmaxf(w, 1);
		h = fmaxf(h, 1);
	}
	r = (struct region){y1, x1, h / (float)g->P, w / (float)g->Q, 0, 0};
	r.ny = samples(g, r.bin_h);
	r.nx = samples(g, r.bin_w);
	return r;
}

static float pool(const struct rt_roi_align *g, const struct region *r, const float *plane,
		  int64_t p, int64_t q)
{
	float sum = 0, most = -INFINITY;

	for (int64_t i = 0; i < r->ny * r->nx; i++) {
		float y = r->y + r->bin_h * ((float)p + ((float)(i / r->nx) + 0.5f) / (float)r->ny);
		float x = r->x + r->bin_w * ((float)q + ((float)(i % r->nx) + 0.5f) / (float)r->nx);
		float v = interpolate(g, plane, y, x);

		sum += v;
		most = v > most ? v : most;
	}
	return g->max ? most : sum / (float)(r->ny * r->nx);
}

void rt_roi_align(const struct rt_roi_align *g, float *y, const float *x, const float *rois,
		  const int64_t *image)
{
	int64_t PQ = g->P * g->Q;
	int threads = rt_split(g->R * g->C, g->R * g->C * PQ * 64);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < g->R * g->C; i++) {
		int64_t n = image[i / g->C];
		struct region r = region_of(g, rois + i / g->C * 4);
		bool there = n >= 0 && n < g->N;
		const float *plane = there ? x + (n * g->C + i % g->C) * g->H * g->W : x;

		for (int64_t k = 0; k < PQ; k++)
			y[i * PQ + k] = there ? pool(g, &r, plane, k / g->Q, k % g->Q) : 0;
	}
}
