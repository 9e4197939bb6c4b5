/* conv_blocked.c - chooses the kernel for a convolution of blocked arrays, and what all kernels
 * have in common. */
#include "config.h"

#include "tensor/conv_blocked.h"
#include "tensor/conv_blocked_kernel.h"
#include "tensor/conv_blocked_table.h"
#include "base/err.h"
#include "base/sys.h"

#include <string.h>

/* The first that can and fits is taken. */
static const struct conv_blocked_kernel *const kernels[] = {
	&conv_blocked_deep, &conv_blocked_winograd_4, &conv_blocked_winograd_2,
	&conv_blocked_winograd_2_BY_2, &conv_blocked_direct};

const struct rt_conv_blocked_table *rt_conv_blocked_table(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &rt_conv_blocked_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &rt_conv_blocked_avx2;
#endif
	return &rt_conv_blocked_base;
}

/* NULL: there is none. */
static const struct conv_blocked_kernel *choose(const struct rt_conv *g, bool x_planes)
{
	for (size_t i = 0; i < RT_COUNT(kernels); i++)
		if (kernels[i]->can(g, x_planes) && (!kernels[i]->fits || kernels[i]->fits(g)))
			return kernels[i];
	return NULL;
}

bool rt_conv_blocked_has(const struct rt_conv *g, bool x_planes)
{
	return choose(g, x_planes) != NULL;
}

const char *rt_conv_blocked_name(const struct rt_conv *g, bool x_planes)
{
	return choose(g, x_planes)->name;
}

size_t rt_conv_blocked_pack_bytes(const struct rt_conv *g, bool x_planes)
{
	return choose(g, x_planes)->pack_bytes(g, x_planes);
}

void rt_conv_blocked_pack(const struct rt_conv *g, bool x_planes, float *packed, const float *w,
			  const float *scale)
{
	choose(g, x_planes)->pack(g, x_planes, packed, w, scale);
}

size_t rt_conv_blocked_work(const struct rt_conv *g, bool x_planes)
{
	const struct conv_blocked_kernel *k = choose(g, x_planes);

	return k->work ? k->work(g, x_planes) : 0;
}

void rt_conv_blocked(const struct rt_conv *g, bool x_planes, float *y, const float *x,
		     const float *packed, const struct rt_conv_post *post, void *work)
{
	choose(g, x_planes)->run(g, x_planes, y, x, packed, post, work);
}

void conv_blocked_clear_lanes(int64_t K, const struct rt_conv_post *post, float *y, int64_t n)
{
	const int64_t used = K % RT_BLOCK;

	if (used && (post->lo > 0 || post->hi < 0))
		for (int64_t i = 0; i < n; i++)
			memset(y + i * RT_BLOCK + used, 0,
			       (size_t)(RT_BLOCK - used) * sizeof(float));
}

void conv_blocked_bias(float *bias, const struct rt_conv_post *post, int64_t first, int64_t n,
		       int64_t K)
{
	const int64_t left = K - first < n ? K - first : n;

	memset(bias, 0, (size_t)n * sizeof(*bias));
	if (post->bias)
		memcpy(bias, post->bias + first, (size_t)left * sizeof(*bias));
}
