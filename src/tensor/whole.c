/* whole.c - convolutions and matrix products of bytes with i32 sums. */
#include "config.h"

#include "tensor/whole.h"
#include "tensor/int8.h"
#include "tensor/int8_line.h"
#include "tensor/nest.h"
#include "tensor/parallel.h"

#include <math.h>

static int32_t zero_of(const struct rt_bytes *b, int64_t i)
{
	return b->zero ? rt_byte(b->zero, b->dtype, b->nzero == 1 ? 0 : i) : 0;
}

/* One output: channel k of image n at `out`. */
static int32_t conv_at(const struct rt_conv_nd *g, const struct rt_bytes *x,
		       const struct rt_bytes *w, int64_t n, int64_t k, const int64_t *out)
{
	const struct rt_window_nd *win = &g->win;
	int64_t X = rt_sizes(win->n, win->in), R = rt_sizes(win->n, win->kernel);
	int64_t each = g->C / g->groups, first = k / (g->K / g->groups) * each;
	int32_t xz = zero_of(x, 0), wz = zero_of(w, k), sum = 0;

	for (int64_t r = 0; r < R; r++) {
		int64_t tap[RT_WINDOW_DIMS], at;

		rt_unravel(win->n, win->kernel, r, tap);
		if (!rt_window_nd_at(win, out, tap, &at))
			continue;
		for (int64_t c = 0; c < each; c++)
			sum += (rt_byte(x->data, x->dtype, (n * g->C + first + c) * X + at) - xz) *
			       (rt_byte(w->data, w->dtype, (k * each + c) * R + r) - wz);
	}
	return sum;
}

static size_t aligned(size_t bytes)
{
	return (bytes + 63) / 64 * 64;
}

/* The same as a convolution of planes; false where there are more than two spatial dimensions, or
 * nothing at all. */
static bool planes(struct rt_conv *to, const struct rt_conv_nd *g)
{
	const struct rt_window_nd *from = &g->win;
	struct rt_window *w = &to->win;

	if (from->n > 2 || g->N * g->C * g->K * rt_sizes(from->n, from->out) == 0)
		return false;
	*to = (struct rt_conv){
		.N = g->N, .C = g->C, .K = g->K, .groups = g->groups,
		.win = {.in = {1, 1}, .out = {1, 1}, .kernel = {1, 1}, .stride = {1, 1},
			.dilation = {1, 1}},
	};
	for (int i = 0; i < from->n; i++) {
		const int a = i + 2 - from->n;

		w->in[a] = from->in[i];
		w->out[a] = from->out[i];
		w->kernel[a] = from->kernel[i];
		w->stride[a] = from->stride[i];
		w->dilation[a] = from->dilation[i];
		w->pad[a] = from->pad[i];
		w->pad_end[a] = from->pad_end[i];
	}
	return true;
}

/* Packed weights, x inside, then what the kernels need. */
static size_t sums_work(const struct rt_conv *g)
{
	return aligned(rt_int8_pack_most(g)) +
	       aligned((size_t)(g->N * g->C * g->win.in[0] * g->win.in[1])) +
	       rt_int8_conv_work(g);
}

static void sums(const struct rt_conv *g, int32_t *y, const struct rt_bytes *x, int64_t x0,
		 const struct rt_int8_weights *w, void *work)
{
	const struct rt_int8_post post = {.dtype = RT_I32};
	const int64_t B = g->win.in[0] * g->win.in[1];
	uint8_t *inside = (uint8_t *)work + aligned(rt_int8_pack_most(g));
	const int zero = zero_of(x, 0) + (x->dtype == RT_I8 ? 128 : 0);

	rt_int8_pack(g, work, w);
	rt_int8_inside(inside, (const char *)x->data + x0, x->dtype, g->N, g->C, B);
	rt_int8_conv(g, y, inside, zero, work, &post, inside + aligned((size_t)(g->N * g->C * B)));
}

size_t rt_whole_conv_work(const struct rt_conv_nd *g)
{
	struct rt_conv p;

	return planes(&p, g) ? sums_work(&p) : 0;
}

void rt_whole_conv(const struct rt_conv_nd *g, int32_t *y, struct rt_bytes x, struct rt_bytes w,
		   void *work)
{
	int64_t P = rt_sizes(g->win.n, g->win.out), R = rt_sizes(g->win.n, g->win.kernel);
	int64_t taps = R * (g->C / g->groups);
	int threads = rt_split(g->N * g->K, g->N * g->K * P * taps);
	struct rt_conv plane;

	if (planes(&plane, g)) {
		const struct rt_int8_weights weights = {w, taps, R, 1};

		sums(&plane, y, &x, 0, &weights, work);
		return;
	}
#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < g->N * g->K; i++) {
		int64_t out[RT_WINDOW_DIMS];

		for (int64_t p = 0; p < P; p++) {
			rt_unravel(g->win.n, g->win.out, p, out);
			y[i * P + p] = conv_at(g, &x, &w, i / g->K, i % g->K, out);
		}
	}
}

