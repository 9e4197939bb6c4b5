/* draw.c - random arrays and windows, and what kernels must not depend on. */
#include "config.h"

#include "tests/ops/draw.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct rt_rng draw_rng;

float *draw(int64_t n)
{
	float *v = rt_alloc((size_t)n, sizeof(*v));

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(2 * rt_rng_uniform(&draw_rng) - 1);
	return v;
}

float *filled(int64_t n, float value)
{
	float *v = rt_alloc((size_t)n, sizeof(*v));

	for (int64_t i = 0; i < n; i++)
		v[i] = value;
	return v;
}

void same_for_any_threads(void (*run)(float *out, const float *x, const float *dy), int64_t n,
			  int64_t nout)
{
	float *x = draw(n), *dy = draw(n), *one = filled(nout, 0.5f), *three = filled(nout, 0.5f);

	rt_threads_set(1);
	run(one, x, dy);
	rt_threads_set(3);
	run(three, x, dy);
	assert_memory_equal(one, three, (size_t)nout * sizeof(float));
	free(x);
	free(dy);
	free(one);
	free(three);
}

int64_t between(int64_t lo, int64_t hi)
{
	return lo + (int64_t)rt_rng_below(&draw_rng, (uint64_t)(hi - lo + 1));
}

/* Fills the output sizes; false when a window does not fit. */
static bool finish_window(struct rt_window *w)
{
	for (int i = 0; i < 2; i++) {
		int64_t room = w->in[i] + w->pad[i] + w->pad_end[i] -
			       (w->kernel[i] - 1) * w->dilation[i] - 1;

		if (room < 0)
			return false;
		w->out[i] = room / w->stride[i] + 1;
	}
	return true;
}

struct rt_window draw_window(void)
{
	struct rt_window w;

	do {
		for (int i = 0; i < 2; i++) {
			w.in[i] = between(1, 9);
			w.kernel[i] = between(1, 4);
			w.stride[i] = between(1, 3);
			w.dilation[i] = between(1, 2);
			w.pad[i] = between(0, w.kernel[i] - 1);
			w.pad_end[i] = between(0, w.kernel[i] - 1);
		}
	} while (!finish_window(&w));
	return w;
}

struct rt_window square(int64_t size, int64_t k, int64_t stride, int64_t pad)
{
	struct rt_window w = {{size, size}, {0, 0}, {k, k}, {stride, stride}, {1, 1}, {pad, pad},
			      {pad, pad}};

	RT_ASSERT(finish_window(&w));
	return w;
}
