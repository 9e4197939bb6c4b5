/* conv_samples.c - convolution for few taps in all, of many samples: lanes are the same place of
 * as many samples.
 *
 * Such vectors are full whatever the number of channels and the length of rows, are never read
 * across lines of the cache, and four neighbours become their maximum where they are.  Planes are
 * transposed on their way in and out, which is little where each of their elements meets many
 * filters.
 */
#include "config.h"

#include "tensor/conv_direct.h"
#include "tensor/parallel.h"

#include <string.h>

/* Taps, over all input channels, that pay for transposing planes, and whose weights are worth
 * reading one by one. */
#define FEWEST_TAPS 16
#define MOST_TAPS 128

/* Floats of a group's input, half of a small second-level cache, and of a strip of sums, which are
 * read but once. */
#define INPUT_FLOATS (64 * 1024)
#define STRIP_FLOATS (16 * 1024)

struct samples {
	const struct rt_conv_direct_table *t;
	int64_t rows, pitch;	/* of a padded plane of x */
	int64_t plane;		/* its vectors, and one for what nobody reads */
	int64_t taps;		/* of a filter: C R S */
	int64_t all_taps;	/* the same, up to whole tiles of weights */
	int64_t groups;		/* of as many samples as there are lanes */
};

struct pass {
	struct samples s;
	const struct rt_conv *g;
	int32_t *off, *in_place, *out_place;
	float *w, *bias;
	float *x, *strip, *sums;	/* one of each a slice */
	size_t x_size, strip_size, sums_size;
	const float *from, *dy;
	float *y;
	const struct rt_conv_post *post;
	int n;
};

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t area(const int64_t *size)
{
	return size[0] * size[1];
}

static bool lay_out(struct samples *s, const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;

	*s = (struct samples){.t = direct_kernels()};
	s->rows = (w->out[0] - 1) * w->stride[0] + (w->kernel[0] - 1) * w->dilation[0] + 1;
	s->pitch = (w->out[1] - 1) * w->stride[1] + (w->kernel[1] - 1) * w->dilation[1] + 1;
	s->plane = s->rows * s->pitch + 1;
	s->taps = g->C * area(w->kernel);
	s->all_taps = ceil_div(s->taps, s->t->sample_taps) * s->t->sample_taps;
	s->groups = ceil_div(g->N, s->t->lanes);
	return g->groups == 1 && s->plane <= INT32_MAX / s->t->lanes / g->C &&
	       s->all_taps <= INT32_MAX;
}

/* Rows of outputs, all of K channels, that a strip holds. */
static int64_t strip_rows(const struct samples *s, int64_t K, int64_t P, int64_t Q)
{
	const int64_t fit = STRIP_FLOATS / (K * Q * s->t->lanes);

	return fit < 1 ? 1 : least(fit, P);
}

static size_t take(struct pass *p, const struct rt_conv *g, bool weights, void *work)
{
	const struct samples *s = &p->s;
	const int64_t P = g->win.out[0], Q = g->win.out[1], L = direct_kernels()->lanes;
	const size_t threads = (size_t)rt_threads();
	struct direct_space space = {.base = work};

	lay_out(&p->s, g);
	p->g = g;
	p->x_size = (size_t)(g->C * s->plane * L);
	p->strip_size = (size_t)(STRIP_FLOATS + (weights ? g->K : s->t->sample_filters) * Q * L);
	p->sums_size = weights ? (size_t)(g->K * s->all_taps * L) : 0;
	p->off = direct_take(&space, (size_t)s->all_taps * sizeof(int32_t));
	p->in_place = direct_take(&space, (size_t)area(g->win.in) * sizeof(int32_t));
	p->out_place = direct_take(&space, (size_t)(P * Q) * sizeof(int32_t));
	p->w = direct_take(&space, (size_t)(g->K * s->taps) * sizeof(float));
	p->bias = direct_take(&space, (size_t)g->K * sizeof(float));
	p->x = direct_take(&space, threads * p->x_size * sizeof(float));
	p->strip = direct_take(&space, threads * p->strip_size * sizeof(float));
	p->sums = direct_take(&space, threads * p->sums_size * sizeof(float));
	return space.used;
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct pass p;

	return take(&p, g, direction == RT_CONV_WEIGHTS, NULL);
}

