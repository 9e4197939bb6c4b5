/* clear.c - zeros. */
#include "config.h"

#include "tensor/clear.h"
#include "tensor/parallel.h"

#include <string.h>

void rt_clear(float *x, int64_t n)
{
	const int threads = rt_split(n, n / 8);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int t = 0; t < threads; t++) {
		const int64_t lo = rt_slice(n, t, threads), hi = rt_slice(n, t + 1, threads);

		memset(x + lo, 0, (size_t)(hi - lo) * sizeof(*x));
	}
}
