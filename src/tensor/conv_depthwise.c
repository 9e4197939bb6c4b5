/* conv_depthwise.c - convolution where every group has one input channel: plane by plane, outputs
 * as vectors of columns.
 *
 * A plane is copied with its padding, and where the stride is not 1, as one plane for every
 * remainder of row and column by it; then neighbouring outputs read neighbouring floats under every
 * tap, and the rows of outputs, each followed by a few that are not wanted, are one long row.
 */
#include "config.h"

#include "tensor/conv_direct.h"
#include "tensor/parallel.h"

#include <math.h>
#include <string.h>

/* A window moving by `step` over a plane (H,W) with `before` zeros around, to outputs (P,Q). */
struct planes {
	const struct rt_conv_direct_table *t;
	int64_t in[2], out[2], step[2], before[2];
	int64_t rows, pitch;	/* of one of the step[0] step[1] planes of remainders */
	int64_t part;		/* floats of it */
	int64_t input;		/* floats of all, and of a vector more */
	int64_t n;		/* outputs in one long row, unwanted ones between */
	int64_t output;		/* floats of that, to a full vector */
	int taps;
	int32_t off[DIRECT_WINDOW];
};

struct pass {
	const struct rt_conv *g;
	struct planes p;
	float *in, *out;	/* one of each a slice */
	float *sums;		/* (taps, lanes) of one channel, one a slice */
	float *y, *dw;
	const float *x, *w, *dy;
	const struct rt_conv_post *post;
	int n;
};

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

/* One image channel is better off with the other kernels: all filters share its input. */
static bool can(const struct rt_conv *g, enum rt_conv_direction direction)
{
	(void)direction;
	return g->groups == g->C && g->C > 1 &&
	       g->win.kernel[0] * g->win.kernel[1] <= DIRECT_WINDOW;
}

/* Fills what follows from in, out, step, before. */
static void lay_out(struct planes *p, const struct rt_window *w)
{
	const int64_t L = p->t->lanes;
	int64_t size[2];

	for (int i = 0; i < 2; i++)
		size[i] = ceil_div((p->out[i] - 1) * p->step[i] +
				   (w->kernel[i] - 1) * w->dilation[i] + 1, p->step[i]);
	p->rows = size[0];
	p->pitch = size[1];
	p->part = p->rows * p->pitch;
	p->input = p->step[0] * p->step[1] * p->part + L;
	p->n = (p->out[0] - 1) * p->pitch + p->out[1];
	p->output = ceil_div(p->out[0] * p->pitch, L) * L;
	p->taps = 0;
	for (int64_t r = 0; r < w->kernel[0]; r++) {
		for (int64_t s = 0; s < w->kernel[1]; s++) {
			const int64_t h = r * w->dilation[0], v = s * w->dilation[1];
			const int64_t rest = h % p->step[0] * p->step[1] + v % p->step[1];

			p->off[p->taps++] = (int32_t)(rest * p->part + h / p->step[0] * p->pitch +
						      v / p->step[1]);
		}
	}
}

static struct planes forward_planes(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	struct planes p = {
		.t = direct_kernels(), .in = {w->in[0], w->in[1]}, .out = {w->out[0], w->out[1]},
		.step = {w->stride[0], w->stride[1]}, .before = {w->pad[0], w->pad[1]},
	};

	lay_out(&p, w);
	return p;
}

/* dx from dy with zeros between its elements, and the window turned by half a circle. */
static struct planes data_planes(const struct rt_conv *g)
{
	const struct rt_window *w = &g->win;
	struct planes p = {
		.t = direct_kernels(), .in = {w->out[0], w->out[1]}, .out = {w->in[0], w->in[1]},
		.step = {1, 1},
	};

	for (int i = 0; i < 2; i++)
		p.before[i] = (w->kernel[i] - 1) * w->dilation[i] - w->pad[i];
	lay_out(&p, w);
	return p;
}

static void zero(float *to, int64_t n)
{
	memset(to, 0, (size_t)n * sizeof(*to));
}

