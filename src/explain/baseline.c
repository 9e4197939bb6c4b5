/* baseline.c - what stands for an absent input: zero, the data's mean, or given values. */
#include "config.h"

#include "explain/probe.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

const char *const rt_baseline_names[] = {"zero", "mean", "value", NULL};

const char *rt_baseline_text(const struct rt_baseline *b)
{
	return rt_baseline_names[b->value.n ? RT_BASELINE_VALUE : b->kind];
}

/* Samples read at a time while averaging. */
#define CHUNK 256

/* The mean of each input over the training part, as the model sees it. */
static enum rt_status mean(float *b, const struct rt_question *q, int64_t count, struct rt_err *err)
{
	const struct rt_data *d = q->data;
	const int32_t *index;
	double *sum;
	float *x;
	int64_t n;

	if (!d)
		return rt_fail(err, RT_EINVAL,
			       "-baseline mean needs the data set the sample is from   "
			       "(try: -baseline zero)");
	if (rt_shape_count(&d->sample) != count)
		return rt_fail(err, RT_ESHAPE,
			       "the data set has samples of %" PRId64 " numbers, this one "
			       "has %" PRId64,
			       rt_shape_count(&d->sample), count);
	index = rt_data_part(d, RT_PART_TRAIN, &n);
	sum = rt_alloc((size_t)count, sizeof(*sum));
	x = rt_alloc((size_t)(count * CHUNK), sizeof(*x));
	for (int64_t i = 0; i < n; i += CHUNK) {
		int64_t m = n - i < CHUNK ? n - i : CHUNK;

		rt_data_fill_x(d, index + i, m, x);
		for (int64_t r = 0; r < m; r++)
			for (int64_t k = 0; k < count; k++)
				sum[k] += x[r * count + k];
	}
	for (int64_t k = 0; k < count; k++)
		b[k] = (float)(sum[k] / (double)(n ? n : 1));
	free(sum);
	free(x);
	return RT_OK;
}

static enum rt_status values(float *b, const struct rt_reals *v, const struct rt_shape *shape,
			     int64_t count, struct rt_err *err)
{
	int64_t channels = shape->rank > 1 ? shape->dim[0] : count;

	if (v->n == 0)
		return rt_fail(err, RT_EINVAL, "-baseline value needs -value   (try: -value 0.5)");
	if (v->n != 1 && v->n != channels && v->n != count)
		return rt_fail(err, RT_EINVAL,
			       "-value has %d numbers, the sample %" PRId64
			       " inputs%s; give 1 or as many",
			       v->n, count, shape->rank > 1 ? " in channels" : "");
	for (int64_t k = 0; k < count; k++)
		b[k] = (float)v->v[k * v->n / count];
	return RT_OK;
}

enum rt_status rt_baseline_make(float **out, const struct rt_baseline *b,
				const struct rt_question *q, struct rt_err *err)
{
	int64_t count = rt_shape_count(&q->shape);
	float *base = rt_alloc((size_t)count, sizeof(*base));
	enum rt_status status = RT_OK;

	if (b->kind == RT_BASELINE_MEAN && b->value.n)
		status = rt_fail(err, RT_EINVAL, "-baseline mean takes no -value");
	else if (b->kind == RT_BASELINE_MEAN)
		status = mean(base, q, count, err);
	else if (b->kind == RT_BASELINE_VALUE || b->value.n)
		status = values(base, &b->value, &q->shape, count, err);
	if (status == RT_OK)
		*out = base;
	else
		free(base);
	return status;
}
