/* order.c - numbers as words that compare as they do. */
#include "config.h"

#include "tensor/order.h"

#include <math.h>
#include <string.h>

#define TOP (UINT64_C(1) << 63)

/* The bits of positive numbers grow with them, those of negative ones shrink. */
static uint64_t real_key(double v)
{
	uint64_t bits;

	if (isnan(v))
		return UINT64_MAX;
	v += 0.0; /* -0 becomes 0 */
	memcpy(&bits, &v, sizeof(bits));
	return bits & TOP ? ~bits : bits | TOP;
}

void rt_order_keys(uint64_t *key, const void *x, enum rt_dtype dtype, int64_t n, int64_t step)
{
	const struct rt_dtype_row *type = rt_dtype(dtype);

	for (int64_t i = 0; i < n; i++) {
		const char *from = (const char *)x + (size_t)(i * step) * type->size;
		int64_t whole;
		double real;

		if (type->is_float) {
			rt_convert(&real, RT_F64, from, dtype, 1);
			key[i] = real_key(real);
		} else if (dtype == RT_U64) {
			memcpy(&key[i], from, sizeof(*key));
		} else {
			rt_convert(&whole, RT_I64, from, dtype, 1);
			key[i] = (uint64_t)whole + TOP;
		}
	}
}
