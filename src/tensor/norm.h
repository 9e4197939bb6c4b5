/* norm.h - batch and layer normalization, forward and backward. */
#ifndef RT_TENSOR_NORM_H
#define RT_TENSOR_NORM_H

#include <stdbool.h>
#include <stdint.h>

/* x (N,C,P): P is the size of a plane, 1 for a plain matrix. */
struct rt_batchnorm {
	int64_t N, C, P;
};

/* mean[c] and biased variance var[c] = sum (x - mean)^2 / (N P), over images and planes. */
void rt_batchnorm_stats(const struct rt_batchnorm *g, float *mean, float *var, const float *x);

/* y = (x - mean[c]) rstd[c] scale[c] + bias[c]; y may be x. */
void rt_batchnorm_apply(const struct rt_batchnorm *g, float *y, const float *x, const float *mean,
			const float *rstd, const float *scale, const float *bias);

/* With xhat = (x - mean) rstd:
 *
 *	dbias += sum dy,  dscale += sum dy xhat,
 *	dx += scale rstd (dy - [mean dy + xhat mean(dy xhat)])
 *
 * the bracket only where mean and rstd came from x itself (batch).  dx, dscale, dbias may be NULL;
 * work holds 2 C floats.  Ioffe, Szegedy: Batch normalization, ICML 2015, section 3. */
void rt_batchnorm_backward(const struct rt_batchnorm *g, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *mean, const float *rstd,
			   const float *scale, bool batch, float *work);

/* Rows x (M,D): y = (x - mean) rstd scale + bias with rstd = 1 / sqrt(var + epsilon), var biased;
 * scale, bias (D), bias may be NULL; y may be x.  saved, unless NULL, gets mean and rstd (2,M). */
void rt_layernorm(int64_t M, int64_t D, float *y, float *saved, const float *x, const float *scale,
		  const float *bias, float epsilon);

/* dbias += sum dy,  dscale += sum dy xhat,  and with g = dy scale:
 * dx += rstd (g - mean g - xhat mean(g xhat)).  Any of dx, dscale, dbias may be NULL.
 * Ba, Kiros, Hinton: Layer normalization, arXiv 1607.06450. */
void rt_layernorm_backward(int64_t M, int64_t D, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *saved, const float *scale);

#endif
