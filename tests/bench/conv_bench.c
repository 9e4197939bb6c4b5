/* conv_bench.c - GFLOP/s of the convolution kernels, side by side with unfolding and matrix product
 * and with the machine's peak, medians or (-b) the best:
 * conv_bench ?-b? ?-t THREADS? ?-s SECONDS? ?SHAPE ...? where a shape is
 * N,C,H,K,R ?,stride ?,groups?? of square images with "same" padding. */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/blas.h"
#include "tensor/conv_kernel.h"
#include "tensor/peak.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const direction_names[] = {"forward", "bwd data", "bwd weights"};
#define ROUNDS 1000

static const char *const workloads[] = {
	"128,1,28,20,5,1,1,0", "128,20,12,50,5,1,1,0", "128,3,32,16,3", "128,16,32,16,3",
	"128,16,32,32,3,2", "128,16,32,32,1,2", "128,32,16,32,3", "128,32,16,64,3,2",
	"128,64,8,64,3", "64,32,32,32,3", "64,64,16,64,3", "64,128,8,128,3", "64,16,32,96,1",
	"64,96,16,16,1", "64,192,4,32,1", "64,48,32,48,3,2,48", "64,96,16,96,3,1,96",
	"64,192,4,192,3,1,192", "1,64,56,64,3", "1,256,14,256,3", "1,3,224,64,7,2",
};

static struct rt_conv parse(const char *text)
{
	long long v[8] = {1, 1, 1, 1, 1, 1, 1, -1};
	int64_t room;

	sscanf(text, "%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld", v, v + 1, v + 2, v + 3, v + 4,
	       v + 5, v + 6, v + 7);
	if (v[7] < 0)
		v[7] = v[4] / 2;
	room = (v[2] + 2 * v[7] - v[4]) / v[5] + 1;
	return (struct rt_conv){
		.N = v[0], .C = v[1], .K = v[3], .groups = v[6],
		.win = {{v[2], v[2]}, {room, room}, {v[4], v[4]}, {v[5], v[5]}, {1, 1},
			{v[7], v[7]}, {v[7], v[7]}},
	};
}

struct arrays {
	float *x, *w, *b, *y, *dx, *dw;
};

static float *numbers(int64_t n)
{
	float *v = rt_alloc((size_t)n, sizeof(*v));

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(i * 7919 % 1009) / 1009 - 0.5f;
	return v;
}

/* One thread is timed by its own clock, so that other programs disturb less. */
static double now(void)
{
	struct timespec t;

	if (rt_threads() > 1)
		return rt_now();
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double once(const struct conv_kernel *k, const struct rt_conv *g, const struct arrays *a,
		   int direction, void *work)
{
	const struct rt_conv_post post = {.bias = a->b, .lo = -INFINITY, .hi = INFINITY};
	double start = now();

	if (direction == RT_CONV_FORWARD)
		k->forward(g, a->y, a->x, a->w, &post, work);
	else if (direction == RT_CONV_DATA)
		k->backward_data(g, a->dx, a->y, a->w, work);
	else
		k->backward_weights(g, a->dw, a->y, a->x, work);
	return now() - start;
}

static bool best;

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

/* Medians of the kernels' times, taken in turn so that what else runs hits all alike. */
static void race(const struct conv_kernel *const *k, int n, const struct rt_conv *g,
		 const struct arrays *a, int direction, double seconds, double *median)
{
	static double times[6][ROUNDS];
	void *work[6];
	double end;
	int rounds = 0;

	for (int i = 0; i < n; i++) {
		size_t bytes = k[i]->work ? k[i]->work(g, (enum rt_conv_direction)direction) : 0;

		work[i] = aligned_alloc(64, (bytes + 64) / 64 * 64);
	}
	for (int i = 0; i < n; i++)
		once(k[i], g, a, direction, work[i]);
	end = rt_now() + seconds;
	while (rounds < 5 || (rounds < ROUNDS && rt_now() < end)) {
		for (int i = 0; i < n; i++)
			times[i][rounds] = once(k[i], g, a, direction, work[i]);
		rounds++;
	}
	for (int i = 0; i < n; i++) {
		qsort(times[i], (size_t)rounds, sizeof(double), by_value);
		median[i] = times[i][best ? 0 : rounds / 2];
		free(work[i]);
	}
}

static void bench(const char *text, double seconds, double peak)
{
	const struct rt_conv g = parse(text);
	static const struct conv_kernel *const special[] = {
		&conv_depthwise, &conv_channels, &conv_1x1, &conv_direct, &conv_flat,
		&conv_samples, &conv_winograd};
	const struct conv_kernel *k[6] = {&conv_gemm};
	const int64_t HW = g.win.in[0] * g.win.in[1], PQ = g.win.out[0] * g.win.out[1];
	const int64_t nw = g.K * (g.C / g.groups) * g.win.kernel[0] * g.win.kernel[1];
	struct arrays a = {numbers(g.N * g.C * HW), numbers(nw), numbers(g.K),
			   numbers(g.N * g.K * PQ), numbers(g.N * g.C * HW), numbers(nw)};

	for (int direction = 0; direction <= RT_CONV_WEIGHTS; direction++) {
		double median[6];
		int n = 1;

		for (size_t i = 0; i < RT_COUNT(special); i++)
			if (special[i]->can(&g, (enum rt_conv_direction)direction) &&
			    (special[i] != &conv_direct || n == 1))
				k[n++] = special[i];
		race(k, n, &g, &a, direction, seconds, median);
		printf("%-22s %-12s", text, direction_names[direction]);
		for (int i = 0; i < n; i++) {
			double rate = 2e-9 * (double)rt_conv_macs(&g) / median[i];

			printf(" %-12s %8.1f us %6.1f (%3.0f%%)", k[i]->name, median[i] * 1e6, rate,
			       100 * rate / peak);
		}
		printf("  x%.2f %s\n", median[0] / median[n - 1],
		       rt_conv_kernel_name(&g, (enum rt_conv_direction)direction));
		fflush(stdout);
	}
	free(a.x);
	free(a.w);
	free(a.b);
	free(a.y);
	free(a.dx);
	free(a.dw);
}

int main(int argc, char **argv)
{
	double seconds = 0.3, peak;
	int c, threads = 1;

	while ((c = getopt(argc, argv, "bt:s:")) != -1) {
		if (c == 'b')
			best = true;
		else if (c == 't')
			threads = atoi(optarg);
		else if (c == 's')
			seconds = atof(optarg);
		else
			return 2;
	}
	rt_threads_set(threads);
	rt_blas_threads();
	peak = rt_peak_flops(0.2);
	printf("%s, OpenBLAS %s, threads %d, multiply-add peak %.1f GFLOP/s\n",
	       rt_isa_name(rt_isa()), rt_blas_kernels(), threads, peak);
	if (optind == argc)
		for (size_t i = 0; i < RT_COUNT(workloads); i++)
			bench(workloads[i], seconds, peak);
	for (int i = optind; i < argc; i++)
		bench(argv[i], seconds, peak);
	return 0;
}
