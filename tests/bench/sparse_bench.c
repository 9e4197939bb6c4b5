/* sparse_bench.c - times of dense layers and of the same with blocks of zeros, interleaved, as
 * medians: sparse_bench ?-t THREADS? ?-s SECONDS? ?LAYER ...? where a layer is M,N,K (x W^T) or
 * N,C,H,K,R,stride (convolution). */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/blas.h"
#include "tensor/sparse.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 2000
enum { DENSE, HALF, THIRD, TENTH, TWO_OF_FOUR, ONE_OF_FOUR, WAYS };

static const char *const names[WAYS] = {"dense", "50 % kept", "30 %", "10 %", "2:4", "1:4"};
static const double kept[WAYS] = {1, 0.5, 0.3, 0.1, 1, 1};
static const char *const layers[] = {
	"1,512,784",	"1,1024,1024",	  "32,512,784",	    "128,1200,1200",  "128,128,128",
	"2048,256,256", "1,64,32,64,1,1", "1,256,8,256,1,1", "16,128,16,128,1,1", "1,16,32,16,3,1",
	"1,32,16,32,3,1", "1,64,8,64,3,1", "1,128,16,128,3,1", "1,16,32,32,3,2", "16,32,16,32,3,1",
	"16,64,8,64,3,1", "1,64,56,64,3,1",
};

static float *numbers(int64_t n)
{
	float *v = aligned_alloc(64, (size_t)(n + 31) / 16 * 64);

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(i * 7919 % 1009) / 1009 - 0.5f;
	return v;
}

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

/* Zeroes blocks until a fraction is left; in the order of a hash. */
static void thin(float *w, int64_t outputs, int64_t inputs, double fraction)
{
	for (int64_t p = 0; p < outputs; p += RT_SPARSE_BLOCK)
		for (int64_t i = 0; i < inputs; i++)
			for (int64_t o = p; o < p + RT_SPARSE_BLOCK && o < outputs; o++)
				if ((double)((uint64_t)(p * inputs + i) * 2654435761u % 1000) >=
				    1000 * fraction)
					w[o * inputs + i] = 0;
}

/* Leaves so many of four neighbours. */
static void pick(float *w, int64_t n, int slots)
{
	for (int64_t i = 0; i < n; i++) {
		const int64_t first = i / 4 * 2654435761 / 64 % 4;

		if (i % 4 != first && (slots < 2 || i % 4 != (first + 1) % 4))
			w[i] = 0;
	}
}

/* One layer: dense, or with the packed weights. */
struct layer {
	struct rt_conv g;
	bool conv;
	int64_t M, N, K;
	float *x, *y;
	float *w[WAYS];
	struct rt_sparse *s[WAYS];
	void *work, *kept;
};

static void one(struct layer *l, int way)
{
	const struct rt_gemm_post post = {.lo = -INFINITY, .hi = INFINITY};
	const struct rt_conv_post after = {.lo = 0, .hi = INFINITY};

	if (l->conv && way) {
		rt_sparse_conv(l->s[way], &l->g, l->y, l->x, &after, l->work);
	} else if (l->conv) {
		rt_conv_forward_post(&l->g, l->y, l->x, l->w[0], &after, l->work);
		l->g.ready = l->g.kept != NULL;
	} else if (way) {
		rt_sparse_gemm(l->s[way], l->M, 1, l->x, l->K, l->y, l->N, &post);
	} else {
		rt_gemm_post(false, true, l->M, l->N, l->K, 1, l->x, l->K, l->w[0], l->K, l->y,
			     l->N, &post);
	}
}

