/* conv_kernel.h - one way to compute a convolution; conv.c tries the rows in order. */
#ifndef RT_TENSOR_CONV_KERNEL_H
#define RT_TENSOR_CONV_KERNEL_H

#include "tensor/conv.h"

struct conv_kernel {
	const char *name;
	/* Whether it is able to, and whether it is the best of those that are; NULL: always */
	bool (*can)(const struct rt_conv *g, enum rt_conv_direction direction);
	bool (*fits)(const struct rt_conv *g, enum rt_conv_direction direction);
	size_t (*kept)(const struct rt_conv *g); /* see rt_conv_kept(); NULL: none */
	size_t (*work)(const struct rt_conv *g, enum rt_conv_direction direction); /* NULL: none */
	bool (*pools)(const struct rt_conv *g); /* see rt_conv_pools(); NULL: never */
	void (*forward)(const struct rt_conv *g, float *y, const float *x, const float *w,
			const struct rt_conv_post *post, void *work);
	bool sets;	/* backward_data heeds fresh; others find dx cleared */
	void (*backward_data)(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			      void *work);
	void (*backward_weights)(const struct rt_conv *g, float *dw, const float *dy,
				 const float *x, void *work);
};

/* For kernels that compute the plain convolution, or that with a bias: the rest, of y in place. */
bool conv_post_is_bias(const struct rt_conv_post *post);
void conv_post(const struct rt_conv *g, float *y, const struct rt_conv_post *post);

extern const struct conv_kernel conv_channels, conv_depthwise, conv_1x1, conv_winograd,
	conv_samples, conv_flat, conv_direct, conv_gemm;

#endif
