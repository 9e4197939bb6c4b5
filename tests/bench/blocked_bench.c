/* blocked_bench.c - microseconds of forward convolution at batch 1, weights ready: the kernels on
 * planes beside those on blocked arrays, medians taken in turn, layer by layer and of those that
 * are chosen together:
 * blocked_bench ?-t THREADS? ?-s SECONDS? ?-m MIB? resnet50|mobilenet_v2|resnet20|SHAPE ...
 * where a shape is C,H,K,R ?,stride ?,groups?? with "same" padding.  Weights come from MIB of
 * copies in turn, as they do in a network that is larger than the caches. */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/conv_blocked_kernel.h"
#include "tensor/peak.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 2000

/* A network's layers and how often it has them. */
struct layer {
	const char *shape;
	int count;
};

static const struct layer resnet50[] = {
	{"3,224,64,7,2", 1}, {"64,56,64,1", 1}, {"256,56,64,1", 2}, {"64,56,64,3", 3},
	{"64,56,256,1", 4}, {"256,56,128,1", 1}, {"128,56,128,3,2", 1}, {"256,56,512,1,2", 1},
	{"128,28,512,1", 4}, {"512,28,128,1", 3}, {"128,28,128,3", 3}, {"512,28,256,1", 1},
	{"256,28,256,3,2", 1}, {"512,28,1024,1,2", 1}, {"256,14,1024,1", 6},
	{"1024,14,256,1", 5}, {"256,14,256,3", 5}, {"1024,14,512,1", 1}, {"512,14,512,3,2", 1},
	{"1024,14,2048,1,2", 1}, {"512,7,2048,1", 3}, {"2048,7,512,1", 2}, {"512,7,512,3", 2},
	{NULL, 0}};
static const struct layer mobilenet_v2[] = {
	{"3,224,32,3,2", 1}, {"32,112,32,3,1,32", 1}, {"32,112,16,1", 1}, {"16,112,96,1", 1},
	{"96,112,96,3,2,96", 1}, {"96,56,24,1", 1}, {"24,56,144,1", 2}, {"144,56,144,3,1,144", 1},
	{"144,56,24,1", 1}, {"144,56,144,3,2,144", 1}, {"144,28,32,1", 1}, {"32,28,192,1", 3},
	{"192,28,192,3,1,192", 2}, {"192,28,32,1", 2}, {"192,28,192,3,2,192", 1},
	{"192,14,64,1", 1}, {"64,14,384,1", 4}, {"384,14,384,3,1,384", 4}, {"384,14,64,1", 3},
	{"384,14,96,1", 1}, {"96,14,576,1", 3}, {"576,14,576,3,1,576", 2}, {"576,14,96,1", 2},
	{"576,14,576,3,2,576", 1}, {"576,7,160,1", 1}, {"160,7,960,1", 3},
	{"960,7,960,3,1,960", 3}, {"960,7,160,1", 2}, {"960,7,320,1", 1}, {"320,7,1280,1", 1},
	{NULL, 0}};
static const struct layer resnet20[] = {
	{"3,32,16,3", 1}, {"16,32,16,3", 6}, {"16,32,32,3,2", 1}, {"16,32,32,1,2", 1},
	{"32,16,32,3", 5}, {"32,16,64,3,2", 1}, {"32,16,64,1,2", 1}, {"64,8,64,3", 5}, {NULL, 0}};
static const struct {
	const char *name;
	const struct layer *layers;
} networks[] = {{"resnet50", resnet50}, {"mobilenet_v2", mobilenet_v2}, {"resnet20", resnet20}};

static double seconds = 0.1, peak, mib = 64;

static struct rt_conv parse(const char *text)
{
	long long v[6] = {1, 1, 1, 1, 1, 1};
	int64_t room, pad;

	sscanf(text, "%lld,%lld,%lld,%lld,%lld,%lld", v, v + 1, v + 2, v + 3, v + 4, v + 5);
	pad = v[3] / 2;
	room = (v[1] + 2 * pad - v[3]) / v[4] + 1;
	return (struct rt_conv){
		.N = 1, .C = v[0], .K = v[2], .groups = v[5],
		.win = {{v[1], v[1]}, {room, room}, {v[3], v[3]}, {v[4], v[4]}, {1, 1},
			{pad, pad}, {pad, pad}},
	};
}

static void *room(size_t bytes)
{
	float *v = aligned_alloc(64, (bytes + 64) / 64 * 64);

	for (size_t i = 0; i < bytes / sizeof(*v); i++)
		v[i] = (float)(i * 7919 % 1009) / 1009 - 0.5f;
	return v;
}

static const struct conv_blocked_kernel *const kernels[] = {
	&conv_blocked_deep, &conv_blocked_winograd_4, &conv_blocked_winograd_2,
	&conv_blocked_winograd_2_BY_2, &conv_blocked_direct};
#define KERNELS ((int)RT_COUNT(kernels))

struct arrays {
	struct rt_conv g;
	bool planes;
	float *x, *y, *w, *bias;
	void *work;
	char *kept, *packed;	/* copies, so many bytes apart, of each kernel in turn */
	size_t kept_bytes, packed_bytes[KERNELS];
	int kepts;
};

static int copies(size_t bytes)
{
	const double n = mib * 1048576 / (double)(bytes ? bytes : 1);

	return n < 1 ? 1 : n > 500 ? 500 : (int)n;
}

static double on_planes(struct arrays *a, const struct rt_conv_post *post, int round)
{
	struct rt_conv g = a->g;
	double start;

	g.kept = a->kept_bytes ? a->kept + a->kept_bytes * (size_t)(round % a->kepts) : NULL;
	g.ready = round >= a->kepts;
	start = rt_now();
	rt_conv_forward_post(&g, a->y, a->x, a->w, post, a->work);
	return rt_now() - start;
}

