/* image.c - pictures in memory: made, released, resized. */
#include "config.h"

#include "io/png.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void rt_image_init(struct rt_image *img, int w, int h, int channels)
{
	RT_ASSERT(w > 0 && h > 0 && channels > 0);
	*img = (struct rt_image){w, h, channels, rt_alloc((size_t)w * (size_t)h, (size_t)channels)};
}

void rt_image_release(struct rt_image *img)
{
	free(img->pixel);
	*img = (struct rt_image){0};
}

/* Output o of an axis is the sum of weight[k] * input[first + k], k < n; the weights sum to 1. */
struct axis {
	int *first, *n;
	float *weight; /* [out][stride] */
	int stride;
};

/* Shrinking: every input cell counts by the part of it that lies in the output cell.  Enlarging:
 * linear interpolation between the two nearest centres, (o + 1/2) in / out - 1/2. */
static void axis_init(struct axis *a, int in, int out)
{
	double step = (double)in / out;

	a->stride = out < in ? (int)ceil(step) + 2 : 2;
	a->first = rt_alloc((size_t)out, sizeof(*a->first));
	a->n = rt_alloc((size_t)out, sizeof(*a->n));
	a->weight = rt_alloc((size_t)out * (size_t)a->stride, sizeof(*a->weight));
	for (int o = 0; o < out; o++) {
		float *w = a->weight + (size_t)o * (size_t)a->stride;
		double from = o * step, to = (o + 1) * step;

		if (out < in) {
			int last = (int)ceil(to - 1e-9) - 1;

			a->first[o] = (int)(from + 1e-9);
			if (last > in - 1)
				last = in - 1;
			a->n[o] = last - a->first[o] + 1;
			for (int k = 0; k < a->n[o]; k++) {
				double i = a->first[o] + k;

				w[k] = (float)((fmin(i + 1, to) - fmax(i, from)) / step);
			}
		} else {
			double at = fmin(fmax((o + 0.5) * step - 0.5, 0), in - 1);
			int i = (int)at;

			a->first[o] = i;
			a->n[o] = i + 1 < in ? 2 : 1;
			w[0] = (float)(a->n[o] == 2 ? 1 - (at - i) : 1);
			w[1] = (float)(at - i);
		}
	}
}

static void axis_release(struct axis *a)
{
	free(a->first);
	free(a->n);
	free(a->weight);
}

/* One output row from the input rows, each already w x channels wide. */
static void blend_rows(float *sum, const struct rt_image *img, const struct axis *a, int o)
{
	size_t width = (size_t)img->w * (size_t)img->channels;

	memset(sum, 0, width * sizeof(*sum));
	for (int k = 0; k < a->n[o]; k++) {
		const uint8_t *row = img->pixel + (size_t)(a->first[o] + k) * width;
		float weight = a->weight[(size_t)o * (size_t)a->stride + (size_t)k];

		for (size_t i = 0; i < width; i++)
			sum[i] += weight * row[i];
	}
}

void rt_image_resize(struct rt_image *out, const struct rt_image *img, int w, int h)
{
	struct axis ax, ay;
	float *sum;
	int ch = img->channels;

	rt_image_init(out, w, h, ch);
	axis_init(&ax, img->w, w);
	axis_init(&ay, img->h, h);
	sum = rt_alloc((size_t)img->w * (size_t)ch, sizeof(*sum));
	for (int y = 0; y < h; y++) {
		blend_rows(sum, img, &ay, y);
		for (int x = 0; x < w; x++) {
			const float *weight = ax.weight + (size_t)x * (size_t)ax.stride;

			for (int c = 0; c < ch; c++) {
				float v = 0;

				for (int k = 0; k < ax.n[x]; k++)
					v += weight[k] * sum[(ax.first[x] + k) * ch + c];
				out->pixel[((size_t)y * (size_t)w + (size_t)x) * (size_t)ch +
					   (size_t)c] = (uint8_t)fminf(fmaxf(v + 0.5f, 0), 255);
			}
		}
	}
	free(sum);
	axis_release(&ax);
	axis_release(&ay);
}
