/* quant.c - real numbers to small integers and back. */
#include "config.h"

#include "tensor/quant.h"
#include "tensor/parallel.h"

static int64_t zero_point(const struct rt_quant *f, int64_t c)
{
	if (!f->z)
		return 0;
	switch (f->dtype) {
	case RT_U8: return ((const uint8_t *)f->z)[c];
	case RT_I8: return ((const int8_t *)f->z)[c];
	default: return ((const int32_t *)f->z)[c];
	}
}

/* round(x / s), held to [lo, hi]; whole bounds let it be held first, where adding 1.5 * 2^23 rounds
 * half to even.  Not a number becomes 0. */
static inline int32_t level(float x, float s, float lo, float hi)
{
	float v = x / s;

	v = v == v ? v : 0.0f;
	v = v < lo ? lo : v;
	v = v > hi ? hi : v;
	return (int32_t)((v + 12582912.0f) - 12582912.0f);
}

/* N neighbours; sc is 1 where each has its own scale, 0 where all share the first. */
#define QUANTIZE(name, type, min, max)                                                             \
	static void name(const struct rt_quant *f, int64_t c, int64_t N, type *q, const float *x)  \
	{                                                                                          \
		const float s = f->s[c];                                                           \
		const int32_t z = (int32_t)zero_point(f, c);                                       \
		const float lo = (float)(min - z), hi = (float)(max - z);                          \
		_Pragma("omp simd")                                                                \
		for (int64_t i = 0; i < N; i++)                                                    \
			q[i] = (type)(level(x[i], s, lo, hi) + z);                                 \
	}
QUANTIZE(quantize_u8, uint8_t, 0, 255)
QUANTIZE(quantize_i8, int8_t, -128, 127)