static double on_blocks(struct arrays *a, int kernel, const struct rt_conv_post *post, int round)
{
	const size_t bytes = a->packed_bytes[kernel];
	const char *packed = a->packed + bytes * (size_t)(round % copies(bytes));
	double start = rt_now();

	kernels[kernel]->run(&a->g, a->planes, a->y, a->x, (const float *)(const void *)packed,
			     post, a->work);
	return rt_now() - start;
}

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

/* Medians on planes, then of the kernels. */
static void race(struct arrays *a, double median[1 + KERNELS])
{
	static double times[1 + KERNELS][ROUNDS];
	const struct rt_conv_post post = {.bias = a->bias, .lo = 0, .hi = INFINITY};
	double end;
	int rounds = 0;

	for (int i = 0; i < a->kepts; i++)
		on_planes(a, &post, i);
	for (int i = 0; i < 3; i++)
		on_planes(a, &post, a->kepts + i);
	end = rt_now() + seconds;
	while (rounds < 7 || (rounds < ROUNDS && rt_now() < end)) {
		times[0][rounds] = on_planes(a, &post, a->kepts + rounds);
		for (int i = 0; i < KERNELS; i++)
			if (a->packed_bytes[i])
				times[1 + i][rounds] = on_blocks(a, i, &post, rounds);
		rounds++;
	}
	for (int i = 0; i < 1 + KERNELS; i++) {
		qsort(times[i], (size_t)rounds, sizeof(double), by_value);
		median[i] = times[i][rounds / 2];
	}
}

static size_t most(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void print(const char *text, int count, const struct arrays *a, const double *median,
		  double sums[2])
{
	const double share = 100 * 2e-9 * (double)rt_conv_macs(&a->g) / peak;
	const char *name = rt_conv_blocked_name(&a->g, a->planes);

	printf("%-19s x%d  %-21s %7.1f us %3.0f%%", text, count,
	       rt_conv_kernel_name(&a->g, RT_CONV_FORWARD), median[0] * 1e6, share / median[0]);
	sums[0] += count * median[0];
	for (int i = 0; i < KERNELS; i++) {
		const bool chosen = strcmp(name, kernels[i]->name) == 0;

		if (!a->packed_bytes[i])
			continue;
		printf("  %s%s %.1f us %.0f%% x%.2f", chosen ? "*" : "", kernels[i]->name,
		       median[1 + i] * 1e6, share / median[1 + i], median[0] / median[1 + i]);
		sums[1] += chosen ? count * median[1 + i] : 0;
	}
	printf("\n");
	fflush(stdout);
}

static void bench(const char *text, int count, double sums[2])
{
	const struct rt_conv g = parse(text);
	const size_t HW = (size_t)(g.win.in[0] * g.win.in[1]);
	const size_t PQ = (size_t)(g.win.out[0] * g.win.out[1]);
	const size_t nw = (size_t)(g.K * (g.C / g.groups) * g.win.kernel[0] * g.win.kernel[1]);
	size_t work = rt_conv_work(&g, false), pool;
	struct arrays a = {
		.g = g, .planes = g.C <= 4,
		.x = room((size_t)(rt_blocks(g.C) * RT_BLOCK) * HW * 4),
		.y = room((size_t)(rt_blocks(g.K) * RT_BLOCK) * PQ * 4), .w = room(nw * 4),
		.bias = room((size_t)g.K * 4), .kept_bytes = (rt_conv_kept(&g) + 63) / 64 * 64,
	};
	double median[1 + KERNELS];

	a.kepts = copies(a.kept_bytes);
	pool = a.kept_bytes * (size_t)a.kepts;
	a.kept = room(pool);
	pool = 0;
	for (int i = 0; i < KERNELS; i++) {
		if (!kernels[i]->can(&g, a.planes))
			continue;
		a.packed_bytes[i] = kernels[i]->pack_bytes(&g, a.planes);
		pool = most(pool, a.packed_bytes[i] * (size_t)copies(a.packed_bytes[i]));
		work = most(work, kernels[i]->work ? kernels[i]->work(&g, a.planes) : 0);
	}
	a.packed = room(pool);
	a.work = room(work);
	race(&a, median);
	print(text, count, &a, median, sums);
	free(a.x);
	free(a.y);
	free(a.w);
	free(a.bias);
	free(a.work);
	free(a.kept);
	free(a.packed);
}

static void network(const char *name)
{
	double sums[2] = {0, 0};

	for (size_t i = 0; i < RT_COUNT(networks); i++) {
		if (strcmp(name, networks[i].name) != 0)
			continue;
		for (const struct layer *l = networks[i].layers; l->shape; l++)
			bench(l->shape, l->count, sums);
		printf("%s: %.1f us, blocked %.1f us, x%.2f\n", name, sums[0] * 1e6,
		       sums[1] * 1e6, sums[0] / sums[1]);
		return;
	}
	bench(name, 1, sums);
}

int main(int argc, char **argv)
{
	int c, threads = 2;

	while ((c = getopt(argc, argv, "t:s:m:")) != -1) {
		if (c == 't')
			threads = atoi(optarg);
		else if (c == 's')
			seconds = atof(optarg);
		else if (c == 'm')
			mib = atof(optarg);
		else
			return 2;
	}
	rt_threads_set(threads);
	peak = rt_peak_flops(0.2);
	printf("%s, threads %d, multiply-add peak %.1f GFLOP/s\n", rt_isa_name(rt_isa()), threads,
	       peak);
	for (int i = optind; i < argc; i++)
		network(argv[i]);
	return 0;
}
