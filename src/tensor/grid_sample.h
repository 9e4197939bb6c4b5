/* grid_sample.h - images sampled at given places.
 *
 * Jaderberg et al., Spatial transformer networks, arXiv 1506.02025, section 3.3; ONNX GridSample.
 */
#ifndef RT_TENSOR_GRID_SAMPLE_H
#define RT_TENSOR_GRID_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

enum rt_grid_mode { RT_GRID_BILINEAR, RT_GRID_NEAREST, RT_GRID_BICUBIC };
enum rt_grid_padding { RT_GRID_ZEROS, RT_GRID_BORDER, RT_GRID_REFLECTION };

/* x (N,C,H,W), grid (N,P,Q,2) of (x, y) in [-1, 1] -> y (N,C,P,Q). */
struct rt_grid_sample {
	int64_t N, C, H, W, P, Q;
	enum rt_grid_mode mode;
	enum rt_grid_padding padding;
	bool align_corners;
};

void rt_grid_sample(const struct rt_grid_sample *g, float *y, const float *x, const float *grid);

/* dx +=, dgrid +=; either may be NULL. */
void rt_grid_sample_backward(const struct rt_grid_sample *g, float *dx, float *dgrid,
			     const float *dy, const float *x, const float *grid);

#endif
