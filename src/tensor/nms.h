/* nms.h - boxes that overlap a better one left out: greedy non-maximum suppression. */
#ifndef RT_TENSOR_NMS_H
#define RT_TENSOR_NMS_H

#include <stdbool.h>
#include <stdint.h>

struct rt_nms {
	int64_t B, C, N;	/* boxes (B,N,4), scores (B,C,N) */
	const float *boxes, *scores;
	bool centers;		/* x y width height, not y1 x1 y2 x2 */
	int64_t most;		/* of a class and image */
	float overlap;		/* above it (intersection / union) a box is left out */
	float least;		/* score; -inf = any */
};

/* Writes (image, class, box) of those that stay to out, in the order of image, class and falling
 * score, when out is not NULL; returns their number.  order: N elements of work space. */
int64_t rt_nms(const struct rt_nms *g, int64_t *out, int64_t *order);

#endif