/* The elements [*lo, *hi) of n, element i standing for i step + shift, that lie in 0 .. size. */
static void span(int64_t n, int64_t step, int64_t shift, int64_t size, int64_t *lo, int64_t *hi)
{
	*lo = clamp(shift < 0 ? ceil_div(-shift, step) : 0, 0, n);
	*hi = clamp(size > shift ? ceil_div(size - shift, step) : 0, *lo, n);
}

/* to (step[0], step[1], rows, pitch) from a plane. */
static void pad(const struct planes *p, float *to, const float *x)
{
	for (int64_t i = 0; i < p->step[0] * p->step[1]; i++, to += p->part) {
		const int64_t down = i / p->step[1] - p->before[0];
		const int64_t right = i % p->step[1] - p->before[1];
		int64_t r0, r1, lo, hi;

		span(p->rows, p->step[0], down, p->in[0], &r0, &r1);
		span(p->pitch, p->step[1], right, p->in[1], &lo, &hi);
		zero(to, r0 * p->pitch);
		p->t->pad(&(struct rt_conv_pad){
			.to = to + r0 * p->pitch,
			.from = x + (r0 * p->step[0] + down) * p->in[1] + right, .rows = r1 - r0,
			.to_row = p->pitch, .from_row = p->step[0] * p->in[1], .lo = lo, .hi = hi,
			.end = p->pitch, .step = p->step[1],
		});
		zero(to + r1 * p->pitch, (p->rows - r1) * p->pitch);
	}
	zero(to, p->t->lanes);
}

/* to (rows, pitch) from a plane of outputs, stride elements apart. */
static void spread(const struct planes *p, const struct rt_window *w, float *to, const float *dy)
{
	if (w->stride[0] == 1 && w->stride[1] == 1) {
		pad(p, to, dy);
		return;
	}
	zero(to, p->input);
	for (int64_t i = 0; i < p->in[0]; i++) {
		const int64_t row = i * w->stride[0] + p->before[0];

		for (int64_t j = 0; row >= 0 && row < p->rows && j < p->in[1]; j++) {
			const int64_t column = j * w->stride[1] + p->before[1];

			if (column >= 0 && column < p->pitch)
				to[row * p->pitch + column] = dy[i * p->in[1] + j];
		}
	}
}

static void forward_slice(const struct pass *p, int s)
{
	const struct planes *g = &p->p;
	const struct rt_conv_post *post = p->post;
	const int64_t K = p->g->K, C = p->g->C, planes = p->g->N * K, PQ = g->out[0] * g->out[1];
	float *in = p->in + g->input * s, *out = p->out + g->output * s;
	float w[DIRECT_WINDOW];

	for (int64_t i = rt_slice(planes, s, p->n); i < rt_slice(planes, s + 1, p->n); i++) {
		const int64_t k = i % K, c = i / K * C + k / (K / C);
		const float scale = post->scale ? post->scale[k] : 1;

		for (int t = 0; t < g->taps; t++)
			w[t] = p->w[k * g->taps + t] * scale;
		pad(g, in, p->x + c * g->in[0] * g->in[1]);
		g->t->flat(&(struct rt_conv_flat){
			.n = g->n, .y = out, .x = in, .w = w, .off = g->off, .taps = g->taps,
			.start = post->bias ? post->bias[k] : 0,
		});
		g->t->rows(&(struct rt_conv_rows){
			.y = p->y + i * PQ, .add = post->add ? post->add + i * PQ : NULL,
			.from = out, .rows = g->out[0], .Q = g->out[1], .from_row = g->pitch,
			.lo = post->lo, .hi = post->hi,
		});
	}
}

