/* group_norm.h - groups of channels brought to mean 0 and variance 1, forward and backward. */
#ifndef RT_TENSOR_GROUP_NORM_H
#define RT_TENSOR_GROUP_NORM_H

#include <stdint.h>

/* x (N,C,P) in G groups of C / G neighbouring channels; G = C is instance normalization. */
struct rt_groupnorm {
	int64_t N, C, P, G;
};

/* With xhat = (x - mean) rstd over each image and group, rstd = 1 / sqrt(var + epsilon), var
 * biased: y = xhat scale[c] + bias[c].  saved (2,N,G) receives mean and rstd.  Wu, He: Group
 * normalization, arXiv 1803.08494, eq. 1-7. */
void rt_groupnorm(const struct rt_groupnorm *g, float *y, float *saved, const float *x,
		  const float *scale, const float *bias, float epsilon);

/* dbias[c] += sum dy,  dscale[c] += sum dy xhat,  and with h = dy scale[c]:
 * dx += rstd (h - mean h - xhat mean(h xhat)), means over the group.  Each may be NULL. */
void rt_groupnorm_backward(const struct rt_groupnorm *g, float *dx, float *dscale, float *dbias,
			   const float *dy, const float *x, const float *saved, const float *scale);

#endif
