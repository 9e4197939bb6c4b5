/* pool_nd.c - maxima and means over windows of any number of dimensions. */
#include "config.h"

#include "tensor/pool_nd.h"
#include "tensor/parallel.h"

#include <math.h>

static int64_t work_of(int64_t planes, const struct rt_window_nd *w)
{
	return planes * rt_sizes(w->n, w->out) * rt_sizes(w->n, w->kernel) * 8;
}

static void max_at(const struct rt_window_nd *w, const int64_t *out, const float *plane, float *y,
		   int64_t *argmax)
{
	int64_t taps = rt_sizes(w->n, w->kernel), tap[RT_WINDOW_DIMS], at, best = -1;

	for (int64_t k = 0; k < taps; k++) {
		rt_unravel(w->n, w->kernel, k, tap);
		if (rt_window_nd_at(w, out, tap, &at) &&
		    (best < 0 || plane[at] > plane[best] ||
		     (isnan(plane[at]) && !isnan(plane[best]))))
			best = at;
	}
	*y = best < 0 ? -INFINITY : plane[best];
	if (argmax)
		*argmax = best;
}

void rt_maxpool_nd(int64_t planes, const struct rt_window_nd *w, float *y, int64_t *argmax,
		   const float *x)
{
	int64_t P = rt_sizes(w->n, w->out), X = rt_sizes(w->n, w->in);
	int threads = rt_split(planes, work_of(planes, w));

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		int64_t out[RT_WINDOW_DIMS];

		for (int64_t p = 0; p < P; p++) {
			rt_unravel(w->n, w->out, p, out);
			max_at(w, out, x + i * X, &y[i * P + p],
			       argmax ? &argmax[i * P + p] : NULL);
		}
	}
}

/* By how much the sum over the window at out is divided: taps inside, or inside input and
 * padding. */
static int64_t count_at(const struct rt_window_nd *w, const int64_t *out, bool count_pads)
{
	int64_t count = 1;

	for (int d = 0; d < w->n; d++) {
		int64_t n = 0, lo = count_pads ? -w->pad[d] : 0;
		int64_t hi = w->in[d] + (count_pads ? w->pad_end[d] : 0);

		for (int64_t k = 0; k < w->kernel[d]; k++) {
			int64_t at = out[d] * w->stride[d] + k * w->dilation[d] - w->pad[d];

			n += at >= lo && at < hi;
		}
		count *= n;
	}
	return count > 0 ? count : 1;
}

void rt_avgpool_nd(int64_t planes, const struct rt_window_nd *w, bool count_pads, float *y,
		   const float *x)
{
	int64_t P = rt_sizes(w->n, w->out), X = rt_sizes(w->n, w->in);
	int64_t taps = rt_sizes(w->n, w->kernel);
	int threads = rt_split(planes, work_of(planes, w));

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		int64_t out[RT_WINDOW_DIMS], tap[RT_WINDOW_DIMS], at;

		for (int64_t p = 0; p < P; p++) {
			double sum = 0;

			rt_unravel(w->n, w->out, p, out);
			for (int64_t k = 0; k < taps; k++) {
				rt_unravel(w->n, w->kernel, k, tap);
				if (rt_window_nd_at(w, out, tap, &at))
					sum += (double)x[i * X + at];
			}
			y[i * P + p] = (float)(sum / (double)count_at(w, out, count_pads));
		}
	}
}

void rt_avgpool_nd_backward(int64_t planes, const struct rt_window_nd *w, bool count_pads,
			    float *dx, const float *dy)
{
	int64_t P = rt_sizes(w->n, w->out), X = rt_sizes(w->n, w->in);
	int64_t taps = rt_sizes(w->n, w->kernel);
	int threads = rt_split(planes, work_of(planes, w));

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < planes; i++) {
		int64_t out[RT_WINDOW_DIMS], tap[RT_WINDOW_DIMS], at;

		for (int64_t p = 0; p < P; p++) {
			float d;

			rt_unravel(w->n, w->out, p, out);
			d = dy[i * P + p] / (float)count_at(w, out, count_pads);
			for (int64_t k = 0; k < taps; k++) {
				rt_unravel(w->n, w->kernel, k, tap);
				if (rt_window_nd_at(w, out, tap, &at))
					dx[i * X + at] += d;
			}
		}
	}
}
