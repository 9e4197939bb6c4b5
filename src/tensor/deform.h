/* deform.h - what the taps of a convolution see of a plane at places that are moved and weighted.
 *
 * Dai et al., Deformable convolutional networks, arXiv 1703.06211; with weights, Zhu et al.,
 * arXiv 1811.11168.
 */
#ifndef RT_TENSOR_DEFORM_H
#define RT_TENSOR_DEFORM_H

#include "tensor/window_nd.h"

/* One image x (C,H,W); offset (G,R,2,P) moves tap r of place p down and right for the channels of
 * group g of G, mask (G,R,P) weights what it sees; mask may be NULL. */
struct rt_deform {
	struct rt_window_nd win;	/* two dimensions */
	int64_t C, G;
};

/* col (C,R,P), interpolated linearly, zeros outside. */
void rt_deform(const struct rt_deform *f, float *col, const float *x, const float *offset,
	       const float *mask);

/* dx +=, doffset +=, dmask +=, each of which may be NULL, from dcol. */
void rt_deform_backward(const struct rt_deform *f, float *dx, float *doffset, float *dmask,
			const float *dcol, const float *x, const float *offset,
			const float *mask);

#endif
