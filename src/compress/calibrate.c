/* calibrate.c - running a model on samples while observers watch its activations. */
#include "config.h"

#include "compress/calibrate.h"
#include "base/mem.h"
#include "base/sys.h"
#include "exec/plan.h"
#include "train/predict.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#define BATCH 32

struct watch {
	struct rt_graph *g;
	const int *values;
	int n;
	const struct rt_observer *observer;
	unsigned char *state;	/* n states */
	struct rt_plan *plan;
};

/* The samples a file's fixed batch allows; any number where the batch is open. */
static enum rt_status check(int64_t *batch, const struct rt_graph *g, const struct rt_data *d,
			    int64_t samples, struct rt_err *err)
{
	const struct rt_shape *in;

	RT_TRY(rt_graph_takes(g, NULL, d, err));
	in = &rt_graph_input(g)->shape;
	if (samples < 1)
		return rt_fail(err, RT_EINVAL,
			       "data set \"%s\" has no training samples to calibrate with",
			       d->name);
	*batch = in->dim[0] > 0 ? in->dim[0] : BATCH;
	if (in->dim[0] > samples)
		return rt_fail(err, RT_ESHAPE,
			       "the model runs batches of %" PRId64 " only, calibration has "
			       "%" PRId64 " samples",
			       in->dim[0], samples);
	return RT_OK;
}

static enum rt_status see_batch(struct watch *w, const struct rt_data *d, const int32_t *index,
				int64_t n, struct rt_err *err)
{
	struct rt_plan_opts o = {.batch = n, .purpose = RT_INFER, .taps = w->values, .ntaps = w->n};

	if (rt_cancelled())
		return rt_fail(err, RT_ECANCELLED, "stopped");
	if (w->plan && rt_plan_batch(w->plan) != n) {
		rt_plan_free(w->plan);
		w->plan = NULL;
	}
	if (!w->plan)
		RT_TRY(rt_plan_new(&w->plan, w->g, &o, err));
	rt_data_fill_as(d, index, n, w->g->values[w->g->inputs[0]].dtype,
			rt_plan_input(w->plan, 0));
	RT_TRY(rt_plan_forward(w->plan, NULL, err));
	for (int i = 0; i < w->n; i++) {
		const struct rt_arg *v = rt_plan_value(w->plan, w->values[i]);
		int64_t count = rt_shape_count(&v->shape);
		const float *x = v->data;

		for (int64_t k = 0; k < count; k++)
			if (!isfinite(x[k]))
				return rt_fail(err, RT_ENUMERIC,
					       "\"%s\" becomes %g on a training sample",
					       w->g->values[w->values[i]].name, (double)x[k]);
		w->observer->see(w->state + (size_t)i * w->observer->state_size, x, count);
	}
	return RT_OK;
}

enum rt_status rt_calibrate(struct rt_range *range, struct rt_graph *g, const int *values, int n,
			    const struct rt_data *data, int64_t samples,
			    const struct rt_observer *observer, int64_t levels, struct rt_err *err)
{
	int64_t have, batch = BATCH, at = 0;
	const int32_t *part = rt_data_part(data, RT_PART_TRAIN, &have);
	struct watch w = {.g = g, .values = values, .n = n, .observer = observer};
	enum rt_status status = RT_OK;
	int32_t *index;

	samples = samples < have ? samples : have;
	RT_TRY(check(&batch, g, data, samples, err));
	if (g->values[g->inputs[0]].shape.dim[0] > 0)
		samples -= samples % batch;
	index = rt_alloc((size_t)samples, sizeof(*index));
	for (int64_t i = 0; i < samples; i++)
		index[i] = part[i * have / samples];
	w.state = rt_alloc((size_t)n, observer->state_size);
	for (; at < samples && status == RT_OK; at += batch)
		status = see_batch(&w, data, index + at,
				   samples - at < batch ? samples - at : batch, err);
	for (int i = 0; i < n && status == RT_OK; i++)
		observer->range(w.state + (size_t)i * observer->state_size, levels, &range[i].lo,
				&range[i].hi);
	rt_plan_free(w.plan);
	free(w.state);
	free(index);
	return status;
}
