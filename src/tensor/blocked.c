/* blocked.c - planes to blocked arrays and back, pools and means of blocked arrays. */
#include "config.h"

#include "tensor/blocked.h"
#include "tensor/conv_blocked_table.h"
#include "tensor/parallel.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* (N,C,HW) in planes and in blocks: from the one to the other. */
static void reorder(int64_t N, int64_t C, int64_t HW, float *y, const float *x, bool to_blocks)
{
	const struct rt_conv_blocked_table *t = rt_conv_blocked_table();
	const int64_t blocks = rt_blocks(C), items = N * blocks;
	const int n = rt_split(items, items * HW * RT_BLOCK / 4);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < items; i++) {
		const int64_t c = i % blocks * RT_BLOCK, channels = least(C - c, RT_BLOCK);
		const int64_t plane = (i / blocks * C + c) * HW, block = i * HW * RT_BLOCK;

		if (to_blocks)
			t->in(y + block, x + plane, HW, channels, HW);
		else
			t->out(y + plane, x + block, HW, channels, HW);
	}
}

void rt_blocked_from_planes(int64_t N, int64_t C, int64_t HW, float *y, const float *x)
{
	reorder(N, C, HW, y, x, true);
}

void rt_blocked_to_planes(int64_t N, int64_t C, int64_t HW, float *y, const float *x)
{
	reorder(N, C, HW, y, x, false);
}

/* The taps of output o along axis a that meet the input: *first and how many. */
static int64_t meet(const struct rt_window *w, int a, int64_t o, int64_t *first)
{
	const int64_t at = o * w->stride[a] - w->pad[a], d = w->dilation[a];
	const int64_t lo = at < 0 ? least((d - 1 - at) / d, w->kernel[a]) : 0;
	const int64_t hi = at < w->in[a] ? least((w->in[a] - at + d - 1) / d, w->kernel[a]) : 0;

	*first = lo;
	return hi > lo ? hi - lo : 0;
}

/* Taps of output o that a mean divides by; see rt_avgpool(). */
static int64_t counted(const struct rt_pool *g, int a, int64_t o, int64_t met)
{
	const struct rt_window *w = &g->win;
	const int64_t from = o * w->stride[a] - w->pad[a];

	return g->count_pads ? least(from + w->kernel[a], w->in[a] + w->pad_end[a]) - from : met;
}

/* One row of outputs of one plane, in runs under the same columns of taps. */
static void pool_row(const struct rt_pool *g, bool mean, float *y, const float *x, int64_t p)
{
	const struct rt_conv_blocked_table *t = rt_conv_blocked_table();
	const struct rt_window *w = &g->win;
	int64_t r, rows = meet(w, 0, p, &r);

	for (int64_t q = 0, n; q < w->out[1]; q += n) {
		int64_t s, other, taps = meet(w, 1, q, &s);
		const int64_t h = p * w->stride[0] - w->pad[0] + r * w->dilation[0];
		struct rt_blocked_pool k;

		for (n = 1; taps == w->kernel[1] && q + n < w->out[1] &&
			    meet(w, 1, q + n, &other) == taps; n++)
			;
		k = (struct rt_blocked_pool){
			.x = x + (h * w->in[1] + q * w->stride[1] - w->pad[1] +
				  s * w->dilation[1]) * RT_BLOCK,
			.x_row = w->dilation[0] * w->in[1] * RT_BLOCK,
			.step = w->stride[1] * RT_BLOCK, .right = w->dilation[1] * RT_BLOCK,
			.rows = taps ? rows : 0, .taps = taps,
			.y = y + (p * w->out[1] + q) * RT_BLOCK, .n = n,
			.divisor = (float)(counted(g, 0, p, rows) * counted(g, 1, q, taps)),
		};
		if (mean)
			t->mean(&k);
		else
			t->max(&k);
	}
}

/* Threads divide rows, as the convolutions before and behind divide theirs. */
static void pool(const struct rt_pool *g, bool mean, float *y, const float *x)
{
	const struct rt_window *w = &g->win;
	const int64_t P = w->out[0], row = w->out[1] * RT_BLOCK, HW = w->in[0] * w->in[1];
	const int n = rt_split(P, g->planes * P * row * w->kernel[0] * w->kernel[1] / RT_BLOCK);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int i = 0; i < n; i++)
		for (int64_t j = 0; j < g->planes; j++)
			for (int64_t p = rt_slice(P, i, n); p < rt_slice(P, i + 1, n); p++)
				pool_row(g, mean, y + j * P * row, x + j * HW * RT_BLOCK, p);
}

void rt_blocked_maxpool(const struct rt_pool *g, float *y, const float *x)
{
	pool(g, false, y, x);
}

void rt_blocked_avgpool(const struct rt_pool *g, float *y, const float *x)
{
	pool(g, true, y, x);
}

void rt_blocked_mean(int64_t N, int64_t C, int64_t HW, float *y, const float *x)
{
	const int64_t blocks = rt_blocks(C);
	const int n = rt_split(N * blocks, N * blocks * HW);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < N * blocks; i++) {
		const int64_t c = i % blocks * RT_BLOCK, K = least(C - c, RT_BLOCK);
		const float *from = x + i * HW * RT_BLOCK;
		float *to = y + i / blocks * C + c, sums[RT_BLOCK] = {0};

		for (int64_t j = 0; j < HW; j++) {
#pragma omp simd
			for (int k = 0; k < RT_BLOCK; k++)
				sums[k] += from[j * RT_BLOCK + k];
		}
		for (int64_t k = 0; k < K; k++)
			to[k] = sums[k] / (float)HW;
	}
}
