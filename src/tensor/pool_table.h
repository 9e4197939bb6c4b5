/* pool_table.h - maxima over the windows of planes by one instruction set; private to pool*.c. */
#ifndef RT_TENSOR_POOL_TABLE_H
#define RT_TENSOR_POOL_TABLE_H

#include "tensor/window.h"

struct pool_table {
	/* One plane; arguments as of rt_maxpool(). */
	void (*max_plane)(const struct rt_window *w, float *y, int32_t *arg, const float *x);
	/* The same under windows of 2 by 2 that move by 2, none of them over the edge. */
	void (*max_fours)(const struct rt_window *w, float *y, int32_t *arg, const float *x);
};

extern const struct pool_table pool_base, pool_avx2, pool_avx512;

#endif
