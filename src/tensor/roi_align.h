/* roi_align.h - regions of images pooled at interpolated places.
 *
 * He et al., Mask R-CNN, arXiv 1703.06870, section 3; ONNX RoiAlign.
 */
#ifndef RT_TENSOR_ROI_ALIGN_H
#define RT_TENSOR_ROI_ALIGN_H

#include <stdbool.h>
#include <stdint.h>

/* x (N,C,H,W), rois (R,4) x1 y1 x2 y2, image (R) -> y (R,C,P,Q). */
struct rt_roi_align {
	int64_t N, C, H, W, R, P, Q;
	int64_t samples;	/* a bin and axis; 0: as many as it has pixels */
	float scale;		/* of the regions' coordinates */
	bool half_pixel;	/* pixels' centres are at half numbers */
	bool max;		/* the largest sample, not the mean */
};

/* A region of an image that is not there gives zeros. */
void rt_roi_align(const struct rt_roi_align *g, float *y, const float *x, const float *rois,
		  const int64_t *image);

#endif
