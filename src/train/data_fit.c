/* data_fit.c - preprocessing fitted on the training part, and the statistics it rests on. */
#include "config.h"

#include "base/mem.h"
#include "base/sys.h"
#include "train/data_make.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A deviation this small against the mean is rounding: the feature is constant. */
#define CONSTANT 1e-7

static void add(struct rt_summary *s, double v)
{
	if (isnan(v))
		return;
	if (s->n == 0 || v < s->min)
		s->min = v;
	if (s->n == 0 || v > s->max)
		s->max = v;
	s->n++;
	s->mean += v;
}

static void add_deviation(struct rt_summary *s, double v)
{
	if (!isnan(v))
		s->deviation += (v - s->mean) * (v - s->mean);
}

/* Between the two passes, and after them. */
static void end_mean(struct rt_summary *s, int64_t n)
{
	for (int64_t g = 0; g < n; g++)
		if (s[g].n)
			s[g].mean /= (double)s[g].n;
}

static void end_deviation(struct rt_summary *s, int64_t n)
{
	for (int64_t g = 0; g < n; g++)
		if (s[g].n)
			s[g].deviation = sqrt(s[g].deviation / (double)s[g].n);
}

/* Both passes: sums first, squares about the mean second. */
static void pass(struct rt_summary *group, int64_t ngroups, int64_t span, const struct rt_data *d,
		 enum rt_part part, bool second)
{
	int64_t n;
	const int32_t *index = rt_data_part(d, part, &n);
	const uint8_t *bytes = rt_tensor_data(&d->x);
	const float *floats = rt_tensor_data(&d->x);
	const int32_t *whole = rt_tensor_data(&d->x);

	for (int64_t i = 0; i < n; i++) {
		int64_t at = (index ? index[i] : i) * ngroups * span;

		for (int64_t g = 0; g < ngroups; g++) {
			for (int64_t k = 0; k < span; k++, at++) {
				double v = d->x.dtype == RT_U8	 ? bytes[at]
					   : d->x.dtype == RT_I32 ? whole[at]
								  : (double)floats[at];

				if (second)
					add_deviation(&group[g], v);
				else
					add(&group[g], v);
			}
		}
	}
}

void data_summarize(struct rt_summary *group, int64_t ngroups, int64_t span,
		    const struct rt_data *d, enum rt_part part)
{
	memset(group, 0, (size_t)ngroups * sizeof(*group));
	pass(group, ngroups, span, d, part, false);
	end_mean(group, ngroups);
	pass(group, ngroups, span, d, part, true);
	end_deviation(group, ngroups);
}

void data_summarize_targets(struct rt_summary *output, const struct rt_data *d, enum rt_part part)
{
	int64_t n;
	const int32_t *index = rt_data_part(d, part, &n);

	memset(output, 0, (size_t)d->outputs * sizeof(*output));
	for (int64_t i = 0; i < n; i++)
		for (int o = 0; o < d->outputs; o++)
			add(&output[o], rt_data_target(d, index ? index[i] : i, o));
	end_mean(output, d->outputs);
	for (int64_t i = 0; i < n; i++)
		for (int o = 0; o < d->outputs; o++)
			add_deviation(&output[o], rt_data_target(d, index ? index[i] : i, o));
	end_deviation(output, d->outputs);
}

/* 1 / deviation; 1 for a constant, which then is 0 everywhere. */
static float inverse(const struct rt_summary *s)
{
	if (s->deviation <= CONSTANT * fabs(s->mean) || s->deviation == 0)
		return 1;
	return (float)(1 / s->deviation);
}

/* One-hot features stay 0 and 1: their column gives more than one feature. */
static bool is_one_hot(const struct rt_data *d, int64_t f, int64_t features)
{
	return d->column && ((f > 0 && d->column[f - 1] == d->column[f]) ||
			     (f + 1 < features && d->column[f + 1] == d->column[f]));
}

/* What missing cells count as; 0 where the training part has no number. */
static void fit_fill(struct rt_data *d, int64_t features)
{
	struct rt_summary *s = rt_alloc((size_t)features, sizeof(*s));

	data_summarize(s, features, 1, d, RT_PART_TRAIN);
	d->fill = rt_alloc((size_t)features, sizeof(*d->fill));
	for (int64_t f = 0; f < features; f++)
		d->fill[f] = (float)s[f].mean;
	free(s);
}

