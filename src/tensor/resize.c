/* resize.c - arrays resampled axis by axis. */
#include "config.h"

#include "tensor/resize.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

#define TAPS 4

/* What output o of an axis is made of. */
struct tap {
	int32_t at[TAPS];
	float weight[TAPS];
	bool outside;	/* of the region that is resampled */
};

/* The place in x of output o along axis d. */
static double place(const struct rt_resize *r, int d, int64_t o)
{
	double s = r->scale[d], in = (double)r->x.dim[d], out = s * in, x = (double)o, middle;

	switch (r->coordinate) {
	case RT_COORD_ALIGN_CORNERS:
		return out == 1 ? 0 : x * (in - 1) / (out - 1);
	case RT_COORD_ASYMMETRIC:
		return x / s;
	case RT_COORD_PYTORCH_HALF_PIXEL:
		return out > 1 ? (x + 0.5) / s - 0.5 : 0;
	case RT_COORD_TF_HALF_PIXEL_FOR_NN:
		return (x + 0.5) / s;
	case RT_COORD_TF_CROP_AND_RESIZE:
		if (out > 1)
			return r->begin[d] * (in - 1) +
			       x * (r->end[d] - r->begin[d]) * (in - 1) / (out - 1);
		return 0.5 * (r->begin[d] + r->end[d]) * (in - 1);
	case RT_COORD_HALF_PIXEL_SYMMETRIC:
		middle = in / 2 * (1 - (double)r->y.dim[d] / out);
		return middle + (x + 0.5) / s - 0.5;
	default:
		return (x + 0.5) / s - 0.5;
	}
}

static double nearest(const struct rt_resize *r, double x)
{
	switch (r->round) {
	case RT_ROUND_FLOOR: return floor(x);
	case RT_ROUND_CEIL: return ceil(x);
	case RT_ROUND_PREFER_CEIL: return floor(x + 0.5);
	default: return ceil(x - 0.5);
	}
}

/* Keys, Cubic convolution interpolation for digital image processing, IEEE ASSP 29(6), 1981; f is
 * how far x lies behind the second of four points. */
static void cubic(double a, double f, double w[TAPS])
{
	double g = 1 - f;

	w[0] = ((a * (f + 1) - 5 * a) * (f + 1) + 8 * a) * (f + 1) - 4 * a;
	w[1] = ((a + 2) * f - (a + 3)) * f * f + 1;
	w[2] = ((a + 2) * g - (a + 3)) * g * g + 1;
	w[3] = ((a * (g + 1) - 5 * a) * (g + 1) + 8 * a) * (g + 1) - 4 * a;
}

static int taps_of(const struct rt_resize *r)
{
	return r->mode == RT_RESIZE_NEAREST ? 1 : r->mode == RT_RESIZE_LINEAR ? 2 : 4;
}

static struct tap tap_at(const struct rt_resize *r, int d, int64_t o)
{
	double x = place(r, d, o), last = (double)r->x.dim[d] - 1, w[TAPS] = {1}, sum = 0, first;
	int n = taps_of(r);
	struct tap t = {.outside = r->coordinate == RT_COORD_TF_CROP_AND_RESIZE &&
				   (x < 0 || x > last)};

	first = r->mode == RT_RESIZE_NEAREST ? nearest(r, x) : floor(x) - (n == 4);
	if (n == 2) {
		w[1] = x - first;
		w[0] = 1 - w[1];
	} else if (n == 4) {
		cubic(r->cubic_a, x - first - 1, w);
	}
	for (int k = 0; k < n; k++) {
		double at = first + k;

		if (r->exclude_outside && n > 1 && (at < 0 || at > last))
			w[k] = 0;
		t.at[k] = (int32_t)(at < 0 ? 0 : at > last ? last : at);
		sum += w[k];
	}
	for (int k = 0; k < n; k++)
		t.weight[k] = (float)(r->exclude_outside && sum != 0 ? w[k] / sum : w[k]);
	return t;
}

/* Axes that change; tf_crop_and_resize may change one of equal size. */
static bool changes(const struct rt_resize *r, int d)
{
	return r->x.dim[d] != r->y.dim[d] || r->scale[d] != 1 ||
	       (r->coordinate == RT_COORD_TF_CROP_AND_RESIZE &&
		(r->begin[d] != 0 || r->end[d] != 1));
}

/* Elements of the largest array between x and y: axes below d have the size of y. */
static int64_t most_elements(const struct rt_resize *r)
{
	int64_t most = 0;

	for (int d = 0; d <= r->x.rank; d++) {
		int64_t n = rt_shape_span(&r->y, 0, d) * rt_shape_span(&r->x, d, r->x.rank);

		most = n > most ? n : most;
	}
	return most;
}

static int64_t most_outputs(const struct rt_resize *r)
{
	int64_t most = 1;

	for (int d = 0; d < r->y.rank; d++)
		most = r->y.dim[d] > most ? r->y.dim[d] : most;
	return most;
}

