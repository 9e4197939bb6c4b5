/* norm_table.h - batch normalization of some channels and layer normalization of some rows, by one
 * instruction set; private to norm*.c.  The arrays are those of norm.h; planes have more than one
 * element. */
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

/* Columns of a matrix that one pass down its rows sums side by side. */
#define RT_NORM_COLUMNS 64

/* Batch normalization: channels [c, c + n), n at most RT_NORM_CHANNELS. */
struct rt_norm_table {
	void (*forward)(const struct rt_norm_forward *f, int64_t c, int64_t n);
	void (*backward)(const struct rt_norm_backward *b, int64_t c, int64_t n);

	/* Layer normalization of one row; stats receives mean and rstd. */
	void (*row)(int64_t D, float *y, float stats[2], const float *x, const float *scale,
		    const float *bias, float epsilon);
	void (*row_grad)(int64_t D, float *dx, const float *dy, const float *x, float mean,
			 float rstd, const float *scale, bool set);
	/* dscale and dbias of n <= RT_NORM_COLUMNS columns of the rows dy and x, D apart */
	void (*columns)(int64_t M, int64_t D, int64_t n, float *dscale, float *dbias,
			const float *dy, const float *x, const float *saved);
};

extern const struct rt_norm_table rt_norm_base, rt_norm_avx2, rt_norm_avx512;

#endif