static void fit_x(struct rt_data *d, float factor)
{
	int64_t features = rt_shape_count(&d->sample);
	struct rt_summary *s;

	d->nscale = !d->standardize ? 1 : d->sample.rank == 1 ? features : d->sample.dim[0];
	d->shift = rt_alloc((size_t)d->nscale, sizeof(*d->shift));
	d->scale = rt_alloc((size_t)d->nscale, sizeof(*d->scale));
	if (!d->standardize) {
		d->scale[0] = factor;
		return;
	}
	s = rt_alloc((size_t)d->nscale, sizeof(*s));
	data_summarize(s, d->nscale, features / d->nscale, d, RT_PART_TRAIN);
	for (int64_t g = 0; g < d->nscale; g++) {
		bool keep = d->nscale == features && is_one_hot(d, g, features);

		d->shift[g] = keep ? 0 : (float)s[g].mean;
		d->scale[g] = keep ? 1 : inverse(&s[g]);
	}
	free(s);
}

/* One shift and scale for all outputs, so that errors in learned units compare. */
static void fit_y(struct rt_data *d)
{
	struct rt_summary *s = rt_alloc((size_t)d->outputs, sizeof(*s)), all = {0};

	data_summarize_targets(s, d, RT_PART_TRAIN);
	for (int o = 0; o < d->outputs; o++)
		all.mean += s[o].mean / d->outputs;
	for (int o = 0; o < d->outputs; o++)
		all.deviation += (s[o].deviation * s[o].deviation +
				  (s[o].mean - all.mean) * (s[o].mean - all.mean)) /
				 d->outputs;
	all.deviation = sqrt(all.deviation);
	d->y_scale = inverse(&all);
	d->y_shift = (float)-all.mean * d->y_scale;
	free(s);
}

static uint64_t hash_floats(uint64_t h, const float *v, int64_t n)
{
	return v ? rt_hash(h, v, (size_t)n * sizeof(*v)) : h;
}

void data_fit(struct rt_data *d, float factor)
{
	if (d->missing)
		fit_fill(d, rt_shape_count(&d->sample));
	fit_x(d, factor);
	if (d->task == RT_REGRESS)
		fit_y(d);
	d->hash = rt_hash(0, rt_tensor_data(&d->x), rt_tensor_bytes(&d->x));
	d->hash = rt_hash(d->hash, rt_tensor_data(&d->y), rt_tensor_bytes(&d->y));
	d->hash = hash_floats(d->hash, d->shift, d->nscale);
	d->hash = hash_floats(d->hash, d->scale, d->nscale);
	d->hash = hash_floats(d->hash, d->fill, rt_shape_count(&d->sample));
}

void rt_data_stats(struct rt_data_stats *out, const struct rt_data *d)
{
	int64_t features = rt_shape_count(&d->sample);

	*out = (struct rt_data_stats){0};
	for (int p = 0; p < 2 && d->task == RT_CLASSIFY; p++) {
		out->count[p] = rt_alloc((size_t)d->classes, sizeof(*out->count[p]));
		for (int64_t i = 0; i < d->npart[p]; i++)
			out->count[p][rt_data_label(d, d->part[p][i])]++;
	}
	data_summarize(&out->all, 1, features, d, RT_PART_TRAIN);
	out->nfeatures = (int)d->sample.dim[0];
	out->feature = rt_alloc((size_t)out->nfeatures, sizeof(*out->feature));
	if (out->nfeatures == 1)
		out->feature[0] = out->all;
	else
		data_summarize(out->feature, out->nfeatures, features / out->nfeatures, d,
			       RT_PART_TRAIN);
	if (d->task == RT_REGRESS) {
		out->target = rt_alloc((size_t)d->outputs, sizeof(*out->target));
		data_summarize_targets(out->target, d, RT_PART_TRAIN);
	}
}

void rt_data_stats_release(struct rt_data_stats *stats)
{
	free(stats->count[0]);
	free(stats->count[1]);
	free(stats->feature);
	free(stats->target);
	*stats = (struct rt_data_stats){0};
}