/* Floats from the input of an output to its taps; vectors to where elements of planes go. */
static void place(struct pass *p)
{
	const struct samples *s = &p->s;
	const struct rt_window *w = &p->g->win;
	const int64_t RS = area(w->kernel);

	for (int64_t j = 0; j < s->all_taps; j++) {
		const int64_t t = least(j, s->taps - 1), r = t % RS / w->kernel[1];
		const int64_t q = t % w->kernel[1];

		p->off[j] = (int32_t)((t / RS * s->plane + r * w->dilation[0] * s->pitch +
				       q * w->dilation[1]) * s->t->lanes);
	}
	for (int64_t i = 0; i < area(w->in); i++) {
		const int64_t h = i / w->in[1] + w->pad[0], v = i % w->in[1] + w->pad[1];
		const bool read = h >= 0 && h < s->rows && v >= 0 && v < s->pitch;

		p->in_place[i] = (int32_t)(read ? h * s->pitch + v : s->plane - 1);
	}
	for (int64_t i = 0; i < area(w->out); i++)
		p->out_place[i] = (int32_t)i;
}

/* The samples of a group, all their planes, to x (C, plane, lanes). */
static void fetch(const struct pass *p, int64_t group, float *x)
{
	const struct rt_conv *g = p->g;
	const int64_t HW = area(g->win.in), L = p->s.t->lanes, n = group * L;

	for (int64_t c = 0; c < g->C; c++)
		p->s.t->planes_in(&(struct rt_conv_planes){
			.planes = (float *)(uintptr_t)p->from + (n * g->C + c) * HW, .n = HW,
			.K = least(g->N - n, L), .plane = g->C * HW,
			.at = x + c * p->s.plane * L, .place = p->in_place,
		});
}

/* --- forward ------------------------------------------------------------------------------ */

/* Filters [first, end) over a group. */
static void filters(const struct pass *p, int64_t group, int64_t first, int64_t end, const float *x,
		    float *strip)
{
	const struct rt_conv *g = p->g;
	const struct samples *s = &p->s;
	const struct rt_window *w = &g->win;
	const struct rt_conv_post *post = p->post;
	const int64_t shrink = post->pool ? 2 : 1, L = s->t->lanes, n = group * L;
	const int64_t P = w->out[0] / shrink, Q = w->out[1] / shrink;
	const int64_t rows = strip_rows(s, end - first, P, Q), down = w->stride[0] * s->pitch * L;

	for (int64_t row = 0; row < P; row += rows) {
		struct rt_conv_samples t = {
			.x = x + row * shrink * down, .down = down, .right = w->stride[1] * L,
			.rows = least(rows, P - row), .Q = Q, .pool = post->pool, .off = p->off,
			.taps = s->taps, .w = p->w + first * s->taps, .start = p->bias + first,
			.y = strip,
		};

		t.y_filter = t.rows * Q * L;
		s->t->samples[end - first](&t);
		for (int64_t k = first; k < end; k++) {
			const int64_t at = ((n * g->K + k) * P + row) * Q;

			s->t->planes_out(&(struct rt_conv_planes){
				.planes = p->y + at, .n = t.rows * Q, .K = least(g->N - n, L),
				.plane = g->K * P * Q, .at = strip + (k - first) * t.y_filter,
				.place = p->out_place, .add = post->add ? post->add + at : NULL,
				.lo = post->lo, .hi = post->hi,
			});
		}
	}
}

static void forward_slice(const struct pass *p, int i)
{
	const struct samples *s = &p->s;
	float *x = p->x + p->x_size * (size_t)i, *strip = p->strip + p->strip_size * (size_t)i;
	const int parts = (int)ceil_div(p->g->K, s->t->sample_filters);

	memset(x, 0, p->x_size * sizeof(*x));
	for (int64_t j = rt_slice(s->groups, i, p->n); j < rt_slice(s->groups, i + 1, p->n); j++) {
		fetch(p, j, x);
		for (int k = 0; k < parts; k++)
			filters(p, j, rt_slice(p->g->K, k, parts), rt_slice(p->g->K, k + 1, parts),
				x, strip);
	}
}

/* The weights of filters that are summed together, tap by tap. */
static void pack(struct pass *p, const float *w)
{
	const int64_t K = p->g->K, taps = p->s.taps;
	const int parts = (int)ceil_div(K, p->s.t->sample_filters);
	const struct rt_conv_post *post = p->post;

	for (int i = 0; i < parts; i++) {
		const int64_t first = rt_slice(K, i, parts), n = rt_slice(K, i + 1, parts) - first;

		for (int64_t k = first; k < first + n; k++) {
			const float scale = post->scale ? post->scale[k] : 1;
			float *to = p->w + first * taps + (k - first);

			p->bias[k] = post->bias ? post->bias[k] : 0;
			for (int64_t t = 0; t < taps; t++)
				to[t * n] = scale * w[k * taps + t];
		}
	}
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	struct pass p = {.from = x, .y = y, .post = post};

	take(&p, g, false, work_);
	place(&p);
	pack(&p, w);
	p.n = rt_split_macs(p.s.groups, rt_conv_macs(g));
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int i = 0; i < p.n; i++)
		forward_slice(&p, i);
}