static void data_slice(const struct pass *p, int s)
{
	const struct planes *g = &p->p;
	const int64_t C = p->g->C, K = p->g->K, M = K / C, planes = p->g->N * C;
	float *in = p->in + g->input * s, *out = p->out + g->output * s;
	const int64_t end = rt_slice(planes, s + 1, p->n) * M;
	float w[DIRECT_WINDOW];

	for (int64_t j = rt_slice(planes, s, p->n) * M; j < end; j++) {
		const int64_t i = j / M, k = i % C * M + j % M;
		float *dx = p->y + i * g->out[0] * g->out[1];

		for (int t = 0; t < g->taps; t++)
			w[t] = p->w[(k + 1) * g->taps - 1 - t];
		spread(g, &p->g->win, in, p->dy + (i / C * K + k) * g->in[0] * g->in[1]);
		g->t->flat(&(struct rt_conv_flat){.n = g->n, .y = out, .x = in, .w = w,
						  .off = g->off, .taps = g->taps});
		g->t->rows(&(struct rt_conv_rows){
			.y = dx, .add = dx, .from = out, .rows = g->out[0], .Q = g->out[1],
			.from_row = g->pitch, .lo = -INFINITY, .hi = INFINITY,
		});
	}
}

/* A slice owns whole output channels, so that sums over images have one order. */
static void weights_slice(const struct pass *p, int s)
{
	const struct planes *g = &p->p;
	const int64_t N = p->g->N, C = p->g->C, K = p->g->K, L = g->t->lanes;
	float *in = p->in + g->input * s, *out = p->out + g->output * s;
	float *sums = p->sums + DIRECT_WINDOW * L * s;

	zero(out, g->output);
	for (int64_t k = rt_slice(K, s, p->n); k < rt_slice(K, s + 1, p->n); k++) {
		zero(sums, g->taps * L);
		for (int64_t i = 0; i < N; i++) {
			const int64_t c = i * C + k / (K / C);

			pad(g, in, p->x + c * g->in[0] * g->in[1]);
			g->t->pad(&(struct rt_conv_pad){
				.to = out, .from = p->dy + (i * K + k) * g->out[0] * g->out[1],
				.rows = g->out[0], .to_row = g->pitch, .from_row = g->out[1],
				.hi = g->out[1], .end = g->pitch, .step = 1,
			});
			g->t->flat_dw(&(struct rt_conv_flat_dw){
				.n = g->n, .sums = sums, .dy = out, .x = in, .off = g->off,
				.taps = g->taps,
			});
		}
		for (int64_t t = 0; t < g->taps; t++)
			for (int64_t l = 0; l < L; l++)
				p->dw[k * g->taps + t] += sums[t * L + l];
	}
}

/* The pass's part of the work space; its size when work is NULL. */
static size_t take(struct pass *p, void *work)
{
	struct direct_space s = {.base = work};
	const size_t threads = (size_t)rt_threads() * sizeof(float);

	p->in = direct_take(&s, threads * (size_t)p->p.input);
	p->out = direct_take(&s, threads * (size_t)p->p.output);
	p->sums = direct_take(&s, threads * (size_t)(DIRECT_WINDOW * p->p.t->lanes));
	return s.used;
}

static size_t work(const struct rt_conv *g, enum rt_conv_direction direction)
{
	struct pass p = {.g = g};

	p.p = direction == RT_CONV_DATA ? data_planes(g) : forward_planes(g);
	return take(&p, NULL);
}

static void run(struct pass *p, int64_t items, void *work, void (*slice)(const struct pass *, int))
{
	take(p, work);
	p->n = rt_split(items, rt_conv_macs(p->g));
#pragma omp parallel for num_threads(p->n) schedule(static)
	for (int s = 0; s < p->n; s++)
		slice(p, s);
}

static void forward(const struct rt_conv *g, float *y, const float *x, const float *w,
		    const struct rt_conv_post *post, void *work_)
{
	struct pass p = {.g = g, .p = forward_planes(g), .y = y, .x = x, .w = w, .post = post};

	run(&p, g->N * g->K, work_, forward_slice);
}

static void backward_data(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			  void *work_)
{
	struct pass p = {.g = g, .p = data_planes(g), .y = dx, .dy = dy, .w = w};

	run(&p, g->N * g->C, work_, data_slice);
}

static void backward_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			     void *work_)
{
	struct pass p = {.g = g, .p = forward_planes(g), .dw = dw, .dy = dy, .x = x};

	run(&p, g->K, work_, weights_slice);
}

const struct conv_kernel conv_depthwise = {
	.name = "depthwise",
	.can = can,
	.fits = can,
	.work = work,
	.forward = forward,
	.backward_data = backward_data,
	.backward_weights = backward_weights,
};
