/* bench_growth.c - what an epoch costs on a few random samples and on ten times as many. */
#include "config.h"

#include "distill/bench.h"
#include "base/mem.h"
#include "base/sys.h"
#include "train/fit.h"

#include <stdlib.h>

#define TIMES 10
#define CLASSES 10
#define PIXELS 784
#define EPOCHS 3	/* of the larger set, TIMES as many of the smaller */

/* n pictures of noise, of which the first n / 10 are the test part; the caller unrefs. */
static enum rt_status noise(struct rt_data **out, int64_t n, struct rt_err *err)
{
	struct rt_data *d = rt_alloc(1, sizeof(*d));
	int64_t ntest = n / 10;
	struct rt_rng rng;
	void *x = NULL, *y = NULL;
	enum rt_status status;

	*d = (struct rt_data){.refs = 1, .name = rt_strdup("noise"), .task = RT_CLASSIFY,
			      .sample = RT_SHAPE(1, 28, 28), .n = n, .classes = CLASSES,
			      .nscale = 1};
	d->shift = rt_alloc(1, sizeof(float));
	d->scale = rt_alloc(1, sizeof(float));
	d->scale[0] = 1.0f / 255;
	status = rt_tensor_new(&d->x, RT_U8, &RT_SHAPE(n, 1, 28, 28), err);
	if (status == RT_OK)
		status = rt_tensor_new(&d->y, RT_I32, &RT_SHAPE(n), err);
	if (status == RT_OK)
		status = rt_tensor_write(&x, &d->x, err);
	if (status == RT_OK)
		status = rt_tensor_write(&y, &d->y, err);
	if (status != RT_OK) {
		rt_data_unref(d);
		return status;
	}
	rt_rng_seed(&rng, 1);
	for (int64_t i = 0; i < n * PIXELS; i++)
		((uint8_t *)x)[i] = (uint8_t)rt_rng_below(&rng, 256);
	for (int64_t i = 0; i < n; i++)
		((int32_t *)y)[i] = (int32_t)rt_rng_below(&rng, CLASSES);
	for (int part = 0; part < 2; part++) {
		int64_t from = part == RT_PART_TRAIN ? ntest : 0;

		d->npart[part] = part == RT_PART_TRAIN ? n - ntest : ntest;
		d->part[part] = rt_alloc((size_t)d->npart[part] + 1, sizeof(int32_t));
		for (int64_t i = 0; i < d->npart[part]; i++)
			d->part[part][i] = (int32_t)(from + i);
	}
	*out = d;
	return RT_OK;
}

static enum rt_status epoch(struct rt_fit_job *job, struct rt_err *err)
{
	bool done = false;

	while (!done) {
		if (rt_cancelled())
			return rt_fail(err, RT_ECANCELLED, "stopped");
		RT_TRY(rt_fit_batch(job, &done, err));
	}
	return rt_fit_close_epoch(job, NULL, err);
}

/* The quickest of some epochs after one to warm up. */
static enum rt_status run(double *seconds, struct rt_fit *fit, struct rt_graph *student,
			  int epochs, struct rt_err *err)
{
	static const char *const name[] = {"student"};
	struct rt_fit_job *job;
	enum rt_status status;

	RT_TRY(rt_fit_begin(&job, fit, &student, name, err));
	*seconds = 0;
	status = epoch(job, err);
	for (int i = 0; i < epochs && status == RT_OK; i++) {
		double start = rt_now(), took;

		status = epoch(job, err);
		took = rt_now() - start;
		if (i == 0 || took < *seconds)
			*seconds = took;
	}
	rt_fit_end(job);
	return status;
}

static enum rt_status measure(double *seconds, struct rt_graph *student, int64_t n, int epochs,
			      struct rt_err *err)
{
	/* what is unset follows the optimizer's defaults */
	const struct rt_fit_opts o = {
		.epochs = epochs + 1, .batch = 128, .seed = 1, .lr = 1e-3,
		.momentum = RT_UNSET_REAL, .weight_decay = RT_UNSET_REAL, .beta1 = RT_UNSET_REAL,
		.beta2 = RT_UNSET_REAL, .gamma = RT_UNSET_REAL,
	};
	const struct rt_objective *const objective = &rt_objective_hard;
	void *const self = NULL;
	struct rt_data *d;
	struct rt_fit *fit = NULL;
	enum rt_status status;

	RT_TRY(noise(&d, n, err));
	status = rt_fit_new(&fit, d, &o, 1, &objective, &self, err);
	if (status == RT_OK)
		status = run(seconds, fit, student, epochs, err);
	rt_fit_unref(fit);
	rt_data_unref(d);
	return status;
}

enum rt_status rt_bench_growth(struct rt_bench_growth *out, struct rt_graph *student, int64_t n,
			       struct rt_err *err)
{
	for (int i = 0; i < 2; i++) {
		out->n[i] = i ? TIMES * n : n;
		RT_TRY(measure(&out->seconds[i], student, out->n[i], i ? EPOCHS : TIMES * EPOCHS,
			       err));
	}
	return RT_OK;
}
