/* conv_blocked.h - convolution of blocked arrays (blocked.h), forward only, with weights packed
 * once: what inference runs where the weights do not change. */
#ifndef RT_TENSOR_CONV_BLOCKED_H
#define RT_TENSOR_CONV_BLOCKED_H

#include "tensor/blocked.h"
#include "tensor/conv.h"

/* Whether there is a kernel for g: one group, groups of whole blocks of channels in and out, or
 * C == K == groups.  x_planes: x lies as planes (N,C,H,W), for first layers of up to 4 channels. */
bool rt_conv_blocked_has(const struct rt_conv *g, bool x_planes);

/* The name of the kernel: "depthwise", "winograd 4x4", "winograd 2x2",
 * "winograd 2x2 by 2", which has a step of 2, "direct". */
const char *rt_conv_blocked_name(const struct rt_conv *g, bool x_planes);

/* Bytes of the packed weights. */
size_t rt_conv_blocked_pack_bytes(const struct rt_conv *g, bool x_planes);

/* packed, at a multiple of 64 bytes, receives w (K,C/groups,R,S) times scale (K), which may be
 * NULL, as this machine's kernels read it. */
void rt_conv_blocked_pack(const struct rt_conv *g, bool x_planes, float *packed, const float *w,
			  const float *scale);

/* Bytes of work that rt_conv_blocked() needs at the present rt_threads(). */
size_t rt_conv_blocked_work(const struct rt_conv *g, bool x_planes);

/* Blocked y = clamp(x * packed + bias + add, lo, hi): bias (K), add blocked as y.  post->scale has
 * gone into packed and must be NULL. */
void rt_conv_blocked(const struct rt_conv *g, bool x_planes, float *y, const float *x,
		     const float *packed, const struct rt_conv_post *post, void *work);

#endif
