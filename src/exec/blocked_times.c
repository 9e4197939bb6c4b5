/* blocked_times.c - how long convolutions take in planes and in blocks: rates of one core with
 * AVX-512, measured on the layers of three networks (tests/bench/blocked_bench.c).  Only their
 * ratios matter, which other instruction sets do not change much. */
#include "config.h"

#include "exec/blocked.h"
#include "tensor/conv_blocked.h"

#include <string.h>

/* Of a kernel, by the beginning of its name. */
struct rate {
	const char *kernel;
	double macs;		/* multiply-adds of the formula in a nanosecond */
	double small;		/* the same on planes of less than SMALL numbers */
	double weights;		/* numbers that the kernel reads for each of the weights */
};

#define SMALL 400

static const struct rate planes[] = {
	{"winograd", 260, 260, 4}, {"depthwise", 19, 24, 0}, {"1x1", 100, 85, 0}, {"", 92, 92, 0},
};
static const struct rate blocks[] = {
	{"winograd 4x4", 320, 320, 4}, {"winograd 2x2 by 2", 150, 150, 16.0 / 9},
	{"winograd 2x2", 220, 220, 16.0 / 9}, {"depthwise", 60, 40, 0}, {"", 120, 120, 0},
};

/* Bytes of weights for minimal filtering that a core reads in a nanosecond; other kernels reach
 * their rates as fast as these arrive. */
#define WEIGHT_BYTES 25

static double time_of(const struct rt_conv *g, const struct rate *r, const char *kernel)
{
	const struct rt_window *w = &g->win;
	const double weights =
		(double)(g->C / g->groups * g->K * w->kernel[0] * w->kernel[1]) * sizeof(float);

	while (strncmp(kernel, r->kernel, strlen(r->kernel)) != 0)
		r++;
	return (double)rt_conv_macs(g) /
		       (w->out[0] * w->out[1] < SMALL ? r->small : r->macs) +
	       weights * r->weights / WEIGHT_BYTES;
}

static double share_of_lanes(int64_t channels)
{
	return (double)channels / (double)(rt_blocks(channels) * RT_BLOCK);
}

/* Lanes are output channels; those of x are summed up to the end of a block. */
static double time_in_blocks(const struct rt_conv *g, bool x_planes)
{
	const double time = time_of(g, blocks, rt_conv_blocked_name(g, x_planes));

	return time / share_of_lanes(g->K) /
	       (x_planes || g->groups > 1 ? 1 : share_of_lanes(g->C));
}

double blocked_gain_of_conv(const struct rt_conv *g, bool x_planes)
{
	return time_of(g, planes, rt_conv_kernel_name(g, RT_CONV_FORWARD)) -
	       time_in_blocks(g, x_planes);
}

double blocked_time_of_border(int64_t n)
{
	return 1000 + 0.2 * (double)n;
}
