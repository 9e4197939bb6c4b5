/* bench_kernels.c - the kernels alone: layers of known networks in every direction. */
#include "config.h"

#include "distill/bench.h"
#include "distill/bench_impl.h"
#include "tensor/conv.h"
#include "tensor/gemm.h"
#include "tensor/int8.h"

#include <math.h>
#include <stdlib.h>

/* Square images and windows; H = 0: rows of a dense layer. */
static const struct layer {
	const char *name;
	int N, C, H, K, R, stride, groups, dilation;
	bool valid;		/* no padding */
} layers[] = {
	{"conv 3x3 32-32 on 32x32", 32, 32, 32, 32, 3, 1, 1, 1, false},
	{"conv 3x3 64-64 on 16x16", 64, 64, 16, 64, 3, 1, 1, 1, false},
	{"conv 3x3 128-128 on 8x8", 64, 128, 8, 128, 3, 1, 1, 1, false},
	{"conv 3x3 256-256 on 14x14", 8, 256, 14, 256, 3, 1, 1, 1, false},
	{"conv 3x3 64-64 on 56x56", 1, 64, 56, 64, 3, 1, 1, 1, false},
	{"conv 3x3 16-16 on 32x32", 128, 16, 32, 16, 3, 1, 1, 1, false},
	{"conv 3x3 3-16 on 32x32", 128, 3, 32, 16, 3, 1, 1, 1, false},
	{"conv 3x3 64-128 on 16x16 /2", 64, 64, 16, 128, 3, 2, 1, 1, false},
	{"conv 3x3 64-64 dilated 2", 32, 64, 16, 64, 3, 1, 1, 2, false},
	{"conv 3x3 64-64 in 4 groups", 32, 64, 16, 64, 3, 1, 4, 1, false},
	{"conv 3x3 96 depthwise", 64, 96, 16, 96, 3, 1, 96, 1, false},
	{"conv 5x5 20-50 on 12x12", 128, 20, 12, 50, 5, 1, 1, 1, true},
	{"conv 5x5 1-20 on 28x28", 128, 1, 28, 20, 5, 1, 1, 1, true},
	{"conv 7x7 3-64 on 224x224 /2", 1, 3, 224, 64, 7, 2, 1, 1, false},
	{"conv 1x1 96-16 on 16x16", 64, 96, 16, 16, 1, 1, 1, 1, false},
	{"conv 1x1 256-1024 on 14x14", 1, 256, 14, 1024, 1, 1, 1, 1, false},
	{"dense 784-1200", 128, 784, 0, 1200, 1, 1, 1, 1, false},
	{"dense 800-500", 128, 800, 0, 500, 1, 1, 1, 1, false},
	{"dense 256-1024, 2,048 rows", 2048, 256, 0, 1024, 1, 1, 1, 1, false},
};

/* What a layer works on, all in one piece of memory. */
enum { X, W, B, Y, DX, DW, BYTES, WHOLE, WORK, PACKED, INT8_WORK, PARTS };

struct arrays {
	struct rt_conv g;
	bool dense;
	struct rt_int8_weights weights;
	char *memory;
	void *at[PARTS];
};

static struct rt_conv geometry(const struct layer *l)
{
	const int64_t H = l->H ? l->H : 1, span = (l->R - 1) * l->dilation + 1;
	const int64_t pad = l->valid ? 0 : span / 2, P = (H + 2 * pad - span) / l->stride + 1;

	return (struct rt_conv){
		.N = l->N, .C = l->C, .K = l->K, .groups = l->groups, .fresh = true,
		.win = {{H, H}, {P, P}, {l->R, l->R}, {l->stride, l->stride},
			{l->dilation, l->dilation}, {pad, pad}, {pad, pad}},
	};
}

static void fill(struct arrays *a, int part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((float *)a->at[part])[i] = (float)(i * 7919 % 1009) / 1009 - 0.5f;
}

static enum rt_status begin(struct arrays *a, const struct layer *l, struct rt_err *err)
{
	const struct rt_conv g = geometry(l);
	const int64_t taps = g.win.kernel[0] * g.win.kernel[1], in = g.C / g.groups;
	const size_t nx = (size_t)(g.N * g.C * g.win.in[0] * g.win.in[1]);
	const size_t nw = (size_t)(g.K * in * taps), nk = (size_t)g.K;
	const size_t ny = (size_t)(g.N * g.K * g.win.out[0] * g.win.out[1]);
	const size_t bytes[PARTS] = {
		[X] = 4 * nx, [W] = 4 * nw, [B] = 4 * nk, [Y] = 4 * ny, [DX] = 4 * nx,
		[DW] = 4 * nw, [BYTES] = nx, [WHOLE] = nw, [WORK] = rt_conv_work(&g, true),
		[PACKED] = rt_int8_pack_most(&g), [INT8_WORK] = rt_int8_conv_work(&g),
	};
	size_t at = 0;

