/* conv_1x1.h - what the passes of convolution with one tap share: planes as columns of a matrix;
 * private to conv_1x1*.c. */
#ifndef RT_TENSOR_CONV_1X1_H
#define RT_TENSOR_CONV_1X1_H

#include "tensor/conv_kernel.h"
#include "tensor/gemm_table.h"

#include <string.h>

/* One side of the convolution: x, of whose positions a stride leaves some out, or y.  Columns count
 * the outputs (p,q) of all images. */
struct side {
	int64_t channels, plane;	/* of an image; floats of a channel */
	int64_t P, Q;			/* columns of an image: P Q */
	int64_t down, right;		/* floats to the next row and column that counts */
	bool dense;			/* columns of an image are neighbours */
};

struct side side_of_x(const struct rt_conv *g);
struct side side_of_y(const struct rt_conv *g);

/* Columns from q on, at most `most`, that lie `right` floats apart; *at: the first one's place in
 * channel 0. */
int64_t side_run(const struct side *s, int64_t q, int64_t most, int64_t *at);

/* to[i] = from[i right]; runs are short, and a call of memcpy would cost more than the copy. */
static inline void side_copy(float *restrict to, const float *restrict from, int64_t n,
			     int64_t right)
{
	int64_t i = 0;

	for (; right == 1 && i + 16 <= n; i += 16)
		memcpy(to + i, from + i, 64);
	if (right == 2) {
#pragma omp simd
		for (int64_t j = 0; j < n; j++)
			to[j] = from[2 * j];
		return;
	}
	for (; i < n; i++)
		to[i] = from[i * right];
}

/* dw += ...; conv_1x1_weights.c. */
size_t one_by_one_weights_work(const struct rt_conv *g);
void one_by_one_weights(const struct rt_conv *g, float *dw, const float *dy, const float *x,
			void *work);

#endif
