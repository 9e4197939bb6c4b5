/* conv_blocked_kernel.h - one way to compute a convolution of blocked arrays; conv_blocked.c tries
 * the rows in order. */
#ifndef RT_TENSOR_CONV_BLOCKED_KERNEL_H
#define RT_TENSOR_CONV_BLOCKED_KERNEL_H

#include "tensor/conv_blocked.h"

struct conv_blocked_kernel {
	const char *name;
	/* Whether it is able to, and whether it is the best of those that are; NULL: always */
	bool (*can)(const struct rt_conv *g, bool x_planes);
	bool (*fits)(const struct rt_conv *g);
	/* See rt_conv_blocked...(); work NULL: none */
	size_t (*pack_bytes)(const struct rt_conv *g, bool x_planes);
	void (*pack)(const struct rt_conv *g, bool x_planes, float *packed, const float *w,
		     const float *scale);
	size_t (*work)(const struct rt_conv *g, bool x_planes);
	void (*run)(const struct rt_conv *g, bool x_planes, float *y, const float *x,
		    const float *packed, const struct rt_conv_post *post, void *work);
};

extern const struct conv_blocked_kernel conv_blocked_deep, conv_blocked_winograd_2,
	conv_blocked_winograd_4, conv_blocked_winograd_2_BY_2, conv_blocked_direct;

/* Lanes beyond K of n positions of an image's last block, where a bound of post has made something
 * else of 0. */
void conv_blocked_clear_lanes(int64_t K, const struct rt_conv_post *post, float *y, int64_t n);

/* bias [first, first + n) of post, 0 where there are fewer than K, or none. */
void conv_blocked_bias(float *bias, const struct rt_conv_post *post, int64_t first, int64_t n,
		       int64_t K);

#endif