static struct rt_conv dense(int64_t M, int64_t N, int64_t K)
{
	return (struct rt_conv){.N = M, .C = K, .K = N, .groups = 1,
				.win = {.in = {1, 1}, .out = {1, 1}, .kernel = {1, 1},
					.stride = {1, 1}, .dilation = {1, 1}}};
}

static void product(int32_t *C, int64_t M, int64_t N, int64_t K, const struct rt_bytes *A,
		    int64_t a0, const struct rt_bytes *B, int64_t b0, void *work)
{
	int threads = rt_split(M, M * N * K);

	if (A->nzero == 1 && M * N * K > 0) {
		const struct rt_conv g = dense(M, N, K);
		struct rt_int8_weights w = {*B, 1, N, 1};

		w.bytes.data = (const char *)B->data + b0;
		sums(&g, C, A, a0, &w, work);
		return;
	}
#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t m = 0; m < M; m++) {
		int32_t az = zero_of(A, m);

		for (int64_t n = 0; n < N; n++) {
			int32_t bz = zero_of(B, n), sum = 0;

			for (int64_t k = 0; k < K; k++)
				sum += (rt_byte(A->data, A->dtype, a0 + m * K + k) - az) *
				       (rt_byte(B->data, B->dtype, b0 + k * N + n) - bz);
			C[m * N + n] = sum;
		}
	}
}

size_t rt_whole_matmul_work(const struct rt_shape *as, const struct rt_shape *bs)
{
	const struct rt_conv g = dense(as->dim[as->rank - 2], bs->dim[bs->rank - 1],
				       as->dim[as->rank - 1]);

	return g.N * g.C * g.K > 0 ? sums_work(&g) : 0;
}

void rt_whole_matmul(int32_t *C, const struct rt_shape *cs, struct rt_bytes A,
		     const struct rt_shape *as, struct rt_bytes B, const struct rt_shape *bs,
		     void *work)
{
	int64_t M = as->dim[as->rank - 2], K = as->dim[as->rank - 1], N = bs->dim[bs->rank - 1];
	struct rt_shape a = *as, b = *bs, c = *cs;
	int64_t step[RT_MAX_RANK];
	struct rt_nest nest;
	struct rt_walk walk;

	a.rank -= 2;
	b.rank -= 2;
	c.rank -= 2;
	rt_nest_init(&nest, &c);
	rt_steps_broadcast(step, &a, &c);
	rt_nest_add(&nest, step);
	rt_steps_broadcast(step, &b, &c);
	rt_nest_add(&nest, step);
	rt_walk_begin(&walk, &nest, c.rank, 0);
	for (int64_t i = 0; i < rt_shape_count(&c); i++, rt_walk_next(&walk))
		product(C + i * M * N, M, N, K, &A, walk.at[0] * M * K, &B, walk.at[1] * K * N,
			work);
}

void rt_requantize(void *q, enum rt_dtype dtype, int zero, const int32_t *acc, int64_t A, int64_t D,
		   int64_t B, const float *scale, int64_t nscale)
{
	int lo = dtype == RT_U8 ? 0 : -128, hi = dtype == RT_U8 ? 255 : 127;

	for (int64_t i = 0; i < A * D * B; i++) {
		float s = scale[nscale == 1 ? 0 : i / B % D];
		double v = nearbyint((double)((float)acc[i] * s)) + zero;
		int whole = v < lo ? lo : v > hi ? hi : (int)v;

		if (dtype == RT_U8)
			((uint8_t *)q)[i] = (uint8_t)whole;
		else
			((int8_t *)q)[i] = (int8_t)whole;
	}
}

void rt_quantize_dynamic(uint8_t *q, float *scale, uint8_t *zero, const float *x, int64_t n)
{
	float lo = 0, hi = 0, s, z;

	for (int64_t i = 0; i < n; i++) {
		lo = x[i] < lo ? x[i] : lo;
		hi = x[i] > hi ? x[i] : hi;
	}
	s = hi > lo ? (hi - lo) / 255 : 1;
	z = nearbyintf(fminf(255, fmaxf(0, -lo / s)));
	for (int64_t i = 0; i < n; i++) {
		float v = nearbyintf(x[i] / s) + z;

		q[i] = (uint8_t)(v >= 0 ? v > 255 ? 255 : v : 0);
	}
	*scale = s;
	*zero = (uint8_t)z;
}
