/* norm.h - batch and layer normalization, forward and backward. */
#ifndef RT_TENSOR_NORM_H
#define RT_TENSOR_NORM_H

#include <stdbool.h>
#include <stdint.h>

/* x (N,C,P): P is the size of a plane, 1 for a plain matrix. */
struct rt_batchnorm {
	int64_t N, C, P;
};

/* What follows the map in the same pass: z, of the shape of x, is added unless NULL, then the
 * result is limited to lo .. hi (infinite: not at all).  Matrices (P = 1) take none. */
struct rt_batchnorm_post {
	const float *z;
	float lo, hi;
};

/* The map of every channel, y = (x - mean) rstd scale + bias; (C) each. */
struct rt_batchnorm_map {
	const float *mean, *rstd, *scale, *bias;
};

/* mean[c], biased variance var[c] = mean of (x - mean)^2 over images and planes, and
 * rstd[c] = 1 / sqrt(var[c] + epsilon); then y as rt_batchnorm_apply().  Reads x once for the sums
 * and once for y, channel by channel; post may be NULL. */
void rt_batchnorm_train(const struct rt_batchnorm *g, float *y, float *mean, float *var,
			float *rstd, const float *x, const float *scale, const float *bias,
			float epsilon, const struct rt_batchnorm_post *post);

/* y = (x - mean[c]) rstd[c] scale[c] + bias[c], then post unless NULL; y may be x. */
void rt_batchnorm_apply(const struct rt_batchnorm *g, float *y, const float *x,
			const struct rt_batchnorm_map *map, const struct rt_batchnorm_post *post);

/* Gradients that are added to; any may be NULL, one of dx and dz may be dy if it is set. */
struct rt_batchnorm_grads {
	float *dx, *dz, *dscale, *dbias;
	bool set_dx, set_dz;	/* written instead of added to */
};

/* With xhat = (x - mean) rstd, and dy only where y is between the limits of post:
 *
 *	dbias += sum dy,  dscale += sum dy xhat,  dz += dy,
 *	dx += scale rstd (dy - [mean dy + xhat mean(dy xhat)])
 *
 * the bracket only where mean and rstd came from x itself (batch).  y is read only where post adds
 * and limits.  Ioffe, Szegedy: Batch normalization, ICML 2015, section 3. */
void rt_batchnorm_backward(const struct rt_batchnorm *g, const struct rt_batchnorm_grads *to,
			   const float *dy, const float *x, const float *y,
			   const struct rt_batchnorm_map *map, bool batch,
			   const struct rt_batchnorm_post *post);

/* Rows x (M,D): y = (x - mean) rstd scale + bias with rstd = 1 / sqrt(var + epsilon), var biased;
 * scale, bias (D), bias may be NULL; y may be x.  saved, unless NULL, gets mean and rstd (2,M). */
void rt_layernorm(int64_t M, int64_t D, float *y, float *saved, const float *x, const float *scale,
		  const float *bias, float epsilon);

/* dbias += sum dy,  dscale += sum dy xhat,  and with g = dy scale:
 * dx += rstd (g - mean g - xhat mean(g xhat)), or = where set, when dx may be dy.  Any of dx,
 * dscale, dbias may be NULL.
 * Ba, Kiros, Hinton: Layer normalization, arXiv 1607.06450. */
void rt_layernorm_backward(int64_t M, int64_t D, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *saved, const float *scale,
			   bool set);

#endif
