/* min_max.c - the whole range that was seen: nothing saturates, outliers cost resolution.
 *
 * Jacob et al.: Quantization and training of neural networks for efficient integer-arithmetic-only
 * inference, arXiv 1712.05877, section 3, without the moving average.
 */
#include "config.h"

#include "compress/observer.h"

struct min_max {
	bool any;
	float lo, hi;
};

static void see(void *state, const float *x, int64_t n)
{
	struct min_max *s = state;

	for (int64_t i = 0; i < n; i++) {
		if (!s->any || x[i] < s->lo)
			s->lo = x[i];
		if (!s->any || x[i] > s->hi)
			s->hi = x[i];
		s->any = true;
	}
}

static void range(const void *state, int64_t levels, float *lo, float *hi)
{
	const struct min_max *s = state;

	(void)levels;
	*lo = s->lo;
	*hi = s->hi;
}

const struct rt_observer rt_observer_min_max = {
	.row = {.name = "min_max",
		.summary = "from the smallest to the largest value that was seen"},
	.state_size = sizeof(struct min_max),
	.see = see,
	.range = range,
};
