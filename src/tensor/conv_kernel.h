/* conv_kernel.h - one way to compute a convolution; conv.c tries the rows in order. */
#ifndef RT_TENSOR_CONV_KERNEL_H
#define RT_TENSOR_CONV_KERNEL_H

#include "tensor/conv.h"

struct conv_kernel {
	const char *name;
	bool (*fits)(const struct rt_conv *g);	/* NULL: always */
	size_t (*work)(const struct rt_conv *g, bool backward); /* NULL: none */
	void (*forward)(const struct rt_conv *g, float *y, const float *x, const float *w,
			const float *b, void *work);
	void (*backward_data)(const struct rt_conv *g, float *dx, const float *dy, const float *w,
			      void *work);
	void (*backward_weights)(const struct rt_conv *g, float *dw, const float *dy,
				 const float *x, void *work);
};

extern const struct conv_kernel conv_depthwise, conv_gemm;

#endif