/* work: taps of one axis, then two arrays. */
size_t rt_resize_work(const struct rt_resize *r)
{
	return (size_t)most_outputs(r) * sizeof(struct tap) +
	       2 * (size_t)most_elements(r) * sizeof(float);
}

struct work {
	struct tap *taps;
	float *array[2];
};

static struct work split(const struct rt_resize *r, void *work)
{
	struct tap *taps = work;
	float *rest = (float *)(taps + most_outputs(r));

	return (struct work){taps, {rest, rest + most_elements(r)}};
}

static void make_taps(const struct rt_resize *r, int d, struct tap *taps)
{
	for (int64_t o = 0; o < r->y.dim[d]; o++)
		taps[o] = tap_at(r, d, o);
}

/* y (A,out,B) from x (A,in,B). */
static void resample(const struct tap *taps, int n, int64_t A, int64_t in, int64_t out, int64_t B,
		     float *y, const float *x)
{
	int threads = rt_split(A * out, A * out * B * n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t row = 0; row < A * out; row++) {
		const struct tap *t = &taps[row % out];
		const float *plane = x + row / out * in * B;
		float *to = y + row * B;

		for (int64_t b = 0; b < B; b++)
			to[b] = t->weight[0] * plane[t->at[0] * B + b];
		for (int k = 1; k < n; k++)
			for (int64_t b = 0; b < B; b++)
				to[b] += t->weight[k] * plane[t->at[k] * B + b];
	}
}

/* dx (A,in,B) += ; a thread owns slices a. */
static void resample_back(const struct tap *taps, int n, int64_t A, int64_t in, int64_t out,
			  int64_t B, float *dx, const float *dy)
{
	int threads = rt_split(A, A * out * B * n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t a = 0; a < A; a++)
		for (int64_t o = 0; o < out; o++)
			for (int k = 0; k < n; k++) {
				const float w = taps[o].weight[k];
				float *to = dx + (a * in + taps[o].at[k]) * B;
				const float *from = dy + (a * out + o) * B;

				for (int64_t b = 0; b < B; b++)
					to[b] += w * from[b];
			}
}

/* y = value wherever axis d looks outside. */
static void fill_outside(const struct rt_resize *r, int d, const struct tap *taps, float *y,
			 float value)
{
	int64_t A = rt_shape_span(&r->y, 0, d), B = rt_shape_span(&r->y, d + 1, r->y.rank);

	for (int64_t row = 0; row < A * r->y.dim[d]; row++)
		for (int64_t b = 0; taps[row % r->y.dim[d]].outside && b < B; b++)
			y[row * B + b] = value;
}

static void each_outside(const struct rt_resize *r, struct tap *taps, float *y, float value)
{
	for (int d = 0; r->coordinate == RT_COORD_TF_CROP_AND_RESIZE && d < r->y.rank; d++) {
		make_taps(r, d, taps);
		fill_outside(r, d, taps, y, value);
	}
}

void rt_resize(const struct rt_resize *r, float *y, const float *x, void *work)
{
	struct work w = split(r, work);
	const float *from = x;
	int turn = 0;

	for (int d = 0; d < r->x.rank; d++) {
		int64_t A = rt_shape_span(&r->y, 0, d), B = rt_shape_span(&r->x, d + 1, r->x.rank);

		if (!changes(r, d))
			continue;
		make_taps(r, d, w.taps);
		resample(w.taps, taps_of(r), A, r->x.dim[d], r->y.dim[d], B, w.array[turn], from);
		from = w.array[turn];
		turn = !turn;
	}
	memcpy(y, from, (size_t)rt_shape_count(&r->y) * sizeof(*y));
	each_outside(r, w.taps, y, r->extrapolation);
}

void rt_resize_backward(const struct rt_resize *r, float *dx, const float *dy, void *work)
{
	struct work w = split(r, work);
	int64_t n = rt_shape_count(&r->y), nx = rt_shape_count(&r->x);
	int turn = 0;

	memcpy(w.array[turn], dy, (size_t)n * sizeof(*dy));
	each_outside(r, w.taps, w.array[turn], 0);
	for (int d = r->x.rank - 1; d >= 0; d--) {
		int64_t A = rt_shape_span(&r->y, 0, d), B = rt_shape_span(&r->x, d + 1, r->x.rank);

		if (!changes(r, d))
			continue;
		make_taps(r, d, w.taps);
		memset(w.array[!turn], 0, (size_t)(A * r->x.dim[d] * B) * sizeof(*dx));
		resample_back(w.taps, taps_of(r), A, r->x.dim[d], r->y.dim[d], B, w.array[!turn],
			      w.array[turn]);
		turn = !turn;
	}
	for (int64_t i = 0; i < nx; i++)
		dx[i] += w.array[turn][i];
}