	*a = (struct arrays){.g = g, .dense = !l->H,
			     .weights = {.out = in * taps, .in = taps, .tap = 1}};
	for (int i = 0; i < PARTS; i++)
		at += (bytes[i] + 64) / 64 * 64;
	a->memory = aligned_alloc(64, at);
	if (!a->memory)
		return rt_fail(err, RT_ENOMEM, "not enough memory for %s", l->name);
	at = 0;
	for (int i = 0; i < PARTS; i++) {
		a->at[i] = a->memory + at;
		at += (bytes[i] + 64) / 64 * 64;
	}
	fill(a, X, nx);
	fill(a, W, nw);
	fill(a, B, nk);
	fill(a, Y, ny);
	for (size_t i = 0; i < nx; i++)
		((uint8_t *)a->at[BYTES])[i] = (uint8_t)(i * 7919 % 251);
	for (size_t i = 0; i < nw; i++)
		((int8_t *)a->at[WHOLE])[i] = (int8_t)((int)(i * 7919 % 251) - 125);
	a->weights.bytes = (struct rt_bytes){.data = a->at[WHOLE], .dtype = RT_I8};
	rt_int8_pack(&g, a->at[PACKED], &a->weights);
	return RT_OK;
}

/* --- what is timed ------------------------------------------------------------------------- */

static enum rt_status forward(void *arrays, struct rt_err *err)
{
	const struct arrays *a = arrays;
	const struct rt_gemm_post post = {a->at[B], -INFINITY, INFINITY};

	(void)err;
	if (a->dense)
		rt_gemm_post(false, true, a->g.N, a->g.K, a->g.C, 1, a->at[X], a->g.C, a->at[W],
			     a->g.C, a->at[Y], a->g.K, &post);
	else
		rt_conv_forward(&a->g, a->at[Y], a->at[X], a->at[W], a->at[B], a->at[WORK]);
	return RT_OK;
}

static enum rt_status backward_data(void *arrays, struct rt_err *err)
{
	const struct arrays *a = arrays;

	(void)err;
	if (a->dense)
		rt_gemm(false, false, a->g.N, a->g.C, a->g.K, 1, a->at[Y], a->g.K, a->at[W],
			a->g.C, 0, a->at[DX], a->g.C);
	else
		rt_conv_backward_data(&a->g, a->at[DX], a->at[Y], a->at[W], a->at[WORK]);
	return RT_OK;
}

static enum rt_status backward_weights(void *arrays, struct rt_err *err)
{
	const struct arrays *a = arrays;

	(void)err;
	if (a->dense)
		rt_gemm(true, false, a->g.K, a->g.C, a->g.N, 1, a->at[Y], a->g.K, a->at[X],
			a->g.C, 1, a->at[DW], a->g.C);
	else
		rt_conv_backward_weights(&a->g, a->at[DW], a->at[Y], a->at[X], a->at[WORK]);
	return RT_OK;
}

/* To sums: what becomes of them is the model's. */
static enum rt_status int8_forward(void *arrays, struct rt_err *err)
{
	const struct arrays *a = arrays;
	const struct rt_int8_post post = {.dtype = RT_I32};

	(void)err;
	rt_int8_conv(&a->g, a->at[Y], a->at[BYTES], 128, a->at[PACKED], &post, a->at[INT8_WORK]);
	return RT_OK;
}

static const char *kernel_name(const struct arrays *a, int what)
{
	if (what == RT_BENCH_INT8)
		return rt_int8_kernels();
	return a->dense ? "gemm" : rt_conv_kernel_name(&a->g, (enum rt_conv_direction)what);
}

enum rt_status rt_bench_kernel(struct rt_bench_kernel *out, int i, const struct rt_bench *b,
			       struct rt_err *err)
{
	static bench_fn *const what[RT_BENCH_DIRECTIONS] = {forward, backward_data,
							    backward_weights, int8_forward};
	struct arrays a;
	enum rt_status status = begin(&a, &layers[i], err);

	*out = (struct rt_bench_kernel){.layer = layers[i].name, .batch = layers[i].N};
	for (int d = 0; d < RT_BENCH_DIRECTIONS && status == RT_OK; d++) {
		status = bench_median(&out->ms[d], &out->steps, what[d], &a, b, err);
		out->gflops[d] = 2e-6 * (double)rt_conv_macs(&a.g) / out->ms[d];
		out->kernel[d] = kernel_name(&a, d);
	}
	free(a.memory);
	return status;
}

int rt_bench_nkernels(void)
{
	return RT_COUNT(layers);
}
