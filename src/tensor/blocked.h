/* blocked.h - arrays in channel-blocked layout: (N, ceil(C/16), H, W, 16), so that a vector holds
 * channels of one position; and pools and means of such arrays.
 *
 * Lanes beyond C hold zeros, which everything that writes a blocked array keeps up.  Inference
 * works on this layout where every kernel of a chain can: nothing is turned between kernels, and
 * small planes leave no lane unused.
 */
#ifndef RT_TENSOR_BLOCKED_H
#define RT_TENSOR_BLOCKED_H

#include "tensor/pool.h"

#include <stdint.h>

#define RT_BLOCK 16

/* Blocks that C channels take. */
static inline int64_t rt_blocks(int64_t C)
{
	return (C + RT_BLOCK - 1) / RT_BLOCK;
}

/* Blocked y from planes x (N,C,HW), and planes y from blocked x. */
void rt_blocked_from_planes(int64_t N, int64_t C, int64_t HW, float *y, const float *x);
void rt_blocked_to_planes(int64_t N, int64_t C, int64_t HW, float *y, const float *x);

/* rt_maxpool() and rt_avgpool() of blocked arrays; g->planes counts images times blocks.  Every
 * window must meet the input, or lanes beyond C do not stay 0. */
void rt_blocked_maxpool(const struct rt_pool *g, float *y, const float *x);
void rt_blocked_avgpool(const struct rt_pool *g, float *y, const float *x);

/* y (N,C) = mean over the positions of blocked x (N,C,HW). */
void rt_blocked_mean(int64_t N, int64_t C, int64_t HW, float *y, const float *x);

#endif