/* --- the gradient of the weights ------------------------------------------------------------ */

/* Adds a strip of dy (K, rows, Q, lanes) by x to sums (K, all_taps, lanes). */
static void add_strip(const struct pass *p, const struct rt_conv_samples *strip, float *sums)
{
	const struct samples *s = &p->s;
	const int64_t K = p->g->K, row = s->all_taps * s->t->lanes;
	const int parts = (int)ceil_div(K, s->t->sample_dw_filters);

	for (int i = 0; i < parts; i++) {
		const int64_t first = rt_slice(K, i, parts), n = rt_slice(K, i + 1, parts) - first;
		struct rt_conv_samples t = *strip;

		t.y += first * t.y_filter;
		t.sums = sums + first * row;
		t.sums_filter = row;
		s->t->samples_dw[n](&t);
	}
}

static void weights_slice(const struct pass *p, int i)
{
	const struct samples *s = &p->s;
	const struct rt_conv *g = p->g;
	const int64_t P = g->win.out[0], Q = g->win.out[1], L = s->t->lanes;
	const int64_t rows = strip_rows(s, g->K, P, Q), down = g->win.stride[0] * s->pitch * L;
	float *x = p->x + p->x_size * (size_t)i, *strip = p->strip + p->strip_size * (size_t)i;
	float *sums = p->sums + p->sums_size * (size_t)i;

	memset(x, 0, p->x_size * sizeof(*x));
	memset(sums, 0, p->sums_size * sizeof(*sums));
	for (int64_t j = rt_slice(s->groups, i, p->n); j < rt_slice(s->groups, i + 1, p->n); j++) {
		const int64_t n = j * L;

		fetch(p, j, x);
		for (int64_t row = 0; row < P; row += rows) {
			struct rt_conv_samples t = {
				.x = x + row * down, .down = down, .right = g->win.stride[1] * L,
				.rows = least(rows, P - row), .Q = Q, .off = p->off,
				.taps = s->all_taps, .y = strip,
			};

			t.y_filter = t.rows * Q * L;
			for (int64_t k = 0; k < g->K; k++)
				s->t->planes_in(&(struct rt_conv_planes){
					.planes = (float *)(uintptr_t)p->dy +
						  ((n * g->K + k) * P + row) * Q,
					.n = t.rows * Q, .K = least(g->N - n, L),
					.plane = g->K * P * Q, .at = strip + k * t.y_filter,
					.place = p->out_place,
				});
			add_strip(p, &t, sums);
		}
	}
}

/* dw (K, taps) += the sums of all lanes of all slices. */
static void add_sums(const struct pass *p, float *dw)
{
	const struct samples *s = &p->s;
	const int64_t L = s->t->lanes;

	for (int64_t i = 0; i < p->g->K * s->taps; i++) {
		const float *from = p->sums + (i / s->taps * s->all_taps + i % s->taps) * L;
		float sum = 0;

		for (int j = 0; j < p->n; j++, from += p->sums_size)
			for (int64_t l = 0; l < L; l++)
				sum += from[l];
		dw[i] += sum;
	}
}

static void backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			     void *work_)
{
	struct pass p = {.from = x, .dy = dy};

	take(&p, g, true, work_);
	place(&p);
	p.n = rt_split_macs(p.s.groups, rt_conv_macs(g));
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int i = 0; i < p.n; i++)
		weights_slice(&p, i);
	add_sums(&p, dw);
}

/* --- whether ------------------------------------------------------------------------------ */

static bool can(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct samples s;

	return direction != RT_CONV_DATA && lay_out(&s, g);
}

static bool pools(const struct rt_conv *g)
{
	(void)g;
	return true;
}

/* Worth it where many lanes of output channels would be empty, and those of samples are not. */
static bool fits(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct samples s;
	int64_t L;

	if (!can(g, direction))
		return false;
	lay_out(&s, g);
	L = s.t->lanes;
	return s.taps >= FEWEST_TAPS && s.taps <= MOST_TAPS && g->C * s.plane * L <= INPUT_FLOATS &&
	       (g->N % L == 0 || g->N >= 4 * L) && 4 * g->K <= 3 * direct_blocks(g->K, L) * L;
}

const struct conv_kernel conv_samples = {
	.name = "samples",
	.can = can,
	.fits = fits,
	.work = work,
	.pools = pools,
	.forward = forward,
	.backward_weights = backward_weights,
};
