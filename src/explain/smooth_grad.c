/* smooth_grad.c - the gradient averaged over noisy copies of the sample.
 *
 *	map = mean over n of df/dx(x + N(0, sigma^2)),   sigma = noise (max x - min x)
 */
#include "config.h"

#include "explain/probe.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct smooth_grad {
	int64_t samples;
	double noise;
	bool absolute;
};

static const struct rt_opt opts[] = {
	{"samples", "noisy copies", RT_INT, offsetof(struct smooth_grad, samples), "20", 1, 10000},
	{"noise", "deviation of the noise, as a share of the sample's max - min", RT_REAL,
	 offsetof(struct smooth_grad, noise), "0.1", 0, 100},
	{"absolute", "drop the sign of the mean", RT_BOOL, offsetof(struct smooth_grad, absolute),
	 "no"},
	{0},
};

struct cloud {
	int64_t count;
	double sigma;
	struct rt_rng root;
	double *sum;
	double f_x;
};

/* Variation 0 is the sample itself; each other has a stream of its own, so that how many run at
 * once does not matter. */
static void make(void *ctx, int64_t i, float *x)
{
	const struct cloud *c = ctx;
	struct rt_rng rng;

	if (i == 0)
		return;
	rng = rt_rng_split(&c->root, "noise", (uint64_t)i);
	for (int64_t k = 0; k < c->count; k++)
		x[k] += (float)(c->sigma * rt_rng_normal(&rng));
}

static void take(void *ctx, int64_t i, const struct rt_probed *r)
{
	struct cloud *c = ctx;

	if (i == 0) {
		c->f_x = r->f;
		return;
	}
	for (int64_t k = 0; k < c->count; k++)
		c->sum[k] += r->dx[k];
}

static double range(const struct rt_question *q, int64_t count)
{
	double min = q->x[0], max = min;

	for (int64_t k = 1; k < count; k++) {
		min = fmin(min, q->x[k]);
		max = fmax(max, q->x[k]);
	}
	return max - min;
}

static enum rt_status run(struct rt_attribution *out, const struct rt_question *q,
			  const void *params, struct rt_err *err)
{
	const struct smooth_grad *o = params;
	struct cloud c = {.count = rt_shape_count(&q->shape)};
	struct rt_variations v = {.n = o->samples + 1, .make = make, .take = take, .ctx = &c};
	struct rt_probe p = {0};
	enum rt_status status = rt_probe_open(&p, q, v.n, true, -1, err);

	c.sum = rt_alloc((size_t)c.count, sizeof(*c.sum));
	rt_rng_seed(&c.root, q->seed);
	if (status == RT_OK) {
		c.sigma = o->noise * range(q, c.count);
		status = rt_probe_run(&p, &v, err);
	}
	if (status == RT_OK) {
		rt_attribution_map(out, &q->shape);
		out->f_x = c.f_x;
		for (int64_t k = 0; k < c.count; k++) {
			double mean = c.sum[k] / (double)o->samples;

			out->map[k] = (float)(o->absolute ? fabs(mean) : mean);
		}
		rt_attribution_note(out, "%s", p.target.note);
		rt_attribution_note(out, "%" PRId64 " samples, sigma %.4g, seed %" PRIu64,
				    o->samples, c.sigma, q->seed);
	}
	rt_probe_close(&p);
	free(c.sum);
	return status;
}

const struct rt_explainer rt_explainer_smooth_grad = {
	.row = {"smooth_grad", "the gradient averaged over noisy copies of the sample", opts,
		sizeof(struct smooth_grad)},
	.source = "Smilkov et al.: SmoothGrad, 2017; defaults of zennit",
	.of_input = true,
	.run = run,
};