static void understand(struct layer *l, const char *text)
{
	long long v[6] = {0};
	int n = sscanf(text, "%lld,%lld,%lld,%lld,%lld,%lld", v, v + 1, v + 2, v + 3, v + 4, v + 5);
	int64_t inputs, outputs, x, y;

	*l = (struct layer){.conv = n == 6, .M = v[0], .N = v[1], .K = v[2]};
	if (l->conv) {
		struct rt_window *w = &l->g.win;

		l->g = (struct rt_conv){.N = v[0], .C = v[1], .K = v[3], .groups = 1};
		for (int a = 0; a < 2; a++) {
			w->in[a] = v[2];
			w->kernel[a] = v[4];
			w->stride[a] = v[5];
			w->dilation[a] = 1;
			w->pad[a] = w->pad_end[a] = v[4] / 2;
			w->out[a] = (v[2] + 2 * (v[4] / 2) - v[4]) / v[5] + 1;
		}
	}
	inputs = l->conv ? v[1] * v[4] * v[4] : l->K;
	outputs = l->conv ? v[3] : l->N;
	x = l->conv ? v[0] * v[1] * v[2] * v[2] : l->M * l->K;
	y = l->conv ? v[0] * v[3] * l->g.win.out[0] * l->g.win.out[1] : l->M * l->N;
	l->x = numbers(x);
	l->y = numbers(y);
	for (int i = 0; i < WAYS; i++) {
		struct rt_sparse_dense d = {NULL, outputs, inputs, inputs, 1};

		l->w[i] = numbers(outputs * inputs);
		thin(l->w[i], outputs, inputs, kept[i]);
		d.w = l->w[i];
		if (i >= TWO_OF_FOUR && (l->conv || inputs % 4))
			continue;
		if (i >= TWO_OF_FOUR) {
			const int slots = i == TWO_OF_FOUR ? 2 : 1;

			pick(l->w[i], outputs * inputs, slots);
			l->s[i] = rt_sparse_pack_slots(
				aligned_alloc(64, rt_sparse_slots_bytes(outputs, inputs, slots)),
				slots, &d);
			continue;
		}
		l->s[i] = rt_sparse_pack(
			aligned_alloc(64, rt_sparse_bytes(outputs, rt_sparse_count(&d))),
			rt_sparse_count(&d), &d);
		if (l->conv)
			rt_sparse_conv_place(l->s[i], &l->g);
	}
	if (l->conv) {
		size_t a = rt_conv_work(&l->g, false), b = rt_sparse_conv_work(&l->g);

		l->work = aligned_alloc(64, ((a > b ? a : b) + 127) / 64 * 64);
		l->g.kept = aligned_alloc(64, (rt_conv_kept(&l->g) + 127) / 64 * 64);
	}
}

static void bench(const char *text, double seconds)
{
	static double times[WAYS][ROUNDS];
	struct layer l;
	double end, dense;
	int rounds = 0;

	understand(&l, text);
	for (int way = 0; way < WAYS; way++)
		if (!way || l.s[way])
			one(&l, way);
	end = rt_now() + seconds;
	while (rounds < 6 || (rounds < ROUNDS && rt_now() < end)) {
		for (int way = 0; way < WAYS; way++) {
			double start = rt_now();

			if (!way || l.s[way])
				one(&l, way);
			times[way][rounds] = rt_now() - start;
		}
		rounds++;
	}
	for (int way = 0; way < WAYS; way++)
		qsort(times[way], (size_t)rounds, sizeof(double), by_value);
	dense = times[0][rounds / 2];
	printf("%-20s %-12s %9.1f us", text,
	       l.conv ? rt_conv_kernel_name(&l.g, RT_CONV_FORWARD) : "gemm", 1e6 * dense);
	for (int way = 1; way < WAYS; way++)
		if (l.s[way])
			printf("   %s %.1f x%.2f", names[way], 1e6 * times[way][rounds / 2],
			       dense / times[way][rounds / 2]);
	putchar('\n');
	fflush(stdout);
}

int main(int argc, char **argv)
{
	double seconds = 0.2;
	int c, threads = 1;

	while ((c = getopt(argc, argv, "t:s:")) != -1) {
		if (c == 't')
			threads = atoi(optarg);
		else if (c == 's')
			seconds = atof(optarg);
		else
			return 2;
	}
	rt_threads_set(threads);
	rt_blas_threads();
	printf("%s, threads %d\n", rt_isa_name(rt_isa()), threads);
	if (optind == argc)
		for (size_t i = 0; i < RT_COUNT(layers); i++)
			bench(layers[i], seconds);
	for (int i = optind; i < argc; i++)
		bench(argv[i], seconds);
	return 0;
}
