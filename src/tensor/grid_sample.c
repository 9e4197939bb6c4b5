/* grid_sample.c - images sampled at given places. */
#include "config.h"

#include "tensor/grid_sample.h"
#include "tensor/parallel.h"

#include <math.h>

#define TAPS 4
#define CUBIC_A (-0.75f)

/* Along one axis: elements (-1: a zero), weights, and how weights change with the coordinate. */
struct taps {
	int n;
	int64_t at[TAPS];
	float weight[TAPS], slope[TAPS];
};

/* Where the image mirrors: at the outer pixels' centres or edges. */
static float reflected(const struct rt_grid_sample *g, float x, int64_t size, float *sign)
{
	float lo = g->align_corners ? 0 : -0.5f, span = (float)size - (g->align_corners ? 1 : 0);
	float turns, rest;

	*sign = 1;
	if (span <= 0)
		return 0;
	x -= lo;
	if (x < 0) {
		x = -x;
		*sign = -1;
	}
	turns = floorf(x / span);
	rest = x - turns * span;
	if (fmodf(turns, 2) != 0) {
		rest = span - rest;
		*sign = -*sign;
	}
	return rest + lo;
}

static int64_t held(float at, int64_t size)
{
	return at < 0 ? 0 : at > (float)(size - 1) ? size - 1 : (int64_t)at;
}

/* The element a tap at whole place `at` reads. */
static int64_t element(const struct rt_grid_sample *g, float at, int64_t size)
{
	float sign;

	if (at >= 0 && at <= (float)(size - 1))
		return (int64_t)at;
	if (g->padding == RT_GRID_BORDER)
		return held(at, size);
	if (g->padding == RT_GRID_REFLECTION)
		return held(nearbyintf(reflected(g, at, size, &sign)), size);
	return -1;
}

/* Keys, 1981; f: how far behind the second tap. */
static void cubic(float f, float w[TAPS], float d[TAPS])
{
	const float a = CUBIC_A, r[TAPS] = {f + 1, f, 1 - f, 2 - f};

	for (int k = 0; k < TAPS; k++) {
		float x = r[k], sign = k < 2 ? 1 : -1;

		if (k == 1 || k == 2) {
			w[k] = ((a + 2) * x - (a + 3)) * x * x + 1;
			d[k] = sign * (3 * (a + 2) * x - 2 * (a + 3)) * x;
		} else {
			w[k] = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
			d[k] = sign * ((3 * a * x - 10 * a) * x + 8 * a);
		}
	}
}

/* Taps for the normalized coordinate v of an axis of that size. */
static struct taps taps_at(const struct rt_grid_sample *g, float v, int64_t size)
{
	float scale = (g->align_corners ? (float)(size - 1) : (float)size) / 2, sign = 1, first;
	float x = g->align_corners ? (v + 1) * scale : (v + 1) * scale - 0.5f;
	struct taps t = {.n = g->mode == RT_GRID_NEAREST ? 1 : g->mode == RT_GRID_BILINEAR ? 2 : 4};

	/* far away all places are alike, and whole numbers can be counted */
	x = !(fabsf(x) < 1e6f) ? -1e6f : x;
	if (g->mode != RT_GRID_BICUBIC && g->padding == RT_GRID_REFLECTION)
		x = reflected(g, x, size, &sign);
	if (g->mode != RT_GRID_BICUBIC && g->padding != RT_GRID_ZEROS) {
		float in = fminf(fmaxf(x, 0), (float)(size - 1));

		sign = in == x ? sign : 0;
		x = in;
	}
	first = g->mode == RT_GRID_NEAREST ? nearbyintf(x) : floorf(x);
	if (t.n == 1) {
		t.weight[0] = 1;
	} else if (t.n == 2) {
		t.weight[1] = x - first;
		t.weight[0] = 1 - t.weight[1];
		t.slope[0] = -1;
		t.slope[1] = 1;
	} else {
		cubic(x - first, t.weight, t.slope);
		first -= 1;
	}
	for (int k = 0; k < t.n; k++) {
		t.at[k] = element(g, first + (float)k, size);
		t.slope[k] *= sign * scale;
	}
	return t;
}

static float sample(const struct taps *h, const struct taps *w, const float *hw, const float *ww,
		    const float *plane, int64_t W)
{
	float sum = 0;

	for (int i = 0; i < h->n; i++)
		for (int j = 0; j < w->n; j++)
			if (h->at[i] >= 0 && w->at[j] >= 0)
				sum += hw[i] * ww[j] * plane[h->at[i] * W + w->at[j]];
	return sum;
}

void rt_grid_sample(const struct rt_grid_sample *g, float *y, const float *x, const float *grid)
{
	int64_t PQ = g->P * g->Q, HW = g->H * g->W;
	int threads = rt_split(g->N * PQ, g->N * PQ * (g->C * 16 + 64));

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < g->N * PQ; i++) {
		struct taps w = taps_at(g, grid[2 * i], g->W),
			    h = taps_at(g, grid[2 * i + 1], g->H);
		int64_t n = i / PQ;

		for (int64_t c = 0; c < g->C; c++)
			y[(n * g->C + c) * PQ + i % PQ] = sample(&h, &w, h.weight, w.weight,
								  x + (n * g->C + c) * HW, g->W);
	}
}

void rt_grid_sample_backward(const struct rt_grid_sample *g, float *dx, float *dgrid,
			     const float *dy, const float *x, const float *grid)
{
	int64_t PQ = g->P * g->Q, HW = g->H * g->W;
	int threads = rt_split(g->N, g->N * PQ * (g->C * 16 + 64));

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t n = 0; n < g->N; n++)
		for (int64_t i = n * PQ; i < (n + 1) * PQ; i++) {
			struct taps w = taps_at(g, grid[2 * i], g->W);
			struct taps h = taps_at(g, grid[2 * i + 1], g->H);

			for (int64_t c = 0; c < g->C; c++) {
				int64_t plane = (n * g->C + c) * HW;
				float d = dy[(n * g->C + c) * PQ + i % PQ];

				for (int k = 0; dx && k < h.n * w.n; k++)
					if (h.at[k / w.n] >= 0 && w.at[k % w.n] >= 0)
						dx[plane + h.at[k / w.n] * g->W + w.at[k % w.n]] +=
							d * h.weight[k / w.n] * w.weight[k % w.n];
				if (!dgrid)
					continue;
				dgrid[2 * i] +=
					d * sample(&h, &w, h.weight, w.slope, x + plane, g->W);
				dgrid[2 * i + 1] +=
					d * sample(&h, &w, h.slope, w.weight, x + plane, g->W);
			}
		}
}
