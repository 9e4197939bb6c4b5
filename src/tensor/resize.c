/* resize.c - arrays resampled axis by axis. */
#include "config.h"

#include "tensor/resize.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

/* One of the elements that an output of an axis is made of. */
struct tap {
	int32_t at;
	float weight;
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

/* Keys, Cubic convolution interpolation for digital image processing, IEEE ASSP 29(6), 1981; x is
 * the distance of a point. */
static double cubic(double a, double x)
{
	x = fabs(x);
	if (x <= 1)
		return ((a + 2) * x - (a + 3)) * x * x + 1;
	return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/* How much wider than the distance of elements the filter is: against aliases, that of outputs. */
static double narrowing(const struct rt_resize *r, int d)
{
	return r->antialias && r->scale[d] < 1 ? r->scale[d] : 1;
}

/* Of an output along axis d; as many on either side of its place. */
static int taps_of(const struct rt_resize *r, int d)
{
	int reach = r->mode == RT_RESIZE_LINEAR ? 1 : 2;

	if (r->mode == RT_RESIZE_NEAREST)
		return 1;
	return 2 * (int)ceil(reach / narrowing(r, d));
}

static double weight(const struct rt_resize *r, double distance)
{
	if (r->mode == RT_RESIZE_CUBIC)
		return cubic(r->cubic_a, distance);
	return r->mode == RT_RESIZE_LINEAR ? fmax(1 - fabs(distance), 0) : 1;
}

static bool is_outside(const struct rt_resize *r, int d, int64_t o)
{
	double x = place(r, d, o);

	return r->coordinate == RT_COORD_TF_CROP_AND_RESIZE &&
	       (x < 0 || x > (double)r->x.dim[d] - 1);
}

/* The n taps of output o. */
static void find_taps(const struct rt_resize *r, int d, int64_t o, int n, struct tap *t)
{
	double x = place(r, d, o), last = (double)r->x.dim[d] - 1, sum = 0, first;
	const double scale = narrowing(r, d);

	first = r->mode == RT_RESIZE_NEAREST ? nearest(r, x) : floor(x) - n / 2 + 1;
	for (int k = 0; k < n; k++) {
		double at = first + k, w = weight(r, (at - x) * scale);

		if (r->exclude_outside && n > 1 && (at < 0 || at > last))
			w = 0;
		t[k] = (struct tap){(int32_t)(at < 0 ? 0 : at > last ? last : at), (float)w};
		sum += w;
	}
	for (int k = 0; k < n && (r->exclude_outside || scale < 1) && sum != 0; k++)
		t[k].weight = (float)((double)t[k].weight / sum);
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

static int64_t most_taps(const struct rt_resize *r)
{
	int64_t most = 1;

	for (int d = 0; d < r->y.rank; d++) {
		int64_t n = changes(r, d) ? r->y.dim[d] * taps_of(r, d) : 0;

		most = n > most ? n : most;
	}
	return most;
}

/* work: taps of one axis, then two arrays. */
size_t rt_resize_work(const struct rt_resize *r)
{
	return (size_t)most_taps(r) * sizeof(struct tap) +
	       2 * (size_t)most_elements(r) * sizeof(float);
}

struct work {
	struct tap *taps;
	float *array[2];
};

static struct work split(const struct rt_resize *r, void *work)
{
	struct tap *taps = work;
	float *rest = (float *)(taps + most_taps(r));

	return (struct work){taps, {rest, rest + most_elements(r)}};
}

static void make_taps(const struct rt_resize *r, int d, struct tap *taps)
{
	const int n = taps_of(r, d);

	for (int64_t o = 0; o < r->y.dim[d]; o++)
		find_taps(r, d, o, n, taps + o * n);
}

/* y (A,out,B) from x (A,in,B). */
static void resample(const struct tap *taps, int n, int64_t A, int64_t in, int64_t out, int64_t B,
		     float *y, const float *x)
{
	int threads = rt_split(A * out, A * out * B * n);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t row = 0; row < A * out; row++) {
		const struct tap *t = taps + row % out * n;
		const float *plane = x + row / out * in * B;
		float *to = y + row * B;

		for (int64_t b = 0; b < B; b++)
			to[b] = t[0].weight * plane[t[0].at * B + b];
		for (int k = 1; k < n; k++)
			for (int64_t b = 0; b < B; b++)
				to[b] += t[k].weight * plane[t[k].at * B + b];
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
				const struct tap t = taps[o * n + k];
				float *to = dx + (a * in + t.at) * B;
				const float *from = dy + (a * out + o) * B;

				for (int64_t b = 0; b < B; b++)
					to[b] += t.weight * from[b];
			}
}

/* y = value wherever axis d looks outside. */
static void fill_outside(const struct rt_resize *r, int d, float *y, float value)
{
	int64_t A = rt_shape_span(&r->y, 0, d), B = rt_shape_span(&r->y, d + 1, r->y.rank);

	for (int64_t row = 0; row < A * r->y.dim[d]; row++) {
		int64_t n = is_outside(r, d, row % r->y.dim[d]) ? B : 0;

		for (int64_t b = 0; b < n; b++)
			y[row * B + b] = value;
	}
}

static void each_outside(const struct rt_resize *r, float *y, float value)
{
	for (int d = 0; r->coordinate == RT_COORD_TF_CROP_AND_RESIZE && d < r->y.rank; d++)
		fill_outside(r, d, y, value);
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
		resample(w.taps, taps_of(r, d), A, r->x.dim[d], r->y.dim[d], B, w.array[turn],
			 from);
		from = w.array[turn];
		turn = !turn;
	}
	memcpy(y, from, (size_t)rt_shape_count(&r->y) * sizeof(*y));
	each_outside(r, y, r->extrapolation);
}

void rt_resize_backward(const struct rt_resize *r, float *dx, const float *dy, void *work)
{
	struct work w = split(r, work);
	int64_t n = rt_shape_count(&r->y), nx = rt_shape_count(&r->x);
	int turn = 0;

	memcpy(w.array[turn], dy, (size_t)n * sizeof(*dy));
	each_outside(r, w.array[turn], 0);
	for (int d = r->x.rank - 1; d >= 0; d--) {
		int64_t A = rt_shape_span(&r->y, 0, d), B = rt_shape_span(&r->x, d + 1, r->x.rank);

		if (!changes(r, d))
			continue;
		make_taps(r, d, w.taps);
		memset(w.array[!turn], 0, (size_t)(A * r->x.dim[d] * B) * sizeof(*dx));
		resample_back(w.taps, taps_of(r, d), A, r->x.dim[d], r->y.dim[d], B, w.array[!turn],
			      w.array[turn]);
		turn = !turn;
	}
	for (int64_t i = 0; i < nx; i++)
		dx[i] += w.array[turn][i];
}
