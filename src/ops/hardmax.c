/* hardmax.c - Hardmax: 1 at the first largest element along one axis, 0 elsewhere; no gradient. */
#include "config.h"

#include "ops/known.h"
#include "ops/line.h"
#include "ops/ops.h"

#include <string.h>

static void forward(const struct rt_call *c)
{
	const struct rt_lines l = rt_lines(c);
	const float *x = c->in[0].data;
	float *y = c->out[0].data;

	memset(y, 0, (size_t)(l.A * l.D * l.B) * sizeof(*y));
	for (int64_t i = 0; i < l.A * l.B; i++) {
		const int64_t at = i / l.B * l.D * l.B + i % l.B;
		int64_t best = 0;

		for (int64_t d = 1; d < l.D; d++)
			if (x[at + d * l.B] > x[at + best * l.B])
				best = d;
		y[at + best * l.B] = 1;
	}
}

const struct rt_op rt_op_Hardmax = {
	.row = {.name = "Hardmax", .summary = "1 at the largest element along an axis, else 0",
		.opts = rt_line_opts, .params_size = sizeof(struct rt_line_attrs)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = rt_line_infer,
	.forward = forward,
	.backward = rt_flat_backward,
};
