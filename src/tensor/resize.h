/* resize.h - arrays resampled axis by axis: nearest, linear and cubic interpolation. */
#ifndef RT_TENSOR_RESIZE_H
#define RT_TENSOR_RESIZE_H

#include "tensor/tensor.h"

enum rt_resize_mode { RT_RESIZE_NEAREST, RT_RESIZE_LINEAR, RT_RESIZE_CUBIC };
enum rt_resize_round { RT_ROUND_PREFER_FLOOR, RT_ROUND_PREFER_CEIL, RT_ROUND_FLOOR, RT_ROUND_CEIL };
enum rt_resize_coordinate {
	RT_COORD_HALF_PIXEL, RT_COORD_PYTORCH_HALF_PIXEL, RT_COORD_ALIGN_CORNERS,
	RT_COORD_ASYMMETRIC, RT_COORD_TF_CROP_AND_RESIZE, RT_COORD_HALF_PIXEL_SYMMETRIC,
	RT_COORD_TF_HALF_PIXEL_FOR_NN
};

/* One array; all as ONNX Resize defines it. */
struct rt_resize {
	struct rt_shape x, y;
	enum rt_resize_mode mode;
	enum rt_resize_round round;
	enum rt_resize_coordinate coordinate;
	bool exclude_outside;
	bool antialias;			/* filters as wide as the outputs are apart */
	double cubic_a;
	float extrapolation;		/* of what tf_crop_and_resize finds outside */
	double scale[RT_MAX_RANK];	/* y / x of each axis */
	double begin[RT_MAX_RANK], end[RT_MAX_RANK]; /* of the region, tf_crop_and_resize */
};

/* Bytes of work both functions need; of r, only extrapolation may be missing. */
size_t rt_resize_work(const struct rt_resize *r);

void rt_resize(const struct rt_resize *r, float *y, const float *x, void *work);
/* dx += the gradient of x. */
void rt_resize_backward(const struct rt_resize *r, float *dx, const float *dy, void *work);

#endif
