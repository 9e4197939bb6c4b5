/* norm_table.h - batch normalization of some channels at a time, by one instruction set; private to
 * norm*.c.  The arrays are those of norm.h; planes have more than one element. */
#ifndef RT_TENSOR_NORM_TABLE_H
#define RT_TENSOR_NORM_TABLE_H

#include "tensor/norm.h"

/* Channels that one call takes at most. */
#define RT_NORM_CHANNELS 16

struct rt_norm_forward {
	struct rt_batchnorm g;
	struct rt_batchnorm_map map;
	float *mean, *var, *rstd;	/* of x, made first; NULL: map is given */
	float *y;
	const float *x;
	struct rt_batchnorm_post post;
	float epsilon;
};

struct rt_norm_backward {
	struct rt_batchnorm g;
	struct rt_batchnorm_grads to;
	const float *dy, *x, *y;
	struct rt_batchnorm_map map;
	struct rt_batchnorm_post post;
	bool batch;
};

/* Channels [c, c + n), n at most RT_NORM_CHANNELS. */
struct rt_norm_table {
	void (*forward)(const struct rt_norm_forward *f, int64_t c, int64_t n);
	void (*backward)(const struct rt_norm_backward *b, int64_t c, int64_t n);
};

extern const struct rt_norm_table rt_norm_base, rt_norm_avx2, rt_norm_avx512;

#endif
